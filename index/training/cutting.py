"""The catalogue's items as the encoder sees them, cut out anew from their stored pictures."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.catalogue.catalog import DEFAULT
from index.catalogue.embeddings import Embeddings
from index.catalogue.entries import Entry
from index.database.database import Database
from index.files.images import ImageStore
from index.importing.encoding import Cutter
from index.model.items import CatalogItem
from segmentation.common.errors import PhotoError
from segmentation.common.garments import Rgb
from segmentation.common.photo import decode

_TOLD_EVERY = 200


@dataclass(frozen=True)
class Cutting:
    """What is cut out of the pictures of which catalogue."""

    database: Database
    images: ImageStore
    cutter: Cutter
    catalogue: str = DEFAULT

    def items(
        self, limit: int, report: Callable[[str], None] = lambda _line: None
    ) -> list[tuple[CatalogItem, Rgb]]:
        """Return up to `limit` items as their feed gave them, each with its cut-out.

        Where there are more, those are taken whose sku has the least SHA-256: always the same ones,
        and of every kind. Items whose picture cannot be read are left out.

        Args:
            limit: how many.
            report: called with progress and what is left out.
        """
        chosen = heapq.nsmallest(limit, self._entries(), key=_by_chance)
        found = []
        for number, entry in enumerate(chosen, start=1):
            try:
                photo = decode(self.images.path_of(entry.picture.name).read_bytes())
            except (OSError, ValueError, PhotoError) as error:
                report(f"{entry.item.sku}: {error}")
                continue
            found.append((entry.item, self.cutter(photo, entry.item.category)[0]))
            if number % _TOLD_EVERY == 0:
                report(f"{number} of {len(chosen)} items cut out")
        return found

    def _entries(self) -> Iterator[Entry]:
        after = ""
        while True:
            with self.database.reading() as session:
                page = Embeddings(session, self.catalogue).foreign("", after=after, every=True)
            if not page:
                return
            yield from page
            after = page[-1].item.sku


def _by_chance(entry: Entry) -> str:
    return hashlib.sha256(entry.item.sku.encode()).hexdigest()
