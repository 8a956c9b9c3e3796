"""Changes to the catalogue, in the session they are given: one transaction a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from index.catalog import DEFAULT
from index.items import CatalogItem
from index.records import Picture, chunks, fill
from index.tables import CatalogueRow, ItemRow, VectorRow
from index.vectors import pack, vector_id


@dataclass(frozen=True, eq=False)
class Vector:
    """A (d,) float32 unit vector and the encoder that made it."""

    unit: NDArray[np.float32]
    fingerprint: str


@dataclass(frozen=True, eq=False)
class Entry:
    """One item to write, as its feed gave it. Without a vector, the one it has stays."""

    item: CatalogItem
    picture: Picture
    vector: Vector | None = None


@dataclass(frozen=True)
class Removed:
    """What a removal took away; the pictures are the caller's to delete once it is committed."""

    skus: tuple[str, ...]
    pictures: frozenset[str]


@dataclass(frozen=True)
class CatalogWriter:
    """One catalogue in one writing session."""

    session: Session
    name: str = DEFAULT

    def upsert(self, entries: Sequence[Entry]) -> frozenset[str]:
        """Write items, new or known; the same twice is the same once.

        Returns:
            The pictures that no item shows any more, for the caller to delete after the commit.
        """
        self._touch(searched=any(entry.vector is not None for entry in entries))
        rows = self._rows(entry.item.sku for entry in entries)
        before = {row.image for row in rows.values()}
        now = datetime.now(UTC)
        for entry in entries:
            row = rows.get(entry.item.sku) or self._added(entry, now)
            fill(row, entry.item, entry.picture)
            row.updated_at = now
            rows[entry.item.sku] = row
        self.session.flush()
        self._write_vectors([(rows[e.item.sku], e.vector) for e in entries if e.vector])
        return self._unused(before)

    def remove(self, skus: Iterable[str]) -> Removed:
        """Take items out, with their vectors. Unknown skus are left out of the answer."""
        rows = self._rows(skus)
        if rows:
            self._touch(searched=True)
        for chunk in chunks(row.key for row in rows.values()):
            self.session.execute(delete(VectorRow).where(VectorRow.item.in_(chunk)))
            self.session.execute(delete(ItemRow).where(ItemRow.key.in_(chunk)))
        pictures = self._unused({row.image for row in rows.values()})
        return Removed(tuple(sorted(rows)), pictures)

    def _rows(self, skus: Iterable[str]) -> dict[str, ItemRow]:
        query = select(ItemRow).where(ItemRow.catalogue == self.name)
        return {
            row.sku: row
            for chunk in chunks(skus)
            for row in self.session.execute(query.where(ItemRow.sku.in_(chunk))).scalars()
        }

    def _added(self, entry: Entry, now: datetime) -> ItemRow:
        row = ItemRow(catalogue=self.name, sku=entry.item.sku, created_at=now)
        self.session.add(row)
        return row

    def _write_vectors(self, written: Sequence[tuple[ItemRow, Vector]]) -> None:
        held: dict[int, VectorRow] = {}
        for chunk in chunks(row.key for row, _ in written):
            query = select(VectorRow).where(VectorRow.item.in_(chunk), VectorRow.position == 0)
            held |= {row.item: row for row in self.session.execute(query).scalars()}
        for row, vector in written:
            kept = held.get(row.key)
            if kept is None:
                kept = VectorRow(item=row.key, position=0)
                self.session.add(kept)
            kept.id = vector_id(self.name, row.sku, row.image_hash, vector.fingerprint)
            kept.image_hash, kept.fingerprint = row.image_hash, vector.fingerprint
            kept.dim, kept.data = len(vector.unit), pack(vector.unit)
        self.session.flush()

    def _unused(self, names: Iterable[str]) -> frozenset[str]:
        used: set[str] = set()
        candidates = frozenset(names)
        for chunk in chunks(sorted(candidates)):
            query = select(ItemRow.image).where(ItemRow.image.in_(chunk)).distinct()
            used |= set(self.session.execute(query).scalars())
        return candidates - used

    def _touch(self, *, searched: bool) -> None:
        row = self.session.get(CatalogueRow, self.name)
        if row is None:
            row = CatalogueRow(name=self.name, revision=0, vector_revision=0)
            self.session.add(row)
        row.revision += 1
        row.vector_revision += int(searched)
        self.session.flush()
