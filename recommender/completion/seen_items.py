"""What items are to the stylist, worked out once for a question and for every change that it tries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from index.facts.heads import FactHeads
from index.model.items import CatalogItem
from recommender.outfits.dress.likely import with_likely
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.stylist import Stylist
from recommender.similarity.retrieval import Pool


@dataclass(frozen=True, eq=False)
class SeenItems:
    """Items as they come up in one question; most come up again in the next thing that it tries.

    Attributes:
        stylist: whose pieces they are.
        heads: what reads facts off their vectors; None where the encoder has none.
    """

    stylist: Stylist
    heads: FactHeads | None
    _likely: dict[str, tuple[CatalogItem, CatalogItem]] = field(default_factory=dict, init=False)
    _pieces: dict[str, tuple[CatalogItem, Piece]] = field(default_factory=dict, init=False)

    def likely(self, pool: Pool) -> Pool:
        """Return a pool whose items' facts have shares; see `with_likely`."""
        new = [row for row, item in enumerate(pool.items) if self._held(item) is None]
        if new:
            items = tuple(pool.items[row] for row in new)
            made = with_likely(items, pool.vectors_unit[np.array(new)], self.heads)
            self._likely.update(
                {item.sku: (item, seen) for item, seen in zip(items, made, strict=True)}
            )
        return replace(pool, items=tuple(self._likely[item.sku][1] for item in pool.items))

    def piece(self, item: CatalogItem) -> Piece:
        """Return an item as the stylist sees it."""
        held = self._pieces.get(item.sku)
        if held is None or held[0] is not item:  # the catalogue may have changed meanwhile
            held = self._pieces[item.sku] = item, self.stylist.item(item)
        return held[1]

    def _held(self, item: CatalogItem) -> CatalogItem | None:
        held = self._likely.get(item.sku)
        return held[1] if held is not None and held[0] is item else None
