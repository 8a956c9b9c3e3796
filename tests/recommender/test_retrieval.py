"""Candidates: those that fit best by the scorer's question, beside those nearest to what is worn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from index.model.fields import FieldMaker, Traits
from index.model.filters import Filters
from index.model.items import CatalogItem
from index.model.questions import FieldQuestion
from recommender.compatibility.model import SimilarityAndColour
from recommender.outfits.outfit import Outfit
from recommender.similarity import retrieval
from recommender.similarity.retrieval import candidates
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import FakeSearcher, passes

STOCK = [
    CatalogItem(f"{kind.value}-{n:03d}", "Thing", kind, "x.jpg")
    for kind in (Category.SHOE, Category.BAG, Category.HAT, Category.SCARF)
    for n in range(40)
]
WORN = Outfit(np.eye(8, dtype=np.float32)[:2], (Category.SHIRT, Category.PANTS), ((), ()))
WANTED = {
    Slot.SHOES: Filters(categories=frozenset({Category.SHOE})),
    Slot.ACCESSORIES: Filters(categories=frozenset({Category.HAT, Category.SCARF})),
}


@dataclass(frozen=True)
class Maker:
    """Names a field; its rows are never made here."""

    name: str = "fits"
    dim: int = 2
    fingerprint: str = "fits-1"

    def rows(
        self, traits: Sequence[Traits], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return nothing that anybody asks for."""
        raise AssertionError((traits, vectors_unit))


class Asking(SimilarityAndColour):
    """Asks for each kind by a vector of its own."""

    field: FieldMaker | None = Maker()

    def asks(self, outfit: Outfit, kinds: Sequence[Category]) -> NDArray[np.float32]:  # type: ignore[override]
        """Return (k, 2) unit rows whose angle is the kind's number."""
        assert outfit is WORN
        turns = np.array([kind.id for kind in kinds], np.float32)
        return np.stack([np.cos(turns), np.sin(turns)], axis=1)


@dataclass
class Fitted(FakeSearcher):
    """Holds a field in which the last of a kind's items fit best."""

    questions: list[FieldQuestion] = field(default_factory=list)
    calls: int = 0

    def in_field(  # type: ignore[override]
        self, maker: FieldMaker, questions: Sequence[FieldQuestion]
    ) -> list[list[CatalogItem]]:
        """Return the last items of each kind in turn."""
        assert isinstance(maker, Maker)
        self.calls += 1
        self.questions += questions
        return [
            [
                item
                for each in question.filters
                for item in [i for i in self.items if passes(i, each)][
                    -question.places // len(question.filters) :
                ]
            ]
            for question in questions
        ]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have few candidates, so that there is something to choose."""
    for name, count in (("CANDIDATES", 12), ("FITTING", 6), ("NEAREST", 9)):
        monkeypatch.setattr(retrieval, name, count)


def test_half_fit_best_and_the_others_are_nearest_each_once() -> None:
    searcher = Fitted(STOCK)
    near = candidates(FakeSearcher(STOCK), WORN, WANTED, SimilarityAndColour())
    found = candidates(searcher, WORN, WANTED, Asking())
    assert searcher.calls == 1, "all slots' questions are asked at once"
    for slot, pool in found.items():
        skus = [item.sku for item in pool.items]
        assert len(set(skus)) == len(skus) <= 12
        fits, rest = skus[:6], skus[6:]
        assert all(int(sku[-3:]) >= 34 for sku in fits)
        nearest = [item.sku for item in near[slot].items]
        assert rest == [sku for sku in nearest[:9] if sku not in fits][: len(rest)]
        np.testing.assert_array_equal(pool.vectors_unit, searcher.vectors_of(skus))


def test_each_kind_is_asked_for_by_its_own_question() -> None:
    searcher, dear = Fitted(STOCK), replace(WANTED[Slot.ACCESSORIES], brands=frozenset({"x"}))
    candidates(searcher, WORN, {**WANTED, Slot.ACCESSORIES: dear}, Asking())
    shoes, accessories = searcher.questions
    assert [each.categories for each in shoes.filters] == [frozenset({Category.SHOE})]
    assert {each.brands for each in accessories.filters} == {frozenset({"x"})}
    for question in searcher.questions:
        kinds = [next(iter(each.categories)) for each in question.filters]
        np.testing.assert_array_equal(question.vectors_unit, Asking().asks(WORN, kinds))
        assert question.places == 6


@pytest.mark.parametrize(
    "scorer", [SimilarityAndColour(), Asking()], ids=["no question", "no field"]
)
def test_without_a_question_or_a_field_all_are_nearest(scorer: SimilarityAndColour) -> None:
    pools = candidates(FakeSearcher(STOCK), WORN, WANTED, scorer)
    searcher = FakeSearcher(STOCK)
    for slot, pool in pools.items():
        ranking = searcher.nearest(retrieval.centre(WORN.vectors_unit), 12, WANTED[slot])
        assert [item.sku for item in pool.items] == [hit.item.sku for hit in ranking]


def test_nothing_wanted_is_no_question() -> None:
    searcher = Fitted(STOCK)
    assert candidates(searcher, WORN, {}, Asking()) == {}
    assert searcher.calls == 0
