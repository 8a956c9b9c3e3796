"""Wanted kinds -> the items of each slot that may be proposed, and paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np

from index.model.filters import Filters
from recommender.compatibility.model import Scorer
from recommender.completion.outfit_context import Worn, currency_of
from recommender.ports import Searcher
from recommender.similarity.retrieval import Pool, candidates, narrowed, proposable
from segmentation.common.taxonomy import Category, Slot


def find(
    kinds: Mapping[Slot, Collection[Category]],
    there: Worn,
    searcher: Searcher,
    scorer: Scorer,
    *,
    filters: Filters,
    budget: Decimal | None = None,
) -> dict[Slot, Pool]:
    """Return the items of every wanted slot; none where the filters leave no kind.

    Args:
        kinds: wanted slot -> the kinds that may fill it.
        there: what is worn; what is picked is not found again.
        searcher: the catalogue.
        scorer: of the items.
        filters: which items may be proposed, beyond what goes without saying.
        budget: the most that a look may cost. What one item alone must not cost is what the picks
            leave of it, and all items are of one currency then.

    Raises:
        RequestError: the budget cannot count the picks.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    passing = proposable(filters)
    passing = replace(passing, exclude=passing.exclude | {item.sku for item in there.picked})
    if budget is not None:
        left = max(Decimal(0), budget - there.spent)
        bounds = [each for each in (left, filters.max_price) if each is not None]
        passing = replace(passing, max_price=min(bounds))
    by_slot = {slot: narrowed(passing, allowed) for slot, allowed in kinds.items()}
    possible = {slot: narrow for slot, narrow in by_slot.items() if narrow is not None}
    found = candidates(searcher, there.outfit, possible, scorer)
    if budget is not None:
        found = _one_currency(found, currency_of(there.picked))
    nothing = Pool((), np.zeros((0, there.outfit.vectors_unit.shape[1]), dtype=np.float32))
    return dict.fromkeys(by_slot, nothing) | found


def _one_currency(found: Mapping[Slot, Pool], currency: str) -> dict[Slot, Pool]:
    """Return what is sold in a currency; in the commonest one where it is empty."""
    counts = Counter(item.currency for pool in found.values() for item in pool.items)
    kept = currency or min(counts, key=lambda each: (-counts[each], each), default="")
    return {slot: _sold_in(kept, pool) for slot, pool in found.items()}


def _sold_in(currency: str, pool: Pool) -> Pool:
    rows = [row for row, item in enumerate(pool.items) if item.currency == currency]
    return Pool(tuple(pool.items[row] for row in rows), pool.vectors_unit[rows])
