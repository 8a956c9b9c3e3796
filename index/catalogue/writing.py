"""Changes to the catalogue, in the session they are given: one transaction a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from index.catalogue.catalog import DEFAULT, unused
from index.catalogue.entries import Entry, Vector
from index.catalogue.records import chunks, fill
from index.catalogue.views import ViewWriter
from index.database.tables import CatalogueRow, ItemRow, PictureRow, VectorRow

__all__ = ["CatalogWriter", "Entry", "Removed", "Vector"]


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
        catalogue = self._touched()
        rows = self._rows(entry.item.sku for entry in entries)
        before = self._shown(rows.values())
        kinds = {sku: row.category for sku, row in rows.items()}
        now = datetime.now(UTC)
        for entry in entries:
            row = rows.get(entry.item.sku) or self._added(entry, now)
            fill(row, entry.item, entry.picture)
            row.updated_at = now
            rows[entry.item.sku] = row
        self.session.flush()
        written = [(rows[entry.item.sku], entry) for entry in entries]
        if ViewWriter(self.session, self.name).write(written, kinds):
            catalogue.vector_revision += 1
        return unused(self.session, before)

    def remove(self, skus: Iterable[str]) -> Removed:
        """Take items out, with their vectors. Unknown skus are left out of the answer."""
        rows = self._rows(skus)
        if rows:
            self._touched().vector_revision += 1
        shown = self._shown(rows.values())
        for chunk in chunks(row.key for row in rows.values()):
            for table, column in (
                (VectorRow, VectorRow.item),
                (PictureRow, PictureRow.item),
                (ItemRow, ItemRow.key),
            ):
                self.session.execute(delete(table).where(column.in_(chunk)))
        pictures = unused(self.session, shown)
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

    def _shown(self, rows: Iterable[ItemRow]) -> frozenset[str]:
        """Return the names of all pictures of these items."""
        held = list(rows)
        names = {row.image for row in held}
        for chunk in chunks(row.key for row in held):
            query = select(PictureRow.image).where(PictureRow.item.in_(chunk))
            names |= set(self.session.execute(query).scalars())
        return frozenset(names)

    def _touched(self) -> CatalogueRow:
        """Return the catalogue's row, which says that something changed."""
        row = self.session.get(CatalogueRow, self.name)
        if row is None:
            row = CatalogueRow(name=self.name, revision=0, vector_revision=0, lineage=uuid4().hex)
            self.session.add(row)
        row.revision += 1
        self.session.flush()
        return row
