"""Which lists to read for a question, said by how deep its answer lies before anything is read.

The k-th of what a filter lets through may be the ten-thousandth of all. `Reach` was measured when
the index was built. For each question the lists that hold allowed vectors say how deep that is
there; so a filter that is thin, or that lies far from the question, gets as many lists as it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_DOUBT: Final = 2
"""How many times k must have been met before a filtered answer's depth is believed: a first list may
by chance hold many, and what lies behind it be missed."""
_GLANCE: Final = 32
"""Lists that settle how many to read for nearly every question."""
_FIRST: Final = 128
"""Lists that are looked at first; all of them are put in order only where these do not settle it."""


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

    @cached_property
    def _logarithms(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.log(self.depths), np.log(self.lists)

    def of(self, depth: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return how many lists each depth takes; past what was measured, in proportion."""
        if len(self.depths) == 0:
            return np.full(depth.shape, np.iinfo(np.int32).max, np.int64)
        known = np.exp(np.interp(np.log(depth), *self._logarithms))
        beyond = np.maximum(depth / self.depths[-1], 1)
        reach: NDArray[np.int64] = np.ceil(known * beyond).astype(np.int64)
        return reach


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

    def nearest(
        self, turned: NDArray[np.float32], k: int, counts: NDArray[np.int64], reach: Reach
    ) -> int | None:
        """Return how many of the nearest lists to read for one question; None where it takes a plan.

        Args:
            turned: (1, short).
            k: how many are wanted, at most as many as pass.
            counts: (lists,) int64, how many of each list's vectors pass.
            reach: as measured.
        """
        _, order = self.quantiser.search(turned, min(_GLANCE, len(self.sizes)))
        held, sizes = counts[order[0]], self.sizes[order[0]]
        passing = held.cumsum()
        at = int(passing.searchsorted(_DOUBT * k))  # where the last that counts is met
        if at == len(held):
            return None
        missing = _DOUBT * k - int(passing[at]) + int(held[at])
        depth = int(sizes[:at].sum()) + missing * int(sizes[at]) / int(held[at])
        needed = max(int(reach.of(np.asarray(depth))), at + 1)
        return needed if needed <= min(_FIRST, len(self.sizes)) else None

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
        k = min(_DOUBT * k, int(counts.sum()))
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
