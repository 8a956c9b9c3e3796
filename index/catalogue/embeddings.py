"""The vectors that the database keeps, in the session it is given: what an index is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, case, exists, func, or_, select
from sqlalchemy.orm import Session

from index.catalogue.catalog import DEFAULT, Catalog, seen_as
from index.catalogue.entries import Entry, Vector, View
from index.catalogue.records import (
    CHUNK,
    COLUMNS,
    Picture,
    as_given,
    chunks,
    item_of,
    unindexed,
)
from index.database.tables import ItemRow, PictureRow, VectorRow
from index.model.fields import FieldMaker, Traits
from index.model.vectors import field_id, unpack
from index.stores import Vectors
from segmentation.common.taxonomy import Category

_BLOCK: Final = 4096
"""Vectors read at once."""
_TRAITS: Final = (ItemRow.category, ItemRow.colour, ItemRow.second_colour, ItemRow.pattern)
_OF_ITEM: Final = VectorRow.item == ItemRow.key


@dataclass(frozen=True, eq=False)
class Made:
    """A picture that is stored, or about to be.

    Attributes:
        vector: what an encoder made of it; None where none has seen it.
        picture: as it is stored.
        whole: what was measured on it is known.
    """

    vector: Vector | None
    picture: Picture
    whole: bool = True


Key: TypeAlias = tuple[str, str | None]
"""The SHA-256 of a picture and the category that it was cut out for.

