"""One state of a catalogue, read through what is remembered of it until the catalogue changes.

Whoever answers questions asks the database one thing each time: which state it is in. What was read of
that state before is not read again. What is not remembered is read in a transaction of its own; where that
one finds a later state, `Moved` says so, and the question is answered anew from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from index.catalogue.catalog import Catalog, State, state_in
from index.catalogue.groups import Groups
from index.catalogue.shelves import Shelf, is_answered
from index.database.database import Database
from index.database.tables import DEFAULT
from index.model.filters import NO_FILTERS, Filters
from index.model.items import CatalogItem
from index.model.recent import Recent
from segmentation.common.taxonomy import Category

Key = TypeVar("Key")
Value = TypeVar("Value")

_ITEMS: Final = 50_000
_FILTERS: Final = 512
"""Each question of what completes an outfit asks by some twenty: one a kind."""
_PASSING: Final = 8_000_000
"""Keys that all filters' answers hold together, 8 bytes each."""


class Moved(Exception):  # noqa: N818  # nothing is wrong: whoever asks begins anew
    """The catalogue changed since the snapshot was taken."""


@dataclass(frozen=True)
class _Read:
    """What was read of one state."""

    state: State
    items: Recent[int, CatalogItem | None] = field(default_factory=lambda: Recent(_ITEMS))
    keys: Recent[str, int | None] = field(default_factory=lambda: Recent(_ITEMS))
    groups: Recent[str, tuple[CatalogItem, ...] | None] = field(
        default_factory=lambda: Recent(_ITEMS)
    )
    allowed: dict[Filters, NDArray[np.int64]] = field(default_factory=dict)
    shelves: dict[Category, Shelf] = field(default_factory=dict)
    kinds: dict[Category, int] = field(default_factory=dict)


class Snapshots:
    """Takes snapshots of one catalogue. Safe to share between threads."""

    def __init__(self, database: Database, catalogue: str = DEFAULT) -> None:
        """Take them from a migrated database; it is not asked yet."""
        self._database, self._catalogue = database, catalogue
        self._read = _Read(State(-1))

    def take(self) -> Snapshot:
        """Return the catalogue as it is now.

        Raises:
            DatabaseError: the database cannot be read.
        """
        with self._database.looking() as connection:
            state = state_in(connection, self._catalogue)
        read = self._read
        if read.state != state:
            read = self._read = _Read(state)
        return Snapshot(self._database, self._catalogue, read)

    def last(self) -> Snapshot:
        """Return the catalogue as it was when last asked for, without asking the database."""
        return Snapshot(self._database, self._catalogue, self._read)


@dataclass(frozen=True)
class Snapshot:
    """One catalogue in one state. Every method raises `Moved` where the state is past."""

    database: Database
    catalogue: str
    _read: _Read

    @property
    def state(self) -> State:
        """Which state of which database this is."""
        return self._read.state

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees this very state."""
        with self.database.reading() as session:
            if Catalog(session, self.catalogue).state() != self.state:
                raise Moved
            yield session

    def allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the keys that pass; None where all do. `exclude` is not looked at."""
        return None if _lasting(filters) == NO_FILTERS else self.passing(filters)

    def passing(self, filters: Filters) -> NDArray[np.int64]:
        """Return the vector keys of the items that pass, ascending; `exclude` is not looked at."""
        lasting = _lasting(filters)
        held = self._read.allowed.get(lasting)
        if held is None:
            held = self._keys(lasting)
            held.setflags(write=False)  # a store may remember what it made of it
            known = self._read.allowed
            if sum(len(keys) for keys in list(known.values())) + len(held) > _PASSING:
                known.clear()
            if len(known) >= _FILTERS:
                known.clear()
            known[lasting] = held
        return held

    def _keys(self, filters: Filters) -> NDArray[np.int64]:
        if not is_answered(filters):
            with self._catalog() as catalog:
                return catalog.keys(filters)
        kinds, shelves = filters.categories, self._read.shelves
        if kinds - shelves.keys():
            with self.reading() as session:
                for kind in kinds - shelves.keys():
                    shelves[kind] = Shelf.read(session, self.catalogue, kind)
        return np.sort(np.concatenate([shelves[kind].passing(filters) for kind in kinds]))

    def items(self, keys: NDArray[np.int64]) -> dict[int, CatalogItem | None]:
        """Return the item of each vector key but -1; None for one that was removed."""

        def read(missing: list[int]) -> Mapping[int, CatalogItem]:
            with self._catalog() as catalog:
                found = catalog.by_keys(missing)
            first = {item.sku: key for key, (item, position) in found.items() if position == 0}
            self._read.keys.update(first)
            return {key: item for key, (item, _) in found.items()}

        wanted = (key for key in np.unique(keys).tolist() if key >= 0)
        return _through(self._read.items, wanted, read)

    def keys_of(self, skus: Collection[str]) -> dict[str, int]:
        """Return the key of each sku's first vector; unknown skus are left out."""

        def read(missing: list[str]) -> Mapping[str, int]:
            with self._catalog() as catalog:
                return catalog.keys_of(missing)

        found = _through(self._read.keys, skus, read)
        return {sku: key for sku, key in found.items() if key is not None}

    def item(self, sku: str) -> CatalogItem:
        """Return an item.

        Raises:
            ItemNotFound: there is none with this sku.
        """
        key = self.keys_of([sku]).get(sku)
        item = None if key is None else self.items(np.asarray([key]))[key]
        if item is None:  # one that no encoder has seen is an item all the same
            with self._catalog() as catalog:
                return catalog.get(sku)
        return item

    def of_groups(self, groups: Collection[str]) -> list[CatalogItem]:
        """Return the items of some groups of variants, in order of sku."""

        def read(missing: list[str]) -> Mapping[str, tuple[CatalogItem, ...]]:
            with self.reading() as session:
                items = Groups(session, self.catalogue).items(missing)
            return {
                group: tuple(item for item in items if item.group == group) for group in missing
            }

        found = _through(self._read.groups, set(groups) - {""}, read)
        return sorted(
            (item for items in found.values() for item in items or ()), key=lambda item: item.sku
        )

    def kinds(self) -> Mapping[Category, int]:
        """Return how many products of each kind there are; the variants of one are one product."""
        if not self._read.kinds:
            with self.reading() as session:
                self._read.kinds.update(Groups(session, self.catalogue).kinds())
        return self._read.kinds

    @contextmanager
    def _catalog(self) -> Iterator[Catalog]:
        with self.reading() as session:
            yield Catalog(session, self.catalogue)


def _lasting(filters: Filters) -> Filters:
    return replace(filters, exclude=frozenset()) if filters.exclude else filters


def _through(
    known: Recent[Key, Value | None],
    wanted: Iterable[Key],
    read: Callable[[list[Key]], Mapping[Key, Value]],
) -> dict[Key, Value | None]:
    """Return the value of each key, None where there is none, and remember what had to be read."""
    answer: dict[Key, Value | None] = {}
    missing = []
    for key in wanted:
        try:
            answer[key] = known[key]
        except KeyError:
            missing.append(key)
    if missing:
        found = read(missing)
        fresh = {key: found.get(key) for key in missing}
        answer |= fresh
        known.update(fresh)
    return answer
