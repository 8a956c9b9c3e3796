"""Candidates of each slot -> whole looks, their items chosen together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.outfits.beam import WIDTH, Board, Rows, best
from recommender.outfits.look import Candidate, Look
from recommender.outfits.slots import BY_ESSENCE
from segmentation.common.taxonomy import Slot

FLOOR: Final = 0.85
"""No look has less than this share of the first one's merit."""

Beside: TypeAlias = Callable[[Sequence[CatalogItem]], NDArray[np.float32]]
"""m items -> (m, m), 0 to 1, symmetric: how well they go beside each other."""


def looks(
    pools: Mapping[Slot, Sequence[Candidate]],
    count: int,
    *,
    beside: Beside,
    picked: Sequence[Candidate] = (),
    budget: Decimal | None = None,
    width: int = WIDTH,
) -> tuple[Look, ...]:
    """Return up to `count` looks with picks, best first; none where there is nothing to pick.

    A look's merit is 0.75 * the mean score of its items + 0.25 * the mean of how well each two of
    them go together. Every slot that has a candidate is filled; of slots that the budget cannot
    fill at once, the most essential are. No item is repeated from one look to the next where its
    slot has another that can be paid, and no look has less than 0.85 of the first one's merit:
    then there are fewer looks. The fullest come first. Neither the order of the slots nor that of
    their candidates matters; of equals, the first sku is chosen.

    Args:
        pools: slot -> candidates; their prices share one currency where `budget` is given.
        count: looks at most.
        beside: how well items go beside each other; it is asked once.
        picked: what stands in every look, each at a slot that `pools` lacks.
        budget: the most that one look may cost, with what is picked; items without a price then
            stay out.
        width: unfinished looks that are kept from one slot to the next.
    """
    stock = _Stock.of(pools, picked, beside, budget)
    used = np.zeros(len(stock.candidates), dtype=np.bool_)
    made: list[Look] = []
    least = 0.0
    for _ in range(count):
        slots = stock.affordable(used)
        if slots is None or (made and all(used[rows].all() for rows in slots)):
            break
        rows, merit = best(stock.board, slots, width)
        if not len(rows) or merit < least:
            break
        least = least or FLOOR * merit
        used[rows] = True
        made.append(stock.look(rows))
    return tuple(sorted(made, key=lambda look: -len(look.picks)))


def shown(
    pool: Sequence[Candidate], made: Sequence[Look], slot: Slot, k: int
) -> tuple[Candidate, ...]:
    """Return `k` candidates of a slot, best first, among them the looks' picks in their order."""
    picks = [look.picks[slot] for look in made if slot in look.picks]
    wanted = list(dict.fromkeys([*picks, *pool]))[:k]
    return tuple(sorted(wanted, key=lambda candidate: (-candidate.score, candidate.item.sku)))


@dataclass(frozen=True, eq=False)
class _Stock:
    """All candidates, numbered: what is picked, then slot by slot, each slot's by their skus.

    Attributes:
        candidates: m of them.
        slots: the rows of each slot that has any, most essential slot first.
        board: what their numbers tell.
    """

    candidates: tuple[Candidate, ...]
    slots: tuple[Rows, ...]
    board: Board

    @classmethod
    def of(
        cls,
        pools: Mapping[Slot, Sequence[Candidate]],
        picked: Sequence[Candidate],
        beside: Beside,
        budget: Decimal | None,
    ) -> _Stock:
        candidates = _by_sku(picked)
        slots: list[Rows] = []
        for slot in BY_ESSENCE:
            pool = _by_sku(pools.get(slot, ()))
            if budget is not None:
                pool = [each for each in pool if each.item.asking_price is not None]
            if pool:
                slots.append(np.arange(len(candidates), len(candidates) + len(pool)))
                candidates += pool
        prices = np.empty(len(candidates), dtype=np.object_)
        prices[:] = [each.item.asking_price or Decimal(0) for each in candidates]
        board = Board(
            picked=len(picked),
            scores=np.array([each.score for each in candidates], dtype=np.float64),
            beside=beside([each.item for each in candidates]).astype(np.float64),
            prices=prices,
            budget=budget,
        )
        return cls(tuple(candidates), tuple(slots), board)

    def affordable(self, used: NDArray[np.bool_]) -> list[Rows] | None:
        """Return slots that can be filled at once, unused rows of each where those can be paid.

        None where what is picked costs more than the budget already.
        """
        left = Decimal("Infinity") if self.board.budget is None else self.board.budget
        left -= sum(self.board.prices[: self.board.picked], Decimal(0))
        if left < 0:
            return None
        kept: list[Rows] = []
        for rows in self.slots:
            for tried in (rows[~used[rows]], rows[used[rows]]):
                if len(tried) and self.board.cheapest(tried) <= left:
                    left -= self.board.cheapest(tried)
                    kept.append(tried)
                    break
        return kept

    def look(self, rows: Rows) -> Look:
        """Return rows as a look, most essential slot first."""
        chosen = [self.candidates[row] for row in rows]
        chosen.sort(key=lambda candidate: BY_ESSENCE.index(candidate.slot))
        return Look({candidate.slot: candidate for candidate in chosen})


def _by_sku(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: candidate.item.sku)
