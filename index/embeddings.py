"""The vectors that the database keeps, in the session it is given: what an index is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from index.catalog import DEFAULT
from index.records import CHUNK, COLUMNS, Picture, as_given, chunks, item_of
from index.stores import Vectors
from index.tables import ItemRow, VectorRow
from index.vectors import unpack
from index.writing import Entry, Vector
from segmentation.taxonomy import Category

_BLOCK: Final = 4096
"""Vectors read at once."""


@dataclass(frozen=True)
class Embeddings:
    """One catalogue's vectors in one session."""

    session: Session
    name: str = DEFAULT

    def vectors(self, fingerprint: str, dim: int) -> Vectors:
        """Return one encoder's vectors, read in this session whenever they are asked for."""
        ours = (ItemRow.catalogue == self.name, VectorRow.fingerprint == fingerprint)
        joined = select(func.count()).join(ItemRow, VectorRow.item == ItemRow.key).where(*ours)
        number = self.session.execute(joined.select_from(VectorRow)).scalar_one()

        def read(*columns: Any) -> Iterator[Sequence[Any]]:
            query = select(*columns).join(ItemRow, VectorRow.item == ItemRow.key).where(*ours)
            query = query.order_by(VectorRow.key).execution_options(yield_per=_BLOCK)
            yield from self.session.execute(query).partitions()

        def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
            for part in read(VectorRow.key, VectorRow.data):
                keys = np.asarray([key for key, _ in part], np.int64)
                yield keys, unpack([data for _, data in part], dim)

        def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[UUID]]]:
            for part in read(VectorRow.key, VectorRow.id):
                yield np.asarray([key for key, _ in part], np.int64), [each for _, each in part]

        def rows_of(keys: NDArray[np.int64]) -> NDArray[np.float32]:
            found = self.of_keys(keys.tolist(), fingerprint, dim)
            rows = [found[key].unit for key in keys.tolist()]
            return np.stack(rows) if rows else np.empty((0, dim), np.float32)

        return Vectors(dim, number, blocks, identities, rows_of)

    def of_keys(self, keys: Iterable[int], fingerprint: str, dim: int) -> Mapping[int, Vector]:
        """Return the vectors with these keys that one encoder made."""
        query = select(VectorRow.key, VectorRow.data).where(VectorRow.fingerprint == fingerprint)
        return {
            key: Vector(unpack([data], dim)[0], fingerprint)
            for chunk in chunks(keys)
            for key, data in self.session.execute(query.where(VectorRow.key.in_(chunk)))
        }

    def reusable(
        self, hashes: Iterable[str], fingerprint: str, dim: int
    ) -> dict[tuple[str, Category], tuple[Vector, Picture]]:
        """Return what an encoder already made of pictures, by (SHA-256, category).

        A picture that moved to another sku, or is shown by several, is encoded once.
        """
        query = select(
            ItemRow.image_hash, ItemRow.category, ItemRow.image, ItemRow.measured, VectorRow.data
        ).join(VectorRow, VectorRow.item == ItemRow.key)
        query = query.where(
            VectorRow.fingerprint == fingerprint, VectorRow.image_hash == ItemRow.image_hash
        )
        found = {}
        for chunk in chunks(hashes):
            rows = self.session.execute(query.where(VectorRow.image_hash.in_(chunk)))
            for image_hash, category, name, measured, data in rows:
                picture = Picture(name, image_hash, measured)
                vector = Vector(unpack([data], dim)[0], fingerprint)
                found[image_hash, Category(category)] = vector, picture
        return found

    def count_foreign(self, fingerprint: str) -> int:
        """Return how many items have no vector of this encoder."""
        query = select(func.count()).select_from(ItemRow).outerjoin(VectorRow, _FIRST)
        return self.session.execute(query.where(*self._foreign(fingerprint))).scalar_one()

    def foreign(self, fingerprint: str, *, after: str = "", every: bool = False) -> list[Entry]:
        """Return, in order of sku behind `after`, items that this encoder has yet to see.

        Args:
            fingerprint: the encoder's.
            after: the last sku of the list before.
            every: return all items, whatever they have.
        """
        query = select(*COLUMNS, ItemRow.image_hash, ItemRow.measured)
        query = query.outerjoin(VectorRow, _FIRST)
        wanted = (ItemRow.catalogue == self.name,) if every else self._foreign(fingerprint)
        query = query.where(ItemRow.sku > after, *wanted).order_by(ItemRow.sku).limit(CHUNK)
        return [
            Entry(as_given(item_of(row)), Picture(row.image, row[-2], row[-1]))
            for row in self.session.execute(query)
        ]

    def seen(self, fingerprint: str, dim: int, *, after: str = "") -> list[Entry]:
        """Return, in order of sku behind `after`, items that this encoder has seen, with vectors."""
        query = select(*COLUMNS, ItemRow.image_hash, ItemRow.measured, VectorRow.data)
        query = query.join(VectorRow, _FIRST).where(
            ItemRow.catalogue == self.name, VectorRow.fingerprint == fingerprint
        )
        query = query.where(ItemRow.sku > after).order_by(ItemRow.sku).limit(CHUNK)
        found = self.session.execute(query).all()
        units = unpack([row[-1] for row in found], dim)
        return [
            Entry(
                as_given(item_of(row)),
                Picture(row.image, row[-3], row[-2]),
                Vector(unit, fingerprint),
            )
            for row, unit in zip(found, units, strict=True)
        ]

    def _foreign(self, fingerprint: str) -> tuple[ColumnElement[bool], ...]:
        other = or_(VectorRow.fingerprint.is_(None), VectorRow.fingerprint != fingerprint)
        return (ItemRow.catalogue == self.name, other)


_FIRST = (VectorRow.item == ItemRow.key) & (VectorRow.position == 0)
