"""Vectors and filters -> `Ranking`, from the generation served and the database as it is now.

Which items may answer, and what is said of them, always comes from one state of the database; the
generation only says how near they are. So a removed item is gone and a changed price is shown at
once, whichever generation is in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.embeddings import Embeddings
from index.catalogue.groups import Groups
from index.database.database import Database
from index.errors import IndexRefusal, ItemNotFound
from index.generations.generation_reload import Watch
from index.generations.generations import Generation, Generations
from index.generations.guards import require_own
from index.model.filters import NO_FILTERS, Filters
from index.model.items import CatalogItem, Hit, Ranking
from index.stores import Engine, Neighbours, check_rows
from segmentation.common.taxonomy import Category

_ITEMS_CACHED: Final = 50_000
_FILTERS_CACHED: Final = 64


@dataclass(frozen=True)
class _Seen:
    """What was read from the database at one revision; forgotten when it changes."""

    revision: int
    items: dict[int, CatalogItem | None] = field(default_factory=dict)
    allowed: dict[Filters, NDArray[np.int64]] = field(default_factory=dict)
    kinds: dict[Category, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _View:
    """The database in one transaction, through what is remembered of that revision."""

    catalog: Catalog
    seen: _Seen

    def allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the keys that pass; None where all do. `exclude` is not looked at."""
        lasting = replace(filters, exclude=frozenset())
        if lasting == NO_FILTERS:
            return None
        held = self.seen.allowed.get(lasting)
        if held is None:
            held = self.catalog.keys(lasting)
            held.setflags(write=False)  # a store may remember what it made of it
            if len(self.seen.allowed) >= _FILTERS_CACHED:
                self.seen.allowed.clear()
            self.seen.allowed[lasting] = held
        return held

    def items(self, keys: NDArray[np.int64]) -> dict[int, CatalogItem | None]:
        """Return the item of each key but -1; None for one that was removed."""
        wanted = [key for key in np.unique(keys).tolist() if key >= 0]
        known = {key: self.seen.items[key] for key in wanted if key in self.seen.items}
        missing = [key for key in wanted if key not in known]
        if missing:
            found = self.catalog.by_keys(missing)
            fresh = {key: found.get(key) for key in missing}
            known |= fresh
            if len(self.seen.items) > _ITEMS_CACHED:
                self.seen.items.clear()
            self.seen.items.update(fresh)
        return known


