"""The catalogue in the database: a repository that works in the session it is given.

It neither commits nor opens anything: `Database.reading()` and `Database.writing()` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from index.catalogue.filtering import conditions
from index.catalogue.records import CHUNK, COLUMNS, Picture, chunks, item_of, unindexed
from index.database.tables import DEFAULT, CatalogueRow, ItemRow, PictureRow, VectorRow
from index.errors import ItemNotFound
from index.model.filters import NO_FILTERS, Filters
from index.model.items import CatalogItem

__all__ = [
    "DEFAULT",
    "Catalog",
    "State",
    "StoredItem",
    "seen_as",
    "shown",
    "state_in",
    "unused",
]

AnySelect = TypeVar("AnySelect", bound=Select[Any])

# What is asked for many times a second is made once: making a question takes longer than asking it.
_OURS: Final = ItemRow.catalogue == bindparam("catalogue")
_BY_KEYS: Final = (
    select(*COLUMNS, VectorRow.key, VectorRow.position)
    .join(VectorRow, VectorRow.item == ItemRow.key)
    .where(
        unindexed(ItemRow.catalogue) == bindparam("catalogue"),
        VectorRow.key.in_(bindparam("keys", expanding=True)),
    )
)
_KEYS: Final = (
    select(ItemRow.sku, VectorRow.key)
    .join(VectorRow, VectorRow.item == ItemRow.key)
    .where(_OURS, VectorRow.position == 0, ItemRow.sku.in_(bindparam("skus", expanding=True)))
)
_MORE: Final = (
    select(ItemRow.sku, PictureRow.image)
    .join(PictureRow, PictureRow.item == ItemRow.key)
    .where(_OURS, ItemRow.sku.in_(bindparam("skus", expanding=True)))
    .order_by(PictureRow.position)
)
_STATE: Final = select(
    CatalogueRow.revision, CatalogueRow.vector_revision, CatalogueRow.lineage
).where(CatalogueRow.name == bindparam("catalogue"))


@dataclass(frozen=True)
class StoredItem:
    """What the catalogue holds of one sku, as an import needs to know it.

    Attributes:
        item: as it is stored.
        picture: its main picture.
        fingerprint: of the encoder that saw it; empty for none.
        more: its further pictures in order, each with the encoder that saw it.
    """

    item: CatalogItem
    picture: Picture
    fingerprint: str
    more: tuple[tuple[Picture, str], ...] = ()

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All its pictures, by position."""
        return (self.picture, *(picture for picture, _ in self.more))

    @property
    def hashes(self) -> tuple[str, ...]:
        """The SHA-256 of each of the merchant's files, by position."""
        return tuple(picture.image_hash for picture in self.pictures)

    def seen_by(self, fingerprint: str) -> bool:
        """Return whether an encoder has seen all its pictures."""
        return {self.fingerprint, *(seen for _, seen in self.more)} == {fingerprint}

    def would_show(self, item: CatalogItem) -> bool:
        """Return whether an item of a feed, with these pictures, is stored like this already."""
        return self.picture.shown_by(item, self.item.more_images) == self.item


@dataclass(frozen=True)
class State:
    """Which state of which database a catalogue is in; see `index.database.tables.CatalogueRow`.

    Attributes:
        revision: how often anything changed.
        vector_revision: how often what is searched changed.
        lineage: the database's own; empty where it has no such catalogue.
    """

    revision: int = 0
    vector_revision: int = 0
    lineage: str = ""


