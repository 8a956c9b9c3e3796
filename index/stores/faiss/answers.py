"""What every kind of FAISS store shares: keys and their rows, and how answers are put in order."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from operator import gt
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.stores import Neighbours

_SPARSE: Final = 4
"""Maximum ratio of numbers to keys at which a table of all of them is worth its memory."""
_BLOCK: Final = 512
_ONE_THREAD: Final = 200_000
"""Maximum number of comparisons at which one thread is best: they take 3 ms, and to wait for a second thread on
a busy processor cost 8 ms here, whatever there was to do."""
_ALL_THREADS: Final[int] = faiss.omp_get_max_threads()
THREADS: Final = ContextVar("threads", default=_ALL_THREADS)
"""The most threads that one search may take."""


@dataclass(frozen=True, eq=False)
class RowKeys:
    """The key of each row.

    Attributes:
        keys: (n,) int64, ascending.
        table: (last - first + 1,) int32, the row of each number from the first key on, or -1; empty
            where the keys are too far apart.
    """

    keys: NDArray[np.int64]
    table: NDArray[np.int32]

    @classmethod
    def of(cls, keys: NDArray[np.int64]) -> RowKeys:
        """Return the keys of rows 0 to n - 1.

        Raises:
            ValueError: they are not ascending.
        """
        if not bool((np.diff(keys) > 0).all()):
            raise ValueError(f"keys: got {len(keys)} in another order; expected them ascending")
        table = np.empty(0, np.int32)
        if len(keys) and int(keys[-1]) - int(keys[0]) < _SPARSE * len(keys):
            table = np.full(int(keys[-1] - keys[0]) + 1, -1, np.int32)
            table[keys - keys[0]] = np.arange(len(keys), dtype=np.int32)
        return cls(keys, table)

    def rows(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return (m,) rows of (m,) keys; -1 for a key that is not held."""
        if len(self.keys) == 0:
            return np.full(len(wanted), -1, np.int64)
        if len(self.table):
            at = wanted - self.keys[0]
            inside = (at >= 0) & (at < len(self.table))
            found: NDArray[np.int64] = self.table[np.where(inside, at, 0)].astype(np.int64)
            return np.where(inside, found, -1)
        near = np.searchsorted(self.keys, wanted)
        near[near == len(self.keys)] = 0
        return np.where(self.keys[near] == wanted, near, -1)

    def held(self, allowed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of those ascending keys that are held, ascending."""
        rows = self.rows(allowed)
        return rows[rows >= 0]

    def rows_of_all(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return (m,) rows.

        Raises:
            KeyError: a key is not held.
        """
        rows = self.rows(wanted)
        if (rows < 0).any():
            raise KeyError(f"no vector has key {int(wanted[rows < 0][0])}")
        return rows


def use_threads(comparisons: int) -> None:
    """Set the number of FAISS threads that a number of comparisons is worth, on this thread."""
    faiss.omp_set_num_threads(1 if comparisons <= _ONE_THREAD else THREADS.get())


def product(queries: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (q, n) inner products, in blocks too small for the library to share among threads."""
    blocks = (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))
    return np.concatenate([queries @ block.T for block in blocks], axis=1)


def best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the places of the k best of (n,) scores, best first, ties in order of place."""
    bar = np.partition(scores, len(scores) - k)[len(scores) - k]
    places = np.flatnonzero(scores >= bar)
    order = np.argsort(-scores[places], kind="stable")
    return places[order[:k]]


def nothing(queries: int, k: int) -> Neighbours:
    """Return the answer where nothing may answer."""
    return ordered(np.empty((queries, 0), np.int64), np.empty((queries, 0), np.float32), k)


def among(
    queries: NDArray[np.float32], k: int, keys: NDArray[np.int64], scores: NDArray[np.float32]
) -> Neighbours:
    """Return the k nearest, given (n,) ascending keys and each query's (q, n) scores of them."""
    if len(keys) == 0:
        return nothing(len(queries), k)
    places = np.stack([best(row, min(k, len(keys))) for row in scores])
    return ordered(keys[places], np.take_along_axis(scores, places, 1), k)


def ordered(keys: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> Neighbours:
    """Return the k best of (q, n) answers, best first, ties by key; a key of -1 is none."""
    scores = np.minimum(np.maximum(scores, np.float32(-1)), np.float32(1))
    scores[keys < 0] = -np.inf
    order = np.lexsort((keys, -scores), axis=1)[:, :k]
    best_keys = np.full((len(keys), k), -1, np.int64)
    best_scores = np.full((len(keys), k), -np.inf, np.float32)
    each = np.arange(len(keys))[:, np.newaxis]
    best_keys[:, : order.shape[1]] = keys[each, order]
    best_scores[:, : order.shape[1]] = scores[each, order]
    return Neighbours(best_keys, best_scores)


def settled(scores: NDArray[np.float32]) -> bool:
    """Return whether (q, k) scores are cosines that fall strictly: `ordered` would change nothing."""
    if len(scores) == 1:  # NumPy's comparisons take longer than ten of Python's
        row = scores[0].tolist()
        return bool(row[0] <= 1 and row[-1] >= -1 and all(map(gt, row, row[1:])))
    inside = scores.max() <= 1 and scores.min() >= -1
    return bool(inside and (scores[:, 1:] < scores[:, :-1]).all())


def pointer(array: NDArray[Any]) -> Any:
    """Return an array's address for FAISS; the array must outlive the call."""
    return faiss.swig_ptr(array)
