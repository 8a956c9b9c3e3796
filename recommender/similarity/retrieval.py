"""What may be proposed, and the candidates for one slot with their vectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import Audience, Availability, CatalogItem
from index.model.questions import FieldQuestion, Question
from recommender.compatibility.model import Scorer
from recommender.outfits.outfit import Outfit
from recommender.ports import Searcher
from segmentation.common.taxonomy import Category, Slot

CANDIDATES: Final = 200
"""Maximum number of items of a slot that are scored."""
FITTING: Final = 100
"""So many of them fit best by the scorer's question; the others are nearest to what is worn. Those that fit
best are few and much the same for many outfits, and what else a look needs may refuse them all."""
NEAREST: Final = 150
"""So many of these are looked for: some of them fit best as well."""
BUYABLE: Final = frozenset(Availability) - {Availability.OUT_OF_STOCK}
ADULT: Final = frozenset(Audience) - {Audience.KIDS}


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates, aligned.

    Attributes:
        items: m items, those first that fit the outfit best or are nearest to it.
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
    searcher: Searcher, outfit: Outfit, filters: Mapping[Slot, Filters], scorer: Scorer
) -> dict[Slot, Pool]:
    """Return for each slot the items that may be proposed, of those that pass.

    Some fit best by the scorer's question, the others are nearest to the whole outfit: all of them where
    the scorer asks none, or the index holds nothing to ask.

    Args:
        searcher: the catalogue.
        outfit: what is worn.
        filters: slot -> which items may be proposed; each names its kinds.
        scorer: of the candidates.
    """
    try:
        return _candidates(searcher, outfit, filters, scorer)
    except ItemNotFound:  # taken out of the catalogue between being found and being looked up
        return _candidates(searcher, outfit, filters, scorer)


def _candidates(
    searcher: Searcher, outfit: Outfit, filters: Mapping[Slot, Filters], scorer: Scorer
) -> dict[Slot, Pool]:
    best = _fitting(searcher, outfit, filters, scorer)
    near = _near(searcher, outfit, filters, NEAREST if best else CANDIDATES)
    found = {slot: _joined(best.get(slot, ()), near[slot]) for slot in filters}
    # one question for all slots' vectors: asking costs more than answering
    vectors = searcher.vectors_of([item.sku for items in found.values() for item in items])
    pools, start = {}, 0
    for slot, items in found.items():
        pools[slot] = Pool(items, vectors[start : start + len(items)])
        start += len(items)
    return pools


def _joined(best: Sequence[CatalogItem], near: Sequence[CatalogItem]) -> tuple[CatalogItem, ...]:
    """Return candidates, each once."""
    return tuple({item.sku: item for item in (*best, *near)}.values())[:CANDIDATES]


def _fitting(
    searcher: Searcher, outfit: Outfit, filters: Mapping[Slot, Filters], scorer: Scorer
) -> dict[Slot, Sequence[CatalogItem]]:
    """Return the items that fit best; nothing where the scorer or the index cannot say."""
    kinds = {slot: sorted(passing.categories) for slot, passing in filters.items()}
    wanted = [kind for of_slot in kinds.values() for kind in of_slot]
    asks = scorer.asks(outfit, wanted) if wanted and scorer.field else None
    if asks is None or scorer.field is None:
        return {}
    questions, start = [], 0
    for slot, of_slot in kinds.items():
        each = [replace(filters[slot], categories=frozenset({kind})) for kind in of_slot]
        rows = asks[start : start + len(of_slot)]
        questions.append(FieldQuestion(rows, tuple(each), FITTING))
        start += len(of_slot)
    found = searcher.in_field(scorer.field, questions)
    return dict(zip(kinds, found, strict=True)) if found else {}


def _near(
    searcher: Searcher, outfit: Outfit, filters: Mapping[Slot, Filters], count: int
) -> dict[Slot, tuple[CatalogItem, ...]]:
    """Return the items nearest to the mean of what is worn."""
    query = centre(outfit.vectors_unit)
    asked = [Question(query, count, each) for each in filters.values()]
    rankings = searcher.nearest_all(asked)
    return {
        slot: tuple(hit.item for hit in ranking)
        for slot, ranking in zip(filters, rankings, strict=True)
    }


def centre(vectors_unit: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the unit mean of (n, d) unit rows, n at least 1.

    >>> centre(np.eye(2, dtype=np.float32)).round(3).tolist()
    [0.7070000171661377, 0.7070000171661377]
    """
    mean = vectors_unit.mean(axis=0)
    length = float(np.linalg.norm(mean))
    # rows that cancel out have no middle; the first stands for them
    return np.asarray(mean / length if length > 1e-6 else vectors_unit[0], dtype=np.float32)