@dataclass(frozen=True)
class Catalog:
    """One catalogue in one session."""

    session: Session
    name: str = DEFAULT

    def get(self, sku: str) -> CatalogItem:
        """Return an item.

        Raises:
            ItemNotFound: there is none with this sku.
        """
        row = self.session.execute(self._select().where(ItemRow.sku == sku)).first()
        if row is None:
            raise ItemNotFound.of(sku)
        return self._with_more([item_of(row)])[0]

    def page(
        self, filters: Filters = NO_FILTERS, *, after: str = "", limit: int = 50, offset: int = 0
    ) -> list[CatalogItem]:
        """Return up to `limit` items in order of sku, beginning behind the sku `after`.

        `offset` items are passed over: for pages that are jumped to. Who reads on uses `after`.
        """
        query = self.filtered(self._select(), filters).where(ItemRow.sku > after)
        rows = self.session.execute(query.order_by(ItemRow.sku).limit(limit).offset(offset))
        return self._with_more([item_of(row) for row in rows])

    def items(self, filters: Filters = NO_FILTERS) -> Iterator[CatalogItem]:
        """Yield all items in order of sku, a page at a time."""
        page = self.page(filters, limit=CHUNK)
        while page:
            yield from page
            page = self.page(filters, after=page[-1].sku, limit=CHUNK)

    def count(self, filters: Filters = NO_FILTERS) -> int:
        """Return how many items pass."""
        query = self.filtered(select(func.count()).select_from(ItemRow), filters)
        return self.session.execute(query).scalar_one()

    def keys(self, filters: Filters) -> NDArray[np.int64]:
        """Return the vector keys of the items that pass, ascending; `exclude` is not looked at."""
        query = select(VectorRow.key).join(ItemRow, VectorRow.item == ItemRow.key)
        query = query.where(ItemRow.catalogue == self.name, *conditions(filters))
        found = self.session.execute(query).scalars().all()
        return np.sort(np.asarray(found, np.int64))

    def keys_of(self, skus: Iterable[str]) -> dict[str, int]:
        """Return the key of each sku's first vector; unknown skus are left out."""
        return {
            sku: key
            for chunk in chunks(skus)
            for sku, key in self.session.execute(_KEYS, self._of_ours(skus=chunk))
        }

    def by_keys(self, keys: Iterable[int]) -> dict[int, tuple[CatalogItem, int]]:
        """Return the item of each vector key and the position of its picture; removed items' are left out."""
        found: dict[int, tuple[CatalogItem, int]] = {}
        for chunk in chunks(keys):
            rows = self.session.execute(_BY_KEYS, self._of_ours(keys=chunk)).all()
            items = self._with_more([item_of(row) for row in rows])
            found |= {row.key: (item, row.position) for row, item in zip(rows, items, strict=True)}
        return found

    def held(self, skus: Iterable[str]) -> dict[str, StoredItem]:
        """Return what is held of those skus that are known."""
        query = select(
            *COLUMNS, ItemRow.image_hash, ItemRow.measured, func.coalesce(VectorRow.fingerprint, "")
        )
        query = query.outerjoin(
            VectorRow, (VectorRow.item == ItemRow.key) & (VectorRow.position == 0)
        ).where(ItemRow.catalogue == self.name)
        held: dict[str, StoredItem] = {}
        for chunk in chunks(skus):
            more = self._more(chunk)
            for row in self.session.execute(query.where(ItemRow.sku.in_(chunk))):
                picture = Picture(row.image, row[-3], row[-2])
                held[row.sku] = _held(item_of(row), picture, row[-1], more.get(row.sku, ()))
        return held

    def skus(self) -> Iterator[str]:
        """Yield every sku in order."""
        query = select(ItemRow.sku).where(ItemRow.catalogue == self.name).order_by(ItemRow.sku)
        yield from self.session.execute(query).scalars()

    def images(self) -> set[str]:
        """Return the name of every picture that an item shows."""
        ours = ItemRow.catalogue == self.name
        first = select(ItemRow.image).where(ours)
        more = select(PictureRow.image).join(ItemRow, PictureRow.item == ItemRow.key).where(ours)
        found = (self.session.execute(query.distinct()).scalars() for query in (first, more))
        return set().union(*found)

    def revisions(self) -> tuple[int, int]:
        """Return how often anything changed, and how often what is searched changed."""
        state = self.state()
        return state.revision, state.vector_revision

    def state(self) -> State:
        """Return which state of which database this is."""
        return state_in(self.session, self.name)

    def _with_more(self, items: list[CatalogItem]) -> list[CatalogItem]:
        """Return items with the names of their further pictures: one question for all of them."""
        more: dict[str, tuple[str, ...]] = {}
        for chunk in chunks({item.sku for item in items}):
            for sku, image in self.session.execute(_MORE, self._of_ours(skus=chunk)):
                more[sku] = (*more.get(sku, ()), image)
        return [
            replace(item, more_images=more[item.sku]) if item.sku in more else item
            for item in items
        ]

    def _more(self, skus: list[str]) -> dict[str, tuple[tuple[Picture, str], ...]]:
        """Return the further pictures of items, each with the encoder that saw it, in order."""
        query = select(
            ItemRow.sku,
            PictureRow.image,
            PictureRow.image_hash,
            func.coalesce(VectorRow.fingerprint, ""),
        ).join(PictureRow, PictureRow.item == ItemRow.key)
        query = query.outerjoin(VectorRow, seen_as(PictureRow.item, PictureRow.position))
        query = query.where(ItemRow.catalogue == self.name, ItemRow.sku.in_(skus))
        more: dict[str, tuple[tuple[Picture, str], ...]] = {}
        rows = self.session.execute(query.order_by(PictureRow.position))
        for sku, name, image_hash, fingerprint in rows:
            picture = Picture(name, image_hash, {})
            more[sku] = (*more.get(sku, ()), (picture, fingerprint))
        return more

    def _of_ours(self, **values: Any) -> dict[str, Any]:
        return {"catalogue": self.name, **values}

    def _select(self) -> Select[Any]:
        return select(*COLUMNS).where(ItemRow.catalogue == self.name)

    def filtered(self, query: AnySelect, filters: Filters) -> AnySelect:
        """Return a query of items with the condition that they are this catalogue's and pass."""
        query = query.where(ItemRow.catalogue == self.name, *conditions(filters))
        for chunk in chunks(sorted(filters.exclude)):
            query = query.where(ItemRow.sku.not_in(chunk))
        return query

    def facet(self, column: Any, filters: Filters) -> dict[str, int]:
        """Return how many items that pass have each value of a column, the most frequent first."""
        number = func.count()
        query = self.filtered(select(column, number), filters).where(column != "")
        rows = self.session.execute(query.group_by(column).order_by(number.desc(), column))
        return {value: count for value, count in rows}


