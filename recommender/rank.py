"""Scores -> which items to show, and which looks they make. Pure; equal input is equal output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.items import CatalogItem
from recommender.look import Candidate, Look
from segmentation.taxonomy import Slot

DIVERSITY: Final = 0.3
"""Weight of being unlike what is chosen already, against the score's remainder."""
FLOOR: Final = 0.85
"""Diversity lifts no item that scores less than this share of the best."""
HARMONY: Final = 0.25
"""Weight of going with the look's other picks, against the candidate's own score."""

Together = Callable[[CatalogItem, CatalogItem], float]
"""How well two items go together, 0 to 1."""


def diverse(
    scores: NDArray[np.float32],
    vectors_unit: NDArray[np.float32],
    k: int,
    *,
    diversity: float = DIVERSITY,
    floor: float = FLOOR,
) -> list[int]:
    """Return the rows to show, at most `k`, in order of choice: maximal marginal relevance.

    Each step takes the row with the highest `(1 - diversity) * score - diversity * (its highest
    cosine to a chosen row)`; the best row is always first. Rows below the floor follow by score
    alone. Ties go to the earlier row [Carbonell and Goldstein, SIGIR 1998].

    Args:
        scores: (m,) 0 to 1.
        vectors_unit: (m, d) unit rows.
        k: rows to return.
        diversity: 0 orders by score alone, 1 by unlikeness alone.
        floor: share of the best score.

    >>> rows = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> diverse(np.array([0.9, 0.89, 0.8], dtype=np.float32), rows, 2)
    [0, 2]
    """
    if len(scores) == 0 or k < 1:
        return []
    by_score: list[int] = np.argsort(-scores, kind="stable").tolist()
    limit = floor * float(scores[by_score[0]])
    open_rows = [row for row in by_score if float(scores[row]) >= limit]
    rest = by_score[len(open_rows) :]
    chosen = [open_rows.pop(0)]
    nearest = vectors_unit @ vectors_unit[chosen[0]]
    while open_rows and len(chosen) < k:
        gains = (1 - diversity) * scores[open_rows] - diversity * nearest[open_rows]
        chosen.append(open_rows.pop(int(np.argmax(gains))))
        nearest = np.maximum(nearest, vectors_unit @ vectors_unit[chosen[-1]])
    return (chosen + rest)[:k]


def looks(
    pools: Mapping[Slot, Sequence[Candidate]],
    count: int,
    *,
    together: Together,
    budget: Decimal | None = None,
) -> tuple[Look, ...]:
    """Return up to `count` looks with picks; none where no slot has a candidate.

    The fullest come first, and of equals the one that had the first choice of items.

    A look is put together slot by slot in the order of `pools`, most essential first; each pick
    has the best mix of its own score and of how well it goes with the picks before. No item is
    repeated from one look to the next where its slot has another.

    Args:
        pools: slot -> candidates, best first; their prices share one currency where `budget` is
            given.
        count: looks at most.
        together: how well two items go together.
        budget: the most that one look may cost; items without a price then stay out.
    """
    money = Decimal("Infinity") if budget is None else budget
    used: set[str] = set()
    made: list[Look] = []
    seen: set[frozenset[str]] = set()
    for _ in range(count):
        look = _one_look(pools, used, together, money)
        skus = frozenset(candidate.item.sku for candidate in look)
        if not skus or skus in seen:
            break
        seen.add(skus)
        used |= skus
        made.append(Look({candidate.slot: candidate for candidate in look}))
    return tuple(sorted(made, key=lambda look: -len(look.picks)))


def shown(
    pool: Sequence[Candidate], made: Sequence[Look], slot: Slot, k: int
) -> tuple[Candidate, ...]:
    """Return `k` candidates of a slot, best first, among them the looks' picks in their order."""
    picks = [look.picks[slot] for look in made if slot in look.picks]
    wanted = list(dict.fromkeys([*picks, *pool]))[:k]
    return tuple(sorted(wanted, key=lambda candidate: (-candidate.score, candidate.item.sku)))


def _one_look(
    pools: Mapping[Slot, Sequence[Candidate]],
    used: Collection[str],
    together: Together,
    money: Decimal,
) -> list[Candidate]:
    left = _affordable({slot: _fresh(pool, used) for slot, pool in pools.items()}, money)
    reserve = sum((_cheapest(pool) for pool in left), Decimal(0))
    picks: list[Candidate] = []
    for pool in left:
        reserve -= _cheapest(pool)  # what the slots still to come need at least
        within = [candidate for candidate in pool if _price(candidate) <= money - reserve]
        merits = {c.item.sku: _merit(c, picks, together) for c in within}
        best = min(within, key=lambda c: (-merits[c.item.sku], c.item.sku))
        money -= _price(best)
        picks.append(best)
    return picks


def _merit(candidate: Candidate, picks: Sequence[Candidate], together: Together) -> float:
    if not picks:
        return candidate.score
    mean = sum(together(candidate.item, pick.item) for pick in picks) / len(picks)
    return (1 - HARMONY) * candidate.score + HARMONY * mean


def _fresh(pool: Sequence[Candidate], used: Collection[str]) -> Sequence[Candidate]:
    return [candidate for candidate in pool if candidate.item.sku not in used] or pool


def _affordable(pools: Mapping[Slot, Sequence[Candidate]], money: Decimal) -> list[list[Candidate]]:
    """Return the pools that the money can fill at once, less essential slots left out first."""
    kept: list[list[Candidate]] = []
    for pool in pools.values():
        priced = [c for c in pool if money.is_infinite() or c.item.asking_price is not None]
        if priced and sum(map(_cheapest, kept), _cheapest(priced)) <= money:
            kept.append(priced)
    return kept


def _cheapest(pool: Sequence[Candidate]) -> Decimal:
    return min(_price(candidate) for candidate in pool)


def _price(candidate: Candidate) -> Decimal:
    price = candidate.item.asking_price
    return Decimal(0) if price is None else price
