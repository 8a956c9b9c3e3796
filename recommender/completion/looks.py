"""Candidates of each slot -> whole looks, their items chosen together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.outfits.beam import WIDTH, Beam, Board, Rows, Whole, best
from recommender.outfits.dress.lacks import EARNED
from recommender.outfits.dress.shades import idea_of
from recommender.outfits.look import Candidate, Look
from recommender.outfits.slots import BY_ESSENCE
from recommender.wire.terms import Idea
from segmentation.common.taxonomy import Slot

FLOOR: Final = 0.65
"""No look has less than this share of the first one's merit."""

Beside: TypeAlias = Callable[[Sequence[CatalogItem]], NDArray[np.float32]]
"""m items -> (m, m), at most 1, symmetric: how well they go beside each other."""
Keeping: TypeAlias = Callable[[Sequence[CatalogItem]], Whole]
"""m items -> what looks of them keep to as a whole."""


@dataclass(frozen=True)
class LookPlan:
    """What one look is to be.

    Attributes:
        slots: which slots it fills, where it can; all that have candidates where empty.
        spare: what may be filled too where one of these stays empty.
        once: those of them that stay empty rather than repeat an item of an earlier look.
        idea: what its colours are about; None for nothing in particular.
        lean: sku -> what an item gains that serves the look.
    """

    slots: tuple[Slot, ...] = ()
    spare: tuple[Slot, ...] = ()
    once: frozenset[Slot] = frozenset()
    idea: Idea | None = None
    lean: Mapping[str, float] = field(default_factory=dict)


def looks(
    pools: Mapping[Slot, Sequence[Candidate]],
    count: int,
    *,
    beside: Beside,
    picked: Sequence[Candidate] = (),
    budget: Decimal | None = None,
    width: int = WIDTH,
    keeping: Keeping | None = None,
    plans: Sequence[LookPlan] = (LookPlan(),),
    worn: Sequence[str] = (),
) -> tuple[Look, ...]:
    """Return up to `count` looks with picks, best first; none where there is nothing to pick.

    A look's merit is 0.75 * the mean score of its items + 0.25 * the mean of how well each two of
    them go together, less what it costs as a whole. Every slot of its plan that has a candidate is
    filled, unless all are refused beside the others; of slots that the budget cannot fill at once,
    the most essential are. No item is repeated from one look to the next where its slot has another
    that can be paid, and no look has less than 0.65 of the first one's merit: then there are fewer
    looks. A look whose idea of colour another has already gives way to one of another idea. The
    fullest come first. Neither the order of the slots nor that of their candidates matters; of
    equals, the first sku is chosen.

    Args:
        pools: slot -> candidates; their prices share one currency where `budget` is given.
        count: looks at most.
        beside: how well items go beside each other; it is asked once.
        picked: what stands in every look, each at a slot that `pools` lacks.
        budget: the most that one look may cost, with what is picked; items without a price then
            stay out.
        width: unfinished looks that are kept from one slot to the next.
        keeping: what looks keep to as a whole.
        plans: for each look in turn, and again from the first.
        worn: main colours of what is worn, by which a look's idea is named.
    """
    stock = _Stock.of(pools, picked, beside, budget, keeping)
    used = np.zeros(len(stock.candidates), dtype=np.bool_)
    made: list[tuple[float, Look]] = []
    least = 0.0
    for number in range(count):
        plan = plans[number % len(plans)]
        slots = stock.affordable(used, plan)
        if slots is None or (made and all(used[rows].all() for rows in slots)):
            break
        beam = best(stock.leaning(plan.lean), slots, width)
        if plan.spare and beam.rows.shape[1] - len(picked) < len(plan.slots):
            more = replace(plan, slots=(*plan.slots, *plan.spare))
            beam = best(stock.leaning(plan.lean), stock.affordable(used, more) or slots, width)
        found = _new_idea(stock, beam, made, worn, least)
        if found is None:
            break
        rows, merit = found
        least = least or FLOOR * merit
        used[rows] = True
        made.append((merit, stock.look(rows, worn)))
    leaned = any(plan.lean for plan in plans)  # else they were made best first
    made.sort(key=lambda each: (-len(each[1].picks), -each[0] if leaned else 0.0))
    return tuple(look for _, look in made)