def state_in(asked: Session | Connection, catalogue: str) -> State:
    """Return which state a catalogue is in, asked in a session or, at a third of its cost, without."""
    row = asked.execute(_STATE, {"catalogue": catalogue}).first()
    return State() if row is None else State(*row)


def shown(session: Session) -> set[str]:
    """Return the name of every picture that an item of any catalogue shows."""
    columns = (ItemRow.image, PictureRow.image)
    found = (session.execute(select(column).distinct()).scalars() for column in columns)
    return set().union(*found)


def unused(session: Session, names: Iterable[str]) -> frozenset[str]:
    """Return which of these pictures no item of any catalogue shows."""
    candidates = frozenset(names)
    used: set[str] = set()
    for chunk in chunks(sorted(candidates)):
        for column in (ItemRow.image, PictureRow.image):
            used |= set(session.execute(select(column).where(column.in_(chunk))).scalars())
    return candidates - used


def seen_as(item: Any, position: Any) -> ColumnElement[bool]:
    """Return the condition under which a vector is the one of an item's picture at a position."""
    return and_(VectorRow.item == item, VectorRow.position == position)


def _held(
    item: CatalogItem, picture: Picture, fingerprint: str, more: tuple[tuple[Picture, str], ...]
) -> StoredItem:
    names = tuple(each.name for each, _ in more)
    return StoredItem(replace(item, more_images=names), picture, fingerprint, more)
