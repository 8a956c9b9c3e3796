"""Vectors in inverted lists, compressed; what they choose is compared again by stored fp16 rows.

How many lists are read follows from how deep an answer lies: the k-th of what a filter lets
through may be the ten-thousandth of all. `Reach` was measured when the index was built. For each
question the lists that hold allowed vectors say, before anything is read, how deep that is there;
so a filter that is thin, or that lies far from the question, gets as many lists as it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.stores import Neighbours, check_rows
from index.stores.faiss.answers import (
    RowKeys,
    among,
    nothing,
    ordered,
    pointer,
    product,
    use_threads,
)
from index.stores.faiss.files import HalfRows
from index.stores.faiss.remembered import Remembered

COMPARED: Final = 2_000
"""Maximum number of allowed vectors that are compared exactly: 1 ms at 256 numbers."""
_DOUBT: Final = 2
"""How many times k must have been met before a filtered answer's depth is believed: a first list may
by chance hold many, and what lies behind it be missed."""
_AT_ONCE: Final = 4_000_000
"""Numbers of candidates that are brought to float32 together."""


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


@dataclass(frozen=True, eq=False)
class _Passing:
    """A filter as FAISS takes it.

    Attributes:
        rows: (m,) ascending rows that pass.
        counts: (lists,) how many of them each list holds.
        selector: FAISS's set of them.
    """

    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    selector: Any


@dataclass(frozen=True, eq=False)
class QuantisedStore:
    """An IndexIVF whose ids are rows, and the rows themselves.

    Attributes:
        index: the FAISS index.
        keys: the key of each row.
        rows: every vector.
        centres: (lists, dim) float32 unit rows.
        sizes: (lists,) int64, how many vectors each list holds.
        list_of: (n,) int32, the list of each row.
        reach: how many lists to read.
        width: how many times k candidates are compared exactly.
        few: maximum number of allowed vectors that are compared exactly.
        remembered: what was made of filters.
    """

    index: Any
    keys: RowKeys
    rows: HalfRows
    centres: NDArray[np.float32]
    sizes: NDArray[np.int64]
    list_of: NDArray[np.int32]
    reach: Reach
    width: int
    few: int = COMPARED
    remembered: Remembered[_Passing] = field(default_factory=Remembered, init=False, repr=False)

    @classmethod
    def around(
        cls, index: Any, keys: NDArray[np.int64], rows: HalfRows, reach: Reach, width: int
    ) -> QuantisedStore:
        """Return the store of a filled index.

        Raises:
            ValueError: the lists do not hold every row once, or the width is below 1.
        """
        if width < 1:
            raise ValueError(f"width: got {width}; expected 1 or more")
        index.parallel_mode = 3  # FAISS: a batch's questions are shared among threads
        sizes = np.asarray([index.invlists.list_size(n) for n in range(index.nlist)], np.int64)
        list_of = np.full(len(keys), -1, np.int32)
        for number in np.flatnonzero(sizes).tolist():
            ids: NDArray[np.int64] = faiss.rev_swig_ptr(
                index.invlists.get_ids(number), int(sizes[number])
            )
            if ids.min() < 0 or ids.max() >= len(keys):
                raise ValueError("lists: got a row that is not held; expected each row once")
            list_of[ids] = number
        if int(sizes.sum()) != len(keys) or (list_of < 0).any():
            raise ValueError(f"lists: got {sizes.sum()} rows; expected each of {len(keys)} once")
        centres = index.quantizer.reconstruct_n(0, index.nlist)
        return cls(index, RowKeys.of(keys), rows, centres, sizes, list_of, reach, width)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.index.d)

    @property
    def count(self) -> int:
        """Number of vectors."""
        return len(self.list_of)

    def search(
        self,
        vectors_unit: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Neighbours:
        """Return the k nearest of each query; see `VectorStore.search`."""
        check_rows(vectors_unit, self.dim)
        queries = np.ascontiguousarray(vectors_unit, np.float32)
        if len(queries) == 0:
            return nothing(0, k)
        if allowed is None:
            return self._through(queries, k, self.sizes, None)
        passing = self.remembered.of(allowed, lambda: self._passing(allowed))
        held = passing.rows
        if len(held) == self.count:
            return self._through(queries, k, self.sizes, None)
        if len(held) <= max(self.few, 2 * k):
            scores = np.empty((len(queries), 0), np.float32)
            if len(held):
                scores = product(queries, self.rows.at(held))
            return among(queries, k, self.keys.keys[held], scores)
        return self._through(queries, k, passing.counts, passing.selector)

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; see `VectorStore.vectors_of`."""
        return self.rows.at(self.keys.rows_of_all(keys))

    def _passing(self, allowed: NDArray[np.int64]) -> _Passing:
        held = self.keys.held(allowed)
        passing = np.zeros(self.count, np.bool_)
        passing[held] = True
        counts = np.bincount(self.list_of[held], minlength=len(self.sizes))
        bitmap: Any = faiss.IDSelectorBitmap  # its stubs know C++ alone
        return _Passing(held, counts, bitmap(np.packbits(passing, bitorder="little")))

    def _through(
        self, queries: NDArray[np.float32], k: int, counts: NDArray[np.int64], selector: Any
    ) -> Neighbours:
        """Return the k nearest of what a selector passes; (lists,) `counts` of it in each list."""
        wanted = min(k, int(counts.sum()))
        scores = queries @ self.centres.T
        lists = self._plan(scores, wanted, counts)
        near = np.take_along_axis(scores, np.maximum(lists, 0), 1)
        most = min(max(wanted * self.width, wanted + 8), int(counts.sum()))
        candidates = self._read(queries, most, lists, near, selector)
        return self._compared(queries, k, candidates)

    def _plan(
        self, scores: NDArray[np.float32], k: int, counts: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return (q, p) numbers of the lists to read for each question, nearest first; -1 is none."""
        if counts is self.sizes:
            order = _nearest(scores, self._simple_reach(k))
            if (self.sizes[order].sum(axis=1) >= k).all():
                return order
        k = min(_DOUBT * k, int(counts.sum()))
        order = np.argsort(-scores, axis=1)
        passing = np.cumsum(counts[order], axis=1)
        first = np.argmax(passing >= k, axis=1)[:, np.newaxis]  # where the k-th is met
        there = np.take_along_axis(order, first, 1)
        met = np.take_along_axis(passing, first, 1) - counts[there]
        gone = (
            np.take_along_axis(np.cumsum(self.sizes[order], axis=1), first, 1) - self.sizes[there]
        )
        depth = gone + (k - met) * self.sizes[there] / np.maximum(counts[there], 1)
        reach = np.maximum(self.reach.of(np.maximum(depth, 1)), first + 1)
        reach = np.minimum(reach, scores.shape[1])
        order = order[:, : int(reach.max())]
        unread = (np.arange(order.shape[1]) >= reach) | (counts[order] == 0)
        return np.where(unread, -1, order)

    def _simple_reach(self, k: int) -> int:
        lists = int(self.reach.of(np.asarray([max(k, 1)], np.float64))[0])
        return min(lists, len(self.sizes))

    def _read(
        self,
        queries: NDArray[np.float32],
        most: int,
        lists: NDArray[np.int64],
        near: NDArray[np.float32],
        selector: Any,
    ) -> NDArray[np.int64]:
        """Return (q, most) rows that the compressed vectors call nearest; -1 is none."""
        use_threads(int(self.sizes[np.maximum(lists, 0)].sum()))
        lists, near = np.ascontiguousarray(lists), np.ascontiguousarray(near)
        rough = np.empty((len(queries), most), np.float32)
        rows = np.empty((len(queries), most), np.int64)
        probes = lists.shape[1]
        parameters: Any = faiss.SearchParametersIVF
        result = parameters(nprobe=probes, sel=selector) if selector else parameters(nprobe=probes)
        # FAISS's own wrapper takes no parameters here
        self.index.search_preassigned_c(
            len(queries), pointer(queries), most, pointer(lists), pointer(near),
            pointer(rough), pointer(rows), False, result,
        )  # fmt: skip
        return rows

    def _compared(
        self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64]
    ) -> Neighbours:
        """Return the k best of (q, m) candidate rows by their exact scores."""
        scores = np.empty(rows.shape, np.float32)
        step = max(1, _AT_ONCE // max(1, rows.shape[1] * self.dim))
        for at in range(0, len(queries), step):
            some = np.maximum(rows[at : at + step], 0)
            exact = self.rows.at(some.ravel()).reshape(*some.shape, self.dim)
            scores[at : at + step] = np.einsum("qd,qmd->qm", queries[at : at + step], exact)
        keys = np.where(rows < 0, -1, self.keys.keys[np.maximum(rows, 0)])
        return ordered(keys, scores, k)


def _nearest(scores: NDArray[np.float32], lists: int) -> NDArray[np.int64]:
    """Return (q, lists) numbers of the lists with the best scores, nearest first."""
    if lists >= scores.shape[1]:
        return np.argsort(-scores, axis=1)
    chosen = np.argpartition(-scores, lists - 1, axis=1)[:, :lists]
    order = np.argsort(-np.take_along_axis(scores, chosen, 1), axis=1)
    return np.take_along_axis(chosen, order, 1)
