"""What a scorer says, as the answer shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.compatibility.model import SimilarityAndColour
from recommender.completion.asking import NONE_FITS, CompleteRequest
from recommender.completion.complete import complete
from recommender.outfits.look import Completion
from recommender.outfits.outfit import Outfit
from recommender.people.feedback import Feedback
from recommender.people.style import learn
from recommender.people.usual import CatalogueAverages
from recommender.photos.photo_analysis import analyse
from recommender.wire.terms import Verdict
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import DRESSED, FakeDetector, FakeSearcher, FakeServices, item, photo


@dataclass
class Told(SimilarityAndColour):
    """Scores an item by the record of its sku, 0.5 where nothing is."""

    scores: dict[str, float]
    least: float = 0.0

    def score(
        self, outfit: Outfit, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return what is told."""
        return np.array([self.scores.get(each.sku, 0.5) for each in items], np.float32)


STOCK = [item(f"bag-{n}", Category.BAG, f"{90 - n}") for n in range(40)] + [
    item("coat", Category.COAT)
]


def answered(scorer: Told, **how: object) -> Completion:
    given = FakeServices(FakeSearcher(STOCK), FakeDetector(DRESSED), scorer=scorer)
    return complete(analyse(photo(), given), given, CompleteRequest(**how))  # type: ignore[arg-type]


def test_what_does_not_fit_is_not_proposed() -> None:
    scores = {"bag-1": 0.9, "bag-2": 0.7, "bag-3": 0.69, "coat": 0.9}
    answer = answered(Told(scores, least=0.7), k=9)
    assert [c.item.sku for c in answer.slots[Slot.BAG]] == ["bag-1", "bag-2"]


def test_a_slot_where_nothing_fits_says_so() -> None:
    answer = answered(Told({"coat": 0.9}, least=0.7))
    assert answer.slots[Slot.BAG] == () and answer.notes[Slot.BAG] == NONE_FITS
    assert set(answer.look.picks) == {Slot.OUTER}
    assert "filters" in answer.notes[Slot.ACCESSORIES]  # where the catalogue has nothing at all


@pytest.mark.parametrize("budget", [None, Decimal(100)])
def test_where_nothing_fits_the_look_says_so(budget: Decimal | None) -> None:
    answer = answered(Told({}, least=0.7), budget=budget)
    assert answer.look.reason == "No item of the wanted slots fits the outfit well enough."


def test_a_budget_reaches_the_cheapest_however_they_score() -> None:
    scores = {f"bag-{n}": 1 - n / 50 for n in range(40)}  # bag-39 is the cheapest at 51
    answer = answered(Told(scores), budget=Decimal(51), slots=(Slot.BAG,))
    assert [look.picks[Slot.BAG].item.sku for look in answer.looks] == ["bag-39"]


def test_picks_are_scored_by_the_rest_of_the_outfit() -> None:
    seen: list[tuple[tuple[Category, ...], list[str]]] = []

    class Watching(Told):
        def score(
            self, outfit: Outfit, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
        ) -> NDArray[np.float32]:
            seen.append((outfit.categories, [each.sku for each in items]))
            return super().score(outfit, items, vectors_unit)

    answered(Watching({}), picked=("bag-1", "coat"), slots=(Slot.HOSIERY,))
    worn = (Category.DRESS, Category.SHOE)
    assert seen == [((*worn, Category.COAT), ["bag-1"]), ((*worn, Category.BAG), ["coat"])]


def test_a_persons_style_moves_what_fits_and_nothing_over_the_cut_off() -> None:
    searcher = FakeSearcher(STOCK)
    vectors = {each.sku: searcher.vectors_of([each.sku])[0] for each in STOCK}
    now = datetime(2026, 11, 24, tzinfo=UTC)
    parts = [Feedback(Verdict.LIKE, ("bag-5",), now), Feedback(Verdict.DISLIKE, ("bag-1",), now)]
    liking = learn(parts, {each.sku: each for each in STOCK}, vectors, CatalogueAverages(), now)
    scorer = Told({f"bag-{n}": 0.8 for n in range(1, 6)} | {"bag-9": 0.69}, least=0.7)
    given = FakeServices(searcher, FakeDetector(DRESSED), scorer=scorer, styles={"p-1": liking})
    asked = CompleteRequest(slots=(Slot.BAG,), k=9)
    everybody = complete(analyse(photo(), given), given, asked).slots[Slot.BAG]
    theirs = complete(analyse(photo(), given), given, replace(asked, person="p-1")).slots[Slot.BAG]
    assert len({round(c.score, 4) for c in everybody}) == 1
    assert theirs[0].item.sku == "bag-5" and theirs[0].score > everybody[0].score
    assert {c.item.sku for c in theirs} == {f"bag-{n}" for n in range(2, 6)}