class Searcher:
    """Finds the nearest items. Safe to share between threads; each call has its own session."""

    def __init__(
        self,
        database: Database,
        generations: Generations,
        engine: Engine,
        *,
        fingerprint: str,
        dim: int,
        catalogue: str = DEFAULT,
    ) -> None:
        """Prepare to answer; nothing is opened before the first question.

        Args:
            database: migrated.
            generations: the index on disk, `Generations.of(home, catalogue)`.
            engine: what opens its stores.
            fingerprint: of the encoder that makes the questions' vectors.
            dim: length of its vectors.
            catalogue: which one.
        """
        self._database, self._catalogue = database, catalogue
        self._fingerprint, self._dim = fingerprint, dim
        self._watch = Watch(generations, engine, fingerprint=fingerprint, dim=dim)
        self._seen = _Seen(-1)

    @property
    def trouble(self) -> IndexRefusal | None:
        """Why the newest generation is not served although an older one still is, if so."""
        return self._watch.trouble

    def generation(self) -> Generation:
        """Return the generation that is served, after a look whether there is a newer one.

        Raises:
            IndexMissing, IndexMismatch, IndexDamaged: there is none that can be served.
        """
        return self._watch.current().generation

    def item(self, sku: str) -> CatalogItem:
        """Return an item as it is now.

        Raises:
            ItemNotFound: there is none with this sku.
        """
        with self._database.reading() as session:
            return Catalog(session, self._catalogue).get(sku)

    def kinds(self) -> Mapping[Category, int]:
        """Return how many products of each kind there are, variants of one counted once.

        As of the last question: who asks has just searched, and need not wait for the database again.
        """
        seen = self._seen
        if seen.kinds:
            return seen.kinds
        with self._database.reading() as session:
            view = self._view(Catalog(session, self._catalogue))
            if not view.seen.kinds:
                view.seen.kinds.update(Groups(session, self._catalogue).kinds())
            return view.seen.kinds

    def of_groups(self, groups: Collection[str]) -> list[CatalogItem]:
        """Return the items of some groups of variants as they are now, in order of sku."""
        if not any(groups):
            return []
        with self._database.reading() as session:
            return Groups(session, self._catalogue).items(groups)

    def nearest(
        self, vector_unit: NDArray[np.float32], k: int, filters: Filters = NO_FILTERS
    ) -> Ranking:
        """Return the `k` items nearest to one (dim,) float32 unit vector; see `nearest_each`."""
        return self.nearest_each(vector_unit[np.newaxis], k, filters)[0]

    def nearest_each(
        self, vectors_unit: NDArray[np.float32], k: int, filters: Filters = NO_FILTERS
    ) -> list[Ranking]:
        """Return the `k` items nearest to each (q, dim) float32 unit row, in order.

        An item with several pictures answers once, with the nearest of them. Filters are exact:
        nothing outside them answers, and `k` do wherever as many pass. Up to about 5,000
        vectors nothing nearer is left out; beyond, 95 of 100 of the nearest are found.

        Raises:
            ValueError: the rows are not of this length, or not unit, or k is below 1.
            IndexMissing, IndexMismatch, IndexDamaged: there is no index that can be served.
            IndexForeign: it was made from another database.
        """
        self._check(vectors_unit, k)
        served = self._watch.current()
        store = served.store
        with self._database.reading() as session:
            view = self._view(Catalog(session, self._catalogue))
            self._check_database(served.generation, view.catalog)
            wide = k + len(view.catalog.keys_of(filters.exclude))
            allowed = view.allowed(filters)
            while True:
                found = store.search(vectors_unit, wide, allowed)
                items = view.items(found.keys)
                if None in items.values():  # removed since the generation was made
                    allowed = view.catalog.keys(filters)
                    continue
                rankings = _rankings(found, items, filters.exclude, k)
                if _enough(rankings, found, k):
                    return rankings
                wide *= 2  # an item with several pictures took several places

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each sku, in order.

        Raises:
            ItemNotFound: no item of the catalogue has this sku, or this encoder has not seen it.
            IndexMissing, IndexMismatch, IndexDamaged: there is no index that can be served.
            IndexForeign: it was made from another database.
        """
        served = self._watch.current()
        store = served.store
        with self._database.reading() as session:
            catalog = Catalog(session, self._catalogue)
            self._check_database(served.generation, catalog)
            keys = catalog.keys_of(set(skus))
            for sku in skus:
                if sku not in keys:
                    raise ItemNotFound.of(sku)
            wanted = np.asarray([keys[sku] for sku in skus], np.int64)
            try:
                return store.vectors_of(wanted)
            except KeyError:  # stored since the generation was made
                stored = Embeddings(session, self._catalogue)
                found = stored.of_keys(set(wanted.tolist()), self._fingerprint, self._dim)
        for sku in skus:
            if keys[sku] not in found:
                raise ItemNotFound.of(sku)
        return np.stack([found[key].unit for key in wanted.tolist()])

    def _check(self, vectors_unit: NDArray[np.float32], k: int) -> None:
        check_rows(vectors_unit, self._dim)  # before anything is opened
        if k < 1:
            raise ValueError(f"k: got {k}; expected 1 or more")

    def _check_database(self, generation: Generation, catalog: Catalog) -> None:
        # a key of another database names another item: its answers would be wrong, not few
        require_own(generation.manifest, catalog, self._database.place)

    def _view(self, catalog: Catalog) -> _View:
        revision, _ = catalog.revisions()
        if self._seen.revision != revision:
            self._seen = _Seen(revision)
        seen = self._seen
        # another thread may have moved on meanwhile: then remember for this call only
        return _View(catalog, seen if seen.revision == revision else _Seen(revision))


def _rankings(
    found: Neighbours, items: dict[int, CatalogItem | None], exclude: frozenset[str], k: int
) -> list[Ranking]:
    rankings = []
    for keys, scores in zip(found.keys.tolist(), found.scores.tolist(), strict=True):
        pairs = ((items.get(key), score) for key, score in zip(keys, scores, strict=True))
        hits = tuple(Hit(i, score) for i, score in pairs if i and i.sku not in exclude)
        rankings.append(Ranking(hits).top(k))
    return rankings


def _enough(rankings: list[Ranking], found: Neighbours, k: int) -> bool:
    """Say whether each question has its k items, or the store has no more."""
    pairs = zip(rankings, found.keys, strict=True)
    return all(len(ranking) >= k or bool((keys < 0).any()) for ranking, keys in pairs)
