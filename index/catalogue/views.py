"""The pictures of items and their vectors, written position by position."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from index.catalogue.entries import Entry, View
from index.catalogue.records import chunks
from index.database.tables import ItemRow, PictureRow, VectorRow
from index.model.vectors import pack, vector_id

WAITING: Final = ""
"""The fingerprint of a vector that was made of what its item no longer shows: no encoder's."""

Place: TypeAlias = tuple[int, int]
"""An item's key and a position."""
Change: TypeAlias = tuple[VectorRow, View, uuid.UUID]
"""A vector's row, what it is written from, and its new id."""


@dataclass(frozen=True)
class ViewWriter:
    """The `pictures` and `vectors` of one catalogue in one writing session."""

    session: Session
    name: str

    def write(self, written: Sequence[tuple[ItemRow, Entry]], kinds: Mapping[str, str]) -> bool:
        """Bring pictures and vectors of items to what their entries say.

        Args:
            written: each item's row, as it is now, and what it was written from.
            kinds: the categories that known items had before, by sku.

        Returns:
            Whether anything changed that is searched.
        """
        keys = [row.key for row, _ in written]
        self._write_pictures(written, keys)
        vectors, gone = self._vectors(written, keys)
        changes: list[Change] = []
        stale = 0
        for row, entry in written:
            moved = kinds.get(row.sku, row.category) != row.category
            for position, view in enumerate(entry.views):
                held = vectors.get((row.key, position))
                if view.vector is not None:
                    name = vector_id(
                        self.name, row.sku, view.picture.image_hash, view.vector.fingerprint
                    )
                    kept = held or VectorRow(item=row.key, position=position)
                    changes.append((kept, view, name))
                elif held and (moved or held.image_hash != view.picture.image_hash):
                    held.fingerprint, held.id = WAITING, uuid.uuid4()
                    stale += 1
        self._change(changes)
        return bool(gone or stale or changes)

    def _vectors(
        self, written: Sequence[tuple[ItemRow, Entry]], keys: Sequence[int]
    ) -> tuple[dict[Place, VectorRow], int]:
        """Return the vectors that items keep, and how many pictures are gone with theirs."""
        held: dict[Place, VectorRow] = {}
        for chunk in chunks(keys):
            query = select(VectorRow).where(VectorRow.item.in_(chunk))
            held |= {(row.item, row.position): row for row in self.session.execute(query).scalars()}
        lengths = {row.key: len(entry.views) for row, entry in written if entry.more is not None}
        gone = [at for at in held if at[1] >= lengths.get(at[0], at[1] + 1)]
        for chunk in chunks(held.pop(at).key for at in gone):
            # at once: a row that takes over the id of one of these is written by the next flush
            self.session.execute(delete(VectorRow).where(VectorRow.key.in_(chunk)))
        return held, len(gone)

    def _write_pictures(
        self, written: Sequence[tuple[ItemRow, Entry]], keys: Sequence[int]
    ) -> None:
        held: dict[Place, PictureRow] = {}
        for chunk in chunks(keys):
            query = select(PictureRow).where(PictureRow.item.in_(chunk))
            held |= {(row.item, row.position): row for row in self.session.execute(query).scalars()}
        for row, entry in written:
            if entry.more is None:
                continue
            for position, view in enumerate(entry.more, start=1):
                kept = held.pop((row.key, position), None)
                if kept is None:
                    kept = PictureRow(item=row.key, position=position)
                    self.session.add(kept)
                kept.image, kept.image_hash = view.picture.name, view.picture.image_hash
            for at in [at for at in held if at[0] == row.key]:
                self.session.delete(held.pop(at))
        self.session.flush()

    def _change(self, changes: Sequence[Change]) -> None:
        """Write vectors. Pictures that change places pass their ids on, each unique at any moment."""
        wanted = {name for _, _, name in changes}
        for kept, _, name in changes:
            if kept.key is not None and kept.id != name and kept.id in wanted:
                kept.id = uuid.uuid4()
        self.session.flush()
        for kept, view, name in changes:
            if view.vector is None:
                continue
            kept.id, kept.image_hash = name, view.picture.image_hash
            kept.fingerprint = view.vector.fingerprint
            kept.dim, kept.data = len(view.vector.unit), pack(view.vector.unit)
            self.session.add(kept)
        self.session.flush()