def _new_idea(
    stock: _Stock,
    beam: Beam,
    made: Sequence[tuple[float, Look]],
    worn: Sequence[str],
    least: float,
) -> tuple[Rows, float] | None:
    """Return the best rows whose idea no look has yet, else the best, and their merit without lean.

    None where nothing has as much merit as is asked for.
    """
    if not beam.rows.shape[1]:
        return None
    before = {look.idea for _, look in made}
    first = None
    for rows in beam.rows:  # to know a merit takes long, and the first often does
        merit = stock.merit(rows)
        if merit < least:
            continue
        if not worn or stock.look(rows, worn).idea not in before:
            return rows, merit
        first = first or (rows, merit)
    return first


def earning(
    pools: Mapping[Slot, Sequence[Candidate]], essential: Collection[Slot]
) -> dict[Slot, tuple[Candidate, ...]]:
    """Return the candidates of each slot; where it is not essential, those that earn their place.

    Where none does, all stand: whether the slot is filled then is decided elsewhere.
    """
    kept = {}
    for slot, pool in pools.items():
        worthy = tuple(each for each in pool if slot in essential or each.cost <= EARNED)
        kept[slot] = worthy or tuple(pool)
    return kept


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
    slots: Mapping[Slot, Rows]
    board: Board

    @classmethod
    def of(
        cls,
        pools: Mapping[Slot, Sequence[Candidate]],
        picked: Sequence[Candidate],
        beside: Beside,
        budget: Decimal | None,
        keeping: Keeping | None,
    ) -> _Stock:
        candidates = _by_sku(picked)
        slots: dict[Slot, Rows] = {}
        for slot in BY_ESSENCE:
            pool = _by_sku(pools.get(slot, ()))
            if budget is not None:
                pool = [each for each in pool if each.item.asking_price is not None]
            if pool:
                slots[slot] = np.arange(len(candidates), len(candidates) + len(pool))
                candidates += pool
        prices = np.empty(len(candidates), dtype=np.object_)
        prices[:] = [each.item.asking_price or Decimal(0) for each in candidates]
        items = [each.item for each in candidates]
        board = Board(
            picked=len(picked),
            scores=np.array([each.score for each in candidates], dtype=np.float64),
            beside=beside(items).astype(np.float64),
            prices=prices,
            budget=budget,
            whole=keeping(items) if keeping is not None else None,
        )
        return cls(tuple(candidates), slots, board)

    def leaning(self, lean: Mapping[str, float]) -> Board:
        """Return the board with scores moved."""
        if not lean:
            return self.board
        moved = np.array([lean.get(each.item.sku, 0.0) for each in self.candidates])
        return replace(self.board, scores=self.board.scores + moved)

    def affordable(self, used: NDArray[np.bool_], plan: LookPlan) -> list[Rows] | None:
        """Return slots that can be filled at once, unused rows of each where those can be paid.

        None where what is picked costs more than the budget already.
        """
        left = Decimal("Infinity") if self.board.budget is None else self.board.budget
        left -= sum(self.board.prices[: self.board.picked], Decimal(0))
        if left < 0:
            return None
        kept: list[Rows] = []
        for slot, rows in self.slots.items():
            if plan.slots and slot not in plan.slots:
                continue
            again = rows[used[rows]] if slot not in plan.once else rows[:0]
            for tried in (rows[~used[rows]], again):
                if len(tried) and self.board.cheapest(tried) <= left:
                    left -= self.board.cheapest(tried)
                    kept.append(tried)
                    break
        return kept

    def merit(self, rows: Rows) -> float:
        """Return the merit of a look, whatever it leaned to."""
        alone = [np.array([row]) for row in rows[self.board.picked :]]
        beam = best(self.board, alone, 1)
        return float(beam.merits[0])

    def look(self, rows: Rows, worn: Sequence[str]) -> Look:
        """Return rows as a look, most essential slot first."""
        chosen = [self.candidates[row] for row in rows]
        chosen.sort(key=lambda candidate: BY_ESSENCE.index(candidate.slot))
        colours = [candidate.item.colour.strip().lower() for candidate in chosen]
        idea = idea_of([name for name in colours if name], worn) if worn else None
        return Look({candidate.slot: candidate for candidate in chosen}, idea=idea)


def _by_sku(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: candidate.item.sku)
