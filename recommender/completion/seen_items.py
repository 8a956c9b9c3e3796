"""What items are to the stylist, worked out once for all questions in which they come up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np

from index.facts.heads import FactHeads
from index.model.items import CatalogItem
from index.model.recent import Recent
from recommender.outfits.dress.likely import with_likely
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.row_memory import digests
from recommender.similarity.retrieval import Pool

MOST: Final = 32_768
"""So many items are remembered at most, 3 KB each: all that a shop of 15,000 has."""


@dataclass(frozen=True, eq=False)
class SeenItems:
    """Items as they come up in questions; most come up again, if only in the next change that is tried.

    They are known as the very objects that the catalogue gave, which stay alive while they are
    remembered: after any change of the catalogue it gives others.

    Attributes:
        stylist: whose pieces they are.
        heads: what reads facts off their vectors; None where the encoder has none.
    """

    stylist: Stylist
    heads: FactHeads | None
    _likely: Recent[int, tuple[CatalogItem, int, CatalogItem]] = field(
        default_factory=lambda: Recent(MOST), init=False
    )
    _pieces: Recent[int, tuple[CatalogItem, Piece]] = field(
        default_factory=lambda: Recent(MOST), init=False
    )

    def likely(self, pool: Pool) -> Pool:
        """Return a pool whose items' facts have shares; see `with_likely`."""
        seen = [
            self._held(item, digest)
            for item, digest in zip(pool.items, digests(pool.vectors_unit), strict=True)
        ]
        new = [row for row, item in enumerate(seen) if item is None]
        if new:
            items, rows = tuple(pool.items[row] for row in new), pool.vectors_unit[np.array(new)]
            made = with_likely(items, rows, self.heads)
            for row, item, digest, each in zip(new, items, digests(rows), made, strict=True):
                self._likely[id(item)] = item, digest, each
                seen[row] = each
        return replace(pool, items=tuple(item for item in seen if item is not None))

    def piece(self, item: CatalogItem) -> Piece:
        """Return an item as the stylist sees it."""
        held = self._pieces.get(id(item))
        if held is None:
            held = self._pieces[id(item)] = item, self.stylist.item(item)
        return held[1]

    def _held(self, item: CatalogItem, digest: int) -> CatalogItem | None:
        held = self._likely.get(id(item))
        return held[2] if held is not None and held[1] == digest else None


@lru_cache(maxsize=4)
def seen_by(stylist: Stylist, heads: FactHeads | None) -> SeenItems:
    """Return the items that a stylist with these heads has seen, in any question."""
    return SeenItems(stylist, heads)
