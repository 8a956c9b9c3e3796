"""A random walk over the catalogue and its searcher, with and without publishing, against NumPy."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from index.catalogue.catalog import DEFAULT
from index.catalogue.entries import Entry, Vector, View
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter
from index.errors import ItemNotFound
from index.generations.publishing import Publisher
from index.model.filters import Filters
from index.model.items import CatalogItem
from index.model.progress import silent
from index.search import Searcher
from index.stores.faiss import FaissEngine
from segmentation.common.taxonomy import Category
from tests.index.conftest import Shop

DIM, STEPS = 8, 14
KINDS = (Category.DRESS, Category.SHOE, Category.BAG)
ENGINES = {
    "exact": (FaissEngine(), 1.0),
    "sq8": (FaissEngine(0, compared_up_to=0), 0.95),
    "pq": (FaissEngine(0, 0, 0), 0.95),
}


@dataclass
class Walk:
    """The catalogue, and what it should hold: sku -> item, and the vectors of its pictures."""

    shop: Shop
    chance: np.random.Generator
    items: dict[str, CatalogItem] = field(default_factory=dict)
    vectors: dict[str, list[NDArray[np.float32]]] = field(default_factory=dict)
    published: dict[str, list[NDArray[np.float32]]] = field(default_factory=dict)
    number: int = 0

    def write(self, skus: list[str]) -> None:
        """Write items anew: another price, kind and vectors of one to three pictures."""
        entries = []
        for sku in skus:
            kind, price = KINDS[self.chance.integers(3)], Decimal(int(self.chance.integers(9)))
            item = CatalogItem(sku, sku, kind, f"{sku}.jpg", price=price, currency="EUR")
            near = self.chance.normal(size=DIM)
            rows = [
                near + 0.3 * self.chance.normal(size=DIM) for _ in range(self.chance.integers(1, 4))
            ]
            units = [np.asarray(row / np.linalg.norm(row), np.float32) for row in rows]
            self.items[sku], self.vectors[sku] = item, units
            views = [View(self.picture(), Vector(unit, "fake-1")) for unit in units]
            first = views[0]
            entries.append(Entry(item, first.picture, first.vector, tuple(views[1:])))
        with self.shop.database.writing() as session:
            CatalogWriter(session).upsert(entries)

    def picture(self) -> Picture:
        self.number += 1
        return Picture(f"aa/{self.number:064d}.jpg", f"{self.number:064d}", {})

    def add(self, count: int) -> None:
        self.write([f"s{len(self.items)}-{self.number}-{n}" for n in range(count)])

    def some(self, count: int) -> list[str]:
        return [str(sku) for sku in self.chance.choice(sorted(self.items), count, replace=False)]

    def remove(self, skus: list[str]) -> None:
        with self.shop.database.writing() as session:
            CatalogWriter(session).remove(skus)
        for sku in skus:
            del self.items[sku], self.vectors[sku]

    def publish(self) -> None:
        generations = self.shop.indexer().generations
        Publisher(
            self.shop.database, generations, "fake-1", DIM, DEFAULT, silent, self.shop.engine
        ).publish_if_due()
        self.published = dict(self.vectors)

    def step(self) -> None:
        act = self.chance.integers(6)
        if act == 0:
            self.add(int(self.chance.integers(1, 40)))
        elif act == 1:
            self.remove(self.some(int(self.chance.integers(1, 30))))
        elif act == 2:
            self.remove(self.some(2))
            self.publish()
        elif act == 3:  # pictures that are gone answer no more; others as they were published
            self.write(self.some(int(self.chance.integers(1, 20))))
        else:
            self.publish()

    def passes(self, item: CatalogItem, filters: Filters) -> bool:
        dear = filters.max_price is not None and (item.price or 0) > filters.max_price
        kind = not filters.categories or item.category in filters.categories
        return kind and not dear and item.sku not in filters.exclude

    def found(self, searcher: Searcher, filters: Filters, k: int) -> float:
        """Ask once; hold the answer to what it may be, and return the share of the nearest."""
        query = self.chance.normal(size=DIM).astype(np.float32)
        query /= np.linalg.norm(query)
        ranking = searcher.nearest(query, k, filters)
        best = {
            sku: max(float(unit @ query) for unit in units[: len(self.vectors[sku])])
            for sku, units in self.published.items()
            if sku in self.items and self.passes(self.items[sku], filters)
        }
        assert len(ranking) == min(k, len(best))
        assert len({hit.item.sku for hit in ranking}) == len(ranking)
        for hit in ranking:
            now = self.items[hit.item.sku]
            assert (hit.item.category, hit.item.price) == (now.category, now.price)
            assert hit.item.sku in best
        bar = sorted(best.values(), reverse=True)[: len(ranking)]
        good = [best[hit.item.sku] >= bar[-1] - 2e-3 for hit in ranking]
        return float(np.mean(good)) if good else 1.0


@pytest.mark.parametrize("name", ENGINES)
def test_a_walk_over_the_catalogue_is_followed(shop: Shop, name: str) -> None:
    shop.engine, recall = ENGINES[name]
    walk = Walk(shop, np.random.default_rng(7))
    walk.add(220)
    walk.publish()
    searcher, shares = shop.searcher(), []
    for _ in range(STEPS):
        walk.step()
        if walk.chance.random() < 0.3:
            searcher = shop.searcher()
        kinds = frozenset({KINDS[walk.chance.integers(3)]})
        for filters in (
            Filters(),
            Filters(categories=kinds),
            Filters(
                max_price=Decimal(int(walk.chance.integers(9))), exclude=frozenset(walk.some(5))
            ),
        ):
            shares += [
                walk.found(searcher, filters, int(k)) for k in walk.chance.integers(1, 60, 3)
            ]
    assert np.mean(shares) >= recall
    sku, gone = walk.some(1)[0], walk.some(1)[0]
    np.testing.assert_allclose(searcher.vectors_of([sku])[0], walk.vectors[sku][0], atol=2e-3)
    walk.remove([gone])
    with pytest.raises(ItemNotFound):
        searcher.vectors_of([gone])[0]
