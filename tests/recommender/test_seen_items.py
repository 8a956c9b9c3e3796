"""What an item is to the stylist is worked out once, whatever question it comes up in."""

from __future__ import annotations

import numpy as np
import pytest

from index.model.garment_facts import GarmentFacts
from index.model.items import CatalogItem
from recommender.completion import seen_items
from recommender.completion.seen_items import SeenItems
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.similarity.retrieval import Pool
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import item

ROWS = np.eye(3, dtype=np.float32)
ITEMS = tuple(item(f"bag-{number}", Category.BAG) for number in range(3))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have shares that tell how often items were read; return the skus that were."""
    asked: list[str] = []

    def shared(items: tuple[CatalogItem, ...], *_: object) -> tuple[CatalogItem, ...]:
        asked.extend(each.sku for each in items)
        shares = {"pattern": {"plain": 1 / len(asked)}}
        return tuple(each.with_facts(GarmentFacts(shares=shares)) for each in items)

    monkeypatch.setattr(seen_items, "with_likely", shared)
    return asked


def test_an_item_is_read_again_only_where_it_or_its_vector_is_another(read: list[str]) -> None:
    seen = SeenItems(Stylist(shipped()), None)
    first = seen.likely(Pool(ITEMS, ROWS)).items
    assert seen.likely(Pool(ITEMS, ROWS)).items == first
    assert read == ["bag-0", "bag-1", "bag-2"]
    assert seen.likely(Pool(ITEMS[:1], ROWS[1:2])).items != first[:1], "another picture"
    dearer = item("bag-1", Category.BAG, "99.00")
    (found,) = seen.likely(Pool((dearer,), ROWS[1:2])).items
    assert found.price == dearer.price
    assert read[3:] == ["bag-0", "bag-1"]


def test_an_item_is_one_piece_with_its_shares_and_another_without(read: list[str]) -> None:
    seen = SeenItems(Stylist(shipped()), None)
    (likely,) = seen.likely(Pool(ITEMS[:1], ROWS[:1])).items
    assert seen.piece(likely).motif == 0.0
    assert seen.piece(ITEMS[0]).motif is None
    assert seen.piece(likely) is seen.piece(likely)
    assert read == ["bag-0"]
