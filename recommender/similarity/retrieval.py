"""What may be proposed, and the candidates for one slot with their vectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import Audience, Availability, CatalogItem
from index.model.questions import Question
from recommender.outfits.outfit import Outfit
from recommender.ports import Searcher
from segmentation.common.taxonomy import Category, Slot

CANDIDATES: Final = 200
"""Maximum number of items of a slot that are scored."""
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


def candidates(
    searcher: Searcher, outfit: Outfit, filters: Mapping[Slot, Filters]
) -> dict[Slot, Pool]:
    """Return for each slot the items nearest to the whole outfit among those that pass."""
    try:
        return _candidates(searcher, outfit, filters)
    except ItemNotFound:  # taken out of the catalogue between being found and being looked up
        return _candidates(searcher, outfit, filters)


def _candidates(
    searcher: Searcher, outfit: Outfit, filters: Mapping[Slot, Filters]
) -> dict[Slot, Pool]:
    query = centre(outfit.vectors_unit)
    rankings = searcher.nearest_all(
        [Question(query, CANDIDATES, each) for each in filters.values()]
    )
    found = {
        slot: tuple(hit.item for hit in ranking)
        for slot, ranking in zip(filters, rankings, strict=True)
    }
    # one question for all slots' vectors: asking costs more than answering
    vectors = searcher.vectors_of([item.sku for items in found.values() for item in items])
    pools, start = {}, 0
    for slot, items in found.items():
        pools[slot] = Pool(items, vectors[start : start + len(items)])
        start += len(items)
    return pools


def centre(vectors_unit: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the unit mean of (n, d) unit rows, n at least 1.

    >>> centre(np.eye(2, dtype=np.float32)).round(3).tolist()
    [0.7070000171661377, 0.7070000171661377]
    """
    mean = vectors_unit.mean(axis=0)
    length = float(np.linalg.norm(mean))
    # rows that cancel out have no middle; the first stands for them
    return np.asarray(mean / length if length > 1e-6 else vectors_unit[0], dtype=np.float32)
