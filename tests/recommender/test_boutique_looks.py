"""Looks for the sample outfits, by the shipped models, from a part of the sample boutique."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from index.database.tables import CatalogueRow
from index.search import Searcher
from index.stores.faiss.exact import FaissStore
from recommender.bench.completing import rounds
from recommender.bench.look_counts import Answered, answers, counted
from recommender.completion import seen_items
from recommender.completion.asking import CompleteRequest
from recommender.completion.complete import complete
from recommender.outfits.dress.likely import with_likely
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.photos.photo_analysis import analyse
from recommender.runtime.wiring import Wiring
from recommender.sample import outfit_paths
from recommender.settings import Settings
from segmentation.common.taxonomy import Category
from tests.statements import asked


@pytest.fixture(scope="module")
def wiring(boutique: Path, tmp_path_factory: pytest.TempPathFactory) -> Wiring:
    home = tmp_path_factory.mktemp("looks") / "home"
    shutil.copytree(boutique, home)
    return Wiring(Settings(home=home))


@pytest.fixture(scope="module")
def answered(wiring: Wiring) -> list[Answered]:
    photos = [(path.stem, wiring.decode(path.read_bytes())) for path in outfit_paths()[::2]]
    return list(answers(photos, wiring, lambda _: CompleteRequest(looks=3)))


def test_looks_for_the_sample_outfits_break_no_rule(answered: list[Answered]) -> None:
    counts = counted(answered, Stylist(shipped()))
    assert counts.outfits == 12 and counts.looks >= 30
    assert (counts.below_three, counts.vetoed, counts.children) == (0, 0, 0)
    assert (counts.mixed, counts.twice) == (0, 0)


def test_a_completion_reads_no_item_twice_and_makes_nothing_anew(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = analyse(wiring.decode(outfit_paths()[0].read_bytes()), wiring)
    looks = complete(photo, wiring).looks
    with wiring.database.writing() as session:  # another state, of which nothing is known
        session.execute(update(CatalogueRow).values(revision=CatalogueRow.revision + 1))
    searched, made = Counter[str](), Counter[str]()
    monkeypatch.setattr(Searcher, "nearest_all", noting(Searcher.nearest_all, searched))
    monkeypatch.setattr(FaissStore, "search", noting(FaissStore.search, searched))
    with asked(wiring.database) as statements:
        assert complete(photo, wiring).looks == looks
    finds = searched["nearest_all"]
    assert 0 < searched["search"] <= 4 * finds, "one for each kind of a slot, and one for all"
    items = [each for each in statements if 'vectors."key" IN' in each]
    shelves = [each for each in statements if each.startswith('SELECT vectors."key", items.')]
    assert 0 < len(items) <= 2 * finds, "the items of all slots together, by either field"
    assert 0 < len(shelves) <= len(Category), "once for each kind"
    monkeypatch.setattr(seen_items, "with_likely", noting(with_likely, made))
    with asked(wiring.database) as statements:
        ((took, count),) = rounds([photo], wiring, 1)
    assert [each.split()[0] for each in statements] == ["BEGIN", "SELECT"], "which state it is in"
    assert count == len(statements) and len(took) == 1
    assert not made, "items are known by now"


def noting(method: Callable[..., Any], calls: Counter[str]) -> Callable[..., Any]:
    """Return a method that counts its calls by its name."""

    def noted(*given: Any, **named: Any) -> Any:
        calls[method.__name__] += 1
        return method(*given, **named)

    return noted
