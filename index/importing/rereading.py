"""Attributes and facts read anew from stored vectors: nothing is cut out or encoded for it.

The phrases, heads and thresholds of an encoder may change while its weights stay, and so may the tables
of words; what was read with the old ones would stay in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.catalogue.embeddings import Embeddings
from index.catalogue.entries import Entry
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter
from index.database.database import Database
from index.encoders.attributes import ANSWERED, AttributeReader
from index.facts.reader import FactsReader
from index.importing.encoding import ImageEncoder
from index.model.garment_facts import FACTS


@dataclass(frozen=True)
class Rereader:
    """Brings one catalogue's attributes to what an encoder says of its vectors today."""

    database: Database
    catalogue: str
    encoder: ImageEncoder
    reader: AttributeReader | None
    facts: FactsReader

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
        units = np.stack([entry.vector.unit for entry in entries if entry.vector is not None])
        kinds = [entry.item.category for entry in entries]
        known = [facts.known() for facts in self.facts.read(units, kinds)]
        if self.reader is not None:
            read = self.reader.read([None] * len(entries), units, kinds)
            result = self.facts.corrected([each.known() for each in read], units, kinds)
            known = [{**k, **each} for k, each in zip(known, result, strict=True)]
        stale = FACTS if self.reader is None else (*FACTS, *ANSWERED)
        differing = []
        for entry, measured_now in zip(entries, known, strict=True):
            before = entry.picture.measured
            kept = {name: value for name, value in before.items() if name not in stale}
            picture = replace(entry.picture, measured={**kept, **measured_now})
            if picture.measured != dict(before) or self._worded_anew(entry, picture):
                differing.append(Entry(entry.item, picture))
        return differing

    @staticmethod
    def _worded_anew(entry: Entry, picture: Picture) -> bool:
        """Return whether the tables of words say another thing now than is stored."""
        if entry.stored is None:
            return False
        shown = picture.shown_by(entry.item)
        return (shown.facts, shown.pattern) != (entry.stored.facts, entry.stored.pattern)