Under the category None stands a main picture whose kind was guessed: that took it as it is.
"""


@dataclass(frozen=True)
class Embeddings:
    """One catalogue's vectors in one session."""

    session: Session
    name: str = DEFAULT

    def vectors(self, fingerprint: str, dim: int) -> Vectors:
        """Return one encoder's vectors, read in this session whenever they are asked for."""
        ours = self._seen_by(fingerprint)

        def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
            for part in self._parts(ours, VectorRow.key, VectorRow.data):
                keys = np.asarray([key for key, _ in part], np.int64)
                yield keys, unpack([data for _, data in part], dim)

        def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[UUID]]]:
            for part in self._parts(ours, VectorRow.key, VectorRow.id):
                yield np.asarray([key for key, _ in part], np.int64), [each for _, each in part]

        def rows_of(keys: NDArray[np.int64]) -> NDArray[np.float32]:
            found = self.of_keys(keys.tolist(), fingerprint, dim)
            rows = [found[key].unit for key in keys.tolist()]
            return np.stack(rows) if rows else np.empty((0, dim), np.float32)

        _, revision = Catalog(self.session, self.name).revisions()
        number = self._count(ours)
        return Vectors(dim, number, blocks, identities, rows_of, fingerprint, revision)

    def field(self, maker: FieldMaker, fingerprint: str, dim: int) -> Vectors:
        """Return a field's vectors: of each item that an encoder has seen one, under its first's key.

        Args:
            maker: makes the rows.
            fingerprint: of the encoder.
            dim: length of its vectors.
        """
        ours = (*self._seen_by(fingerprint), VectorRow.position == 0)

        def made(part: Sequence[Any]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
            keys = np.asarray([row[0] for row in part], np.int64)
            if not len(keys):
                return keys, np.empty((0, maker.dim), np.float32)
            traits = [Traits(Category(row[2]), *row[3:]) for row in part]
            return keys, maker.rows(traits, unpack([row[1] for row in part], dim))

        def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
            yield from map(made, self._parts(ours, VectorRow.key, VectorRow.data, *_TRAITS))

        def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[UUID]]]:
            for part in self._parts(ours, VectorRow.key, VectorRow.id, *_TRAITS):
                keys = np.asarray([row[0] for row in part], np.int64)
                yield keys, [field_id(*row[1:]) for row in part]

        def rows_of(keys: NDArray[np.int64]) -> NDArray[np.float32]:
            query = select(VectorRow.key, VectorRow.data, *_TRAITS).join(ItemRow, _OF_ITEM)
            query = query.where(_made_by(fingerprint))
            asked = (query.where(VectorRow.key.in_(chunk)) for chunk in chunks(keys.tolist()))
            part = [row for each in asked for row in self.session.execute(each)]
            known, rows = made(part)
            order = np.argsort(known)
            return rows[order[np.searchsorted(known, keys, sorter=order)]]

        _, revision = Catalog(self.session, self.name).revisions()
        number = self._count(ours)
        return Vectors(maker.dim, number, blocks, identities, rows_of, maker.fingerprint, revision)

    def _seen_by(self, fingerprint: str) -> tuple[ColumnElement[bool], ...]:
        return (ItemRow.catalogue == self.name, VectorRow.fingerprint == fingerprint)

    def _count(self, ours: Sequence[ColumnElement[bool]]) -> int:
        joined = select(func.count()).select_from(VectorRow).join(ItemRow, _OF_ITEM).where(*ours)
        return self.session.execute(joined).scalar_one()

    def _parts(self, ours: Sequence[ColumnElement[bool]], *columns: Any) -> Iterator[Sequence[Any]]:
        """Yield columns of vectors with their items, by key, some thousand rows at a time."""
        query = select(*columns).join(ItemRow, _OF_ITEM).where(*ours)
        query = query.order_by(VectorRow.key).execution_options(yield_per=_BLOCK)
        yield from self.session.execute(query).partitions()

    def of_keys(self, keys: Iterable[int], fingerprint: str, dim: int) -> Mapping[int, Vector]:
        """Return the vectors with these keys that one encoder made."""
        query = select(VectorRow.key, VectorRow.data).where(_made_by(fingerprint))
        return {
            key: Vector(unpack([data], dim)[0], fingerprint)
            for chunk in chunks(keys)
            for key, data in self.session.execute(query.where(VectorRow.key.in_(chunk)))
        }

    def reusable(self, hashes: Iterable[str], fingerprint: str, dim: int) -> dict[Key, Made]:
        """Return what an encoder already made of pictures, by `Key`.

        A picture that moved to another sku or position, or is shown by several, is encoded once.
        """
        found: dict[Key, Made] = {}
        for row, keys in self._made(hashes, fingerprint, ItemRow.measured, VectorRow.data):
            measured = row.measured if row.position == 0 else {}
            picture = Picture(row.image, row.image_hash, measured)
            vector = Vector(unpack([row.data], dim)[0], fingerprint)
            for key in keys:
                if key not in found or row.position == 0:
                    found[key] = Made(vector, picture, whole=row.position == 0)
        return found

    def known(self, hashes: Iterable[str], fingerprint: str) -> dict[Key, str]:
        """Return our files of the pictures that `reusable` knows, without reading a vector."""
        rows = self._made(hashes, fingerprint)
        return {key: row.image for row, keys in rows for key in keys}

    def _made(
        self, hashes: Iterable[str], fingerprint: str, *columns: Any
    ) -> Iterator[tuple[Row[Any], list[Key]]]:
        """Yield the pictures that an encoder saw, with what each is known by."""
        image = case((VectorRow.position == 0, ItemRow.image), else_=PictureRow.image)
        shown = case((VectorRow.position == 0, ItemRow.image_hash), else_=PictureRow.image_hash)
        query = select(
            VectorRow.image_hash,
            VectorRow.position,
            image.label("image"),
            ItemRow.category,
            ItemRow.category_confidence,
            *columns,
        )
        query = query.join(ItemRow, VectorRow.item == ItemRow.key)
        query = query.outerjoin(PictureRow, seen_as(PictureRow.item, PictureRow.position))
        query = query.where(_made_by(fingerprint), shown == VectorRow.image_hash)
        for chunk in chunks(hashes):
            for row in self.session.execute(query.where(VectorRow.image_hash.in_(chunk))):
                keys: list[Key] = [(row.image_hash, row.category)]
                if row.position == 0 and row.category_confidence is not None:
                    keys.append((row.image_hash, None))
                yield row, keys

    def count_foreign(self, fingerprint: str) -> int:
        """Return how many items have a picture that this encoder has yet to see."""
        query = select(func.count()).select_from(ItemRow)
        return self.session.execute(query.where(*self._foreign(fingerprint))).scalar_one()

    def foreign(self, fingerprint: str, *, after: str = "", every: bool = False) -> list[Entry]:
        """Return, in order of sku behind `after`, items with pictures that this encoder has yet to see.

        Each comes with all its pictures, without vectors; `due` says which the encoder has yet to see.

        Args:
            fingerprint: the encoder's.
            after: the last sku of the list before.
            every: return all items with all pictures due, whatever they have.
        """
        query = select(*COLUMNS, ItemRow.image_hash, ItemRow.measured, ItemRow.key)
        wanted = (ItemRow.catalogue == self.name,) if every else self._foreign(fingerprint)
        query = query.where(ItemRow.sku > after, *wanted).order_by(ItemRow.sku).limit(CHUNK)
        rows = self.session.execute(query).all()
        more = self._more([row[-1] for row in rows])
        seen = set() if every else self._seen([row[-1] for row in rows], fingerprint)
        entries = []
        for row in rows:
            entry = Entry(
                as_given(item_of(row)),
                Picture(row.image, row[-3], row[-2]),
                more=tuple(View(picture) for picture in more.get(row[-1], ())),
            )
            shown = ((row[-1], at, view.picture.image_hash) for at, view in enumerate(entry.views))
            due = tuple(at for key, at, shows in shown if (key, at, shows) not in seen)
            entries.append(replace(entry, due=due))
        return entries

    def _more(self, items: Sequence[int]) -> dict[int, list[Picture]]:
        """Return the further pictures of items by their keys, in order."""
        query = select(PictureRow.item, PictureRow.image, PictureRow.image_hash)
        query = query.where(PictureRow.item.in_(items)).order_by(PictureRow.position)
        found: dict[int, list[Picture]] = {}
        for item, name, image_hash in self.session.execute(query):
            found.setdefault(item, []).append(Picture(name, image_hash, {}))
        return found

    def _seen(self, items: Sequence[int], fingerprint: str) -> set[tuple[int, int, str]]:
        """Return (item, position, SHA-256) of the vectors of items that an encoder made."""
        query = select(VectorRow.item, VectorRow.position, VectorRow.image_hash)
        query = query.where(VectorRow.item.in_(items), _made_by(fingerprint))
        return {(item, position, shows) for item, position, shows in self.session.execute(query)}

    def seen(self, fingerprint: str, dim: int, *, after: str = "") -> list[Entry]:
        """Return, in order of sku behind `after`, items that this encoder has seen, with vectors."""
        query = select(*COLUMNS, ItemRow.image_hash, ItemRow.measured, VectorRow.data)
        query = query.join(VectorRow, _FIRST).where(
            ItemRow.catalogue == self.name, _made_by(fingerprint)
        )
        query = query.where(ItemRow.sku > after).order_by(ItemRow.sku).limit(CHUNK)
        found = self.session.execute(query).all()
        units = unpack([row[-1] for row in found], dim)
        return [
            Entry(
                as_given(item_of(row)),
                Picture(row.image, row[-3], row[-2]),
                Vector(unit, fingerprint),
                stored=item_of(row),
            )
            for row, unit in zip(found, units, strict=True)
        ]

    def _foreign(self, fingerprint: str) -> tuple[ColumnElement[bool], ...]:
        ours = VectorRow.fingerprint == fingerprint
        first = exists().where(_FIRST, ours, VectorRow.image_hash == ItemRow.image_hash)
        other = exists().where(
            seen_as(PictureRow.item, PictureRow.position),
            ours,
            VectorRow.image_hash == PictureRow.image_hash,
        )
        waiting = exists().where(PictureRow.item == ItemRow.key, ~other.correlate(PictureRow))
        unseen = or_(~first.correlate(ItemRow), waiting.correlate(ItemRow))
        return (ItemRow.catalogue == self.name, unseen)


def _made_by(fingerprint: str) -> ColumnElement[bool]:
    """Return the condition of vectors, found by something narrower, that one encoder made."""
    return unindexed(VectorRow.fingerprint) == fingerprint


_FIRST = seen_as(ItemRow.key, 0)
