"""Scores, pairs, prices and rules -> the best choices of one row for each slot: beam search. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

HARMONY: Final = 0.25
"""Weight of how well a look's items go with one another, against their own scores."""
WIDTH: Final = 16
"""Beam width: unfinished looks that are kept from one slot to the next."""

Rows: TypeAlias = NDArray[np.intp]
Floats: TypeAlias = NDArray[np.float64]


class Whole(Protocol):
    """What a look keeps to as a whole, with what is worn beside it."""

    def costs(self, held: Rows, rows: Rows) -> Floats:
        """Return (b, r): what each of (b, t) looks costs with one more row, infinite where refused."""


@dataclass(frozen=True, eq=False)
class Board:
    """What is known of m candidates, aligned.

    Attributes:
        picked: number of them, from the first, that stand in every look.
        scores: (m,) 0 to 1.
        beside: (m, m) at most 1, symmetric: how well each two go together.
        prices: (m,) Decimals; zero for what has none.
        budget: the most that a look may cost.
        whole: what looks keep to; None for nothing.
    """

    picked: int
    scores: Floats
    beside: Floats
    prices: NDArray[np.object_]
    budget: Decimal | None = None
    whole: Whole | None = None

    def cheapest(self, rows: Rows) -> Decimal:
        """Return the least price among rows, at least one."""
        least: Decimal = min(self.prices[rows])
        return least


@dataclass(frozen=True, eq=False)
class Beam:
    """Looks, b of them, best first, unfinished or done.

    Attributes:
        rows: (b, t) what each holds.
        merits: (b,) at most 1.
        scores: (b,) sum of the scores.
        pairs: (b,) sum over each two of them.
        beside: (b, m) for every candidate the sum over what is held.
        spent: (b,) Decimals.
    """

    rows: Rows
    merits: Floats
    scores: Floats
    pairs: Floats
    beside: Floats
    spent: NDArray[np.object_]


def best(board: Board, slots: Sequence[Rows], width: int = WIDTH) -> Beam:
    """Return the best looks that were found, what is picked first in each.

    Merit is 0.75 * the mean score + 0.25 * the mean of each two, less what the whole costs. Of equals,
    the one whose rows are lower counts, earlier slots before later ones. A slot of which every row is
    refused stays empty.

    Args:
        board: all candidates.
        slots: the rows that may stand at each slot, at least one; the cheapest of all slots, with
            what is picked, must be within the budget.
        width: unfinished looks that are kept from one slot to the next.
    """
    beam = _picked(board)
    reserve = sum((board.cheapest(rows) for rows in slots), Decimal(0))
    for rows in slots:
        reserve -= board.cheapest(rows)  # what the slots still to come need at least
        beam = _extended(board, beam, rows, reserve, width) or beam
    return beam


def _extended(board: Board, beam: Beam, rows: Rows, reserve: Decimal, width: int) -> Beam | None:
    """Return the best looks that hold one more row, and leave a reserve of the budget."""
    scores = beam.scores[:, None] + board.scores[rows]
    pairs = beam.pairs[:, None] + beam.beside[:, rows]
    merits = _merit(scores, pairs, beam.rows.shape[1] + 1)
    if board.whole is not None:
        merits = np.round(merits - board.whole.costs(beam.rows, rows), 9)
    if board.budget is not None:
        room = board.budget - reserve - beam.spent
        merits[board.prices[rows][None, :] > room[:, None]] = -np.inf
    order = np.argsort(-merits, axis=None, kind="stable")[:width]
    order = order[np.isfinite(merits.ravel()[order])]
    if not len(order):
        return None
    parents, places = np.divmod(order, len(rows))
    new = rows[places]
    return Beam(
        rows=np.column_stack([beam.rows[parents], new]),
        merits=merits.ravel()[order],
        scores=scores.ravel()[order],
        pairs=pairs.ravel()[order],
        beside=beam.beside[parents] + board.beside[new],
        spent=beam.spent[parents] + board.prices[new],
    )


def _picked(board: Board) -> Beam:
    """Return the one look that holds only what is picked."""
    rows = np.arange(board.picked)
    scores = board.scores[rows].sum(keepdims=True)
    pairs = np.triu(board.beside[np.ix_(rows, rows)], 1).sum(keepdims=True)[0]
    return Beam(
        rows=rows[None],
        merits=_merit(scores, pairs, board.picked),
        scores=scores,
        pairs=pairs,
        beside=board.beside[rows].sum(axis=0, keepdims=True),
        spent=np.array([sum(board.prices[rows], Decimal(0))], dtype=np.object_),
    )


def _merit(scores: Floats, pairs: Floats, size: int) -> Floats:
    """Return the merits of looks of `size` items from their sums; zero where they hold nothing."""
    if size < 2:
        return np.round(scores, 9)
    couples = size * (size - 1) / 2
    # rounded, so that looks that differ by the order of adding only are equals
    return np.round((1 - HARMONY) * scores / size + HARMONY * pairs / couples, 9)
