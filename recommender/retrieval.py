"""What may be proposed, and the candidates for one slot with their vectors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.items import Audience, Availability, CatalogItem, Filters
from recommender.outfit import Outfit
from recommender.services import Searcher
from segmentation.taxonomy import Category

CANDIDATES: Final = 200
"""So many items of a slot are scored; a slot that has fewer is scored whole."""
BUYABLE: Final = frozenset(Availability) - {Availability.OUT_OF_STOCK}
ADULT: Final = frozenset(Audience) - {Audience.KIDS}


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates, aligned.

    Attributes:
        items: m items, nearest to the outfit first.
        vectors_unit: (m, d) float32 unit rows.
    """

    items: tuple[CatalogItem, ...]
    vectors_unit: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.items)


def proposable(filters: Filters) -> Filters:
    """Return filters with what goes without saying: nothing sold out, kids' items only on request.

    Audience only ever excludes: without it, women's, men's and unisex items all answer.
    """
    return replace(
        filters,
        availability=filters.availability or BUYABLE,
        audiences=filters.audiences or ADULT,
    )


def narrowed(filters: Filters, kinds: Collection[Category]) -> Filters | None:
    """Return filters that also hold the answer to some kinds; None where nothing could pass."""
    both = frozenset(kinds) & filters.categories if filters.categories else frozenset(kinds)
    return replace(filters, categories=both) if both else None


def candidates(searcher: Searcher, outfit: Outfit, filters: Filters) -> Pool:
    """Return the items nearest to the whole outfit among those that pass."""
    ranking = searcher.nearest(centre(outfit.vectors_unit), CANDIDATES, filters)
    items = tuple(hit.item for hit in ranking)
    if not items:
        return Pool((), np.zeros((0, outfit.vectors_unit.shape[1]), dtype=np.float32))
    return Pool(items, searcher.vectors_of([item.sku for item in items]))


def centre(vectors_unit: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the unit mean of (n, d) unit rows, n at least 1.

    >>> centre(np.eye(2, dtype=np.float32)).round(3).tolist()
    [0.7070000171661377, 0.7070000171661377]
    """
    mean = vectors_unit.mean(axis=0)
    length = float(np.linalg.norm(mean))
    # rows that cancel out have no middle; the first stands for them
    return np.asarray(mean / length if length > 1e-6 else vectors_unit[0], dtype=np.float32)
