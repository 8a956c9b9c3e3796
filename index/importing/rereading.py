"""Attributes read anew from stored vectors: nothing is cut out or encoded for it.

The phrases and thresholds of an encoder may change while its weights stay; what was read with the
old ones would stay in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.catalogue.embeddings import Embeddings
from index.catalogue.entries import Entry
from index.catalogue.writing import CatalogWriter
from index.database.database import Database
from index.encoders.attributes import ANSWERED, AttributeReader
from index.importing.encoding import ImageEncoder


@dataclass(frozen=True)
class Rereader:
    """Brings one catalogue's attributes to what an encoder says of its vectors today."""

    database: Database
    catalogue: str
    encoder: ImageEncoder
    reader: AttributeReader

    def run(self) -> int:
        """Return how many items changed; each page of them is one transaction."""
        changed, after = 0, ""
        while entries := self._page(after):
            fresh = self._differing(entries)
            if fresh:
                with self.database.writing() as session:
                    CatalogWriter(session, self.catalogue).upsert(fresh)
            changed += len(fresh)
            after = entries[-1].item.sku
        return changed

    def _page(self, after: str) -> list[Entry]:
        with self.database.reading() as session:
            stored = Embeddings(session, self.catalogue)
            return stored.seen(self.encoder.fingerprint, self.encoder.dim, after=after)

    def _differing(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries whose answers changed, without their vectors: those stay."""
        read = self.reader.read(
            [None] * len(entries),
            np.stack([entry.vector.unit for entry in entries if entry.vector is not None]),
            [entry.item.category for entry in entries],
        )
        differing = []
        for entry, told in zip(entries, read, strict=True):
            before = entry.picture.measured
            kept = {name: value for name, value in before.items() if name not in ANSWERED}
            now = {**kept, **told.known()}
            if now != dict(before):
                picture = replace(entry.picture, measured=now)
                differing.append(Entry(entry.item, picture))
        return differing
