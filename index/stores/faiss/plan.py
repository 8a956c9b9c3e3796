"""Which lists to read for a question, said by how deep its answer lies before anything is read.

The k-th of what a filter lets through may be the ten-thousandth of all. `Reach` was measured when
the index was built. For each question the lists that hold allowed vectors say how deep that is
there; so a filter that is thin, or that lies far from the question, gets as many lists as it needs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.stores.faiss.answers import pointer

DOUBT: Final = 2
"""How many times k must have been met before a filtered answer's depth is believed: a first list may
by chance hold many, and what lies behind it be missed."""
_GLANCE: Final = 16
"""Lists that settle how many to read for nearly every question."""
_FIRST: Final = 128
"""Lists that are looked at first; all of them are put in order only where these do not settle it."""

_STEPS: Final = [2 ** (step / 4) for step in range(41)]
"""Depths that a table of reach has, 1 to 1,024; between two the deeper one counts."""


@dataclass(frozen=True, eq=False)
class Reach:
    """How many lists hold the nearest, as measured.

    Attributes:
        depths: ascending: how many of the nearest of all are wanted.
        lists: how many lists nearest to the question hold nearly all of those.
    """

    depths: NDArray[np.float64]
    lists: NDArray[np.float64]

    def __post_init__(self) -> None:
        rising = bool((np.diff(self.depths) > 0).all() and (np.diff(self.lists) >= 0).all())
        known = len(self.depths) == 0 or (self.depths[0] > 0 and self.lists[0] >= 1)
        if len(self.depths) != len(self.lists) or not (rising and known):
            raise ValueError(
                f"reach: got {self.lists} lists for {self.depths}; expected rising numbers from 1"
            )

    def of(self, depth: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return how many lists each depth takes; past what was measured, in proportion."""
        if len(self.depths) == 0:
            return np.full(depth.shape, np.iinfo(np.int32).max, np.int64)
        known = np.exp(np.interp(np.log(depth), np.log(self.depths), np.log(self.lists)))
        beyond = np.maximum(depth / self.depths[-1], 1)
        reach: NDArray[np.int64] = np.ceil(known * beyond).astype(np.int64)
        return reach

    def quick(self, depth: float, least: int) -> int | None:
        """Return at least how many lists one depth takes, from a table; None where that ends."""
        step = bisect_left(_STEPS, depth)
        return max(self._table[step], least) if step < len(_STEPS) else None

    @cached_property
    def _table(self) -> list[int]:
        return list(self.of(np.asarray(_STEPS)).tolist())


@dataclass(frozen=True, eq=False)
class Chosen:
    """Lists to read, nearest first.

    Attributes:
        lists: (q, p) int64; -1 is none.
        scores: (q, p) float32 inner products of question and centre.
    """

    lists: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lists:
    """What is known of inverted lists without reading them.

    Attributes:
        quantiser: FAISS's index of their centres.
        centres: (lists, short) float32.
        sizes: (lists,) int64, how many vectors each list holds.
    """

    quantiser: Any
    centres: NDArray[np.float32]
    sizes: NDArray[np.int64]

    @cached_property
    def sizes_listed(self) -> list[int]:
        """The sizes as plain numbers."""
        return list(self.sizes.tolist())

    def nearest(
        self, turned: NDArray[np.float32], k: int, held: Sequence[int], reach: Reach
    ) -> int | None:
        """Return how many of the nearest lists to read for one question; None where it takes a plan.

        Args:
            turned: (1, short).
            k: how many are wanted; twice as many pass.
            held: how many of each list's vectors pass; plain numbers, which Python adds sooner.
            reach: as measured.
        """
        most = min(_GLANCE, len(self.sizes))
        scores, order = np.empty((1, most), np.float32), np.empty((1, most), np.int64)
        self.quantiser.search_c(1, pointer(turned), most, pointer(scores), pointer(order))
        missing, gone = DOUBT * k, 0
        for number, place in enumerate(order[0].tolist(), 1):
            here = held[place]
            if here >= missing:
                depth = gone + missing * self.sizes_listed[place] / here
                return reach.quick(depth, least=number)
            missing -= here
            gone += self.sizes_listed[place]
        return None

    def choose(
        self, turned: NDArray[np.float32], k: int, counts: NDArray[np.int64], reach: Reach
    ) -> Chosen:
        """Return the lists to read for the k nearest, given how many of each list's vectors pass.

        Args:
            turned: (q, short) shortened questions.
            k: how many are wanted, at most as many as pass.
            counts: (lists,) int64, 1 or more of them in all.
            reach: as measured.
        """
        k = min(DOUBT * k, int(counts.sum()))
        if len(self.sizes) > _FIRST:
            scores, order = self.quantiser.search(turned, _FIRST)
            chosen = self._cut(order, scores, k, counts, reach)
            if chosen is not None:
                return chosen
        scores = turned @ self.centres.T
        order = np.argsort(-scores, axis=1)
        chosen = self._cut(order, np.take_along_axis(scores, order, 1), k, counts, reach)
        assert chosen is not None, "all lists together hold k"
        return chosen

    def _cut(
        self,
        order: NDArray[np.int64],
        scores: NDArray[np.float32],
        k: int,
        counts: NDArray[np.int64],
        reach: Reach,
    ) -> Chosen | None:
        """Return as much of the nearest lists as is needed; None where it may need more."""
        held, sizes = counts[order], self.sizes[order]
        passing = np.cumsum(held, axis=1)
        whole = order.shape[1] == len(self.sizes)
        if not whole and passing[:, -1].min() < k:
            return None
        first = np.argmax(passing >= k, axis=1)[:, np.newaxis]  # where the k-th is met
        there, size = np.take_along_axis(held, first, 1), np.take_along_axis(sizes, first, 1)
        met = np.take_along_axis(passing, first, 1) - there
        gone = np.take_along_axis(np.cumsum(sizes, axis=1), first, 1) - size
        depth = gone + (k - met) * size / np.maximum(there, 1)
        needed = np.maximum(reach.of(np.maximum(depth, 1)), first + 1)
        most = min(int(needed.max()), len(self.sizes))
        if most > order.shape[1]:
            return None
        unread = (np.arange(most) >= needed) | (held[:, :most] == 0)
        return Chosen(np.where(unread, -1, order[:, :most]), np.ascontiguousarray(scores[:, :most]))
