"""Vectors in inverted lists, shortened and compressed; what they choose is compared again by fp16 rows.

A vector is kept in the lists by its coordinates in the few directions that hold nearly all of its
length. Where all vectors may answer, one call of FAISS shortens the question, reads as many lists
as was measured to be enough, and compares candidates by the rows. Under a filter `plan.Lists` says
which lists to read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt
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
    settled,
    use_threads,
)
from index.stores.faiss.files import HalfRows
from index.stores.faiss.passing import Passing
from index.stores.faiss.plan import DOUBT, Chosen, Lists, Reach
from index.stores.faiss.remembered import Remembered

COMPARED: Final = 2_000
"""Maximum number of allowed vectors that are compared exactly: 1 ms at 256 numbers."""
_ALWAYS: Final = 256
"""Allowed vectors below which reading lists never pays."""
_EVEN: Final = 0.25
"""The share that passes of nearly every list from which on questions need not be told apart: none lies
far from what passes."""
_AT_ONCE: Final = 4_000_000
"""Numbers of candidates that are brought to float32 together."""


@dataclass(frozen=True, eq=False)
class QuantisedStore:
    """Inverted lists whose ids are rows, and the rows themselves.

    Attributes:
        index: an IndexPreTransform that shortens vectors for an IndexIVF.
        ivf: that IndexIVF.
        whole: an IndexRefine of both and `rows`.
        turn: (short, dim) float32, what shortens.
        keys: the key of each row.
        rows: every vector.
        lists: their centres and sizes.
        list_of: (n,) int32, the list of each row.
        reach: how many lists to read.
        width: how many times k candidates are compared exactly.
        few: maximum number of allowed vectors that are compared exactly.
        remembered: what was made of filters.
        usual: how many lists are read for the k nearest of all, by k.
        everything: the filter that all pass.
    """

    index: Any
    ivf: Any
    whole: Any
    turn: NDArray[np.float32]
    keys: RowKeys
    rows: HalfRows
    lists: Lists
    list_of: NDArray[np.int32]
    reach: Reach
    width: int
    everything: Passing
    few: int = COMPARED
    remembered: Remembered[Passing] = field(default_factory=Remembered, init=False, repr=False)
    usual: dict[int, int] = field(default_factory=dict, init=False, repr=False)

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
        linear: Any = faiss.downcast_VectorTransform(index.chain.at(0))
        turn = faiss.vector_to_array(linear.A).reshape(linear.d_out, linear.d_in)
        ivf: Any = faiss.downcast_index(index.index)
        ivf.parallel_mode = 3  # FAISS: a batch's questions are shared among threads
        sizes, list_of = _places(ivf, len(keys))
        centres = ivf.quantizer.reconstruct_n(0, ivf.nlist)
        lists = Lists(faiss.downcast_index(ivf.quantizer), centres, sizes)
        whole = faiss.IndexRefine(index, rows.index())
        everything = Passing(len(keys), np.empty(0, np.int64), sizes, None)
        return cls(
            index, ivf, whole, turn, RowKeys.of(keys), rows, lists, list_of, reach, width, everything
        )  # fmt: skip

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.turn.shape[1])

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
            return self._all(queries, k)
        passing = self.remembered.of(allowed, lambda: self._passing(allowed))
        held = passing.rows
        if len(held) == self.count:
            return self._all(queries, k)
        if len(held) <= max(self._worth(), 2 * k):
            scores = np.empty((len(queries), 0), np.float32)
            if len(held):
                scores = product(queries, self.rows.roughly(held))
            return among(queries, k, self.keys.keys[held], scores)
        return self._some(queries, k, passing)

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; see `VectorStore.vectors_of`."""
        return self.rows.at(self.keys.rows_of_all(keys))

    def _worth(self) -> int:
        """Return how many allowed vectors are sooner compared than found in lists.

        With m of n allowed, the first takes m steps and the second reads some n / m vectors.
        """
        return min(self.few, max(_ALWAYS, isqrt(2 * self.count)))

    def _passing(self, allowed: NDArray[np.int64]) -> Passing:
        return Passing.of(self.keys.held(allowed), self.list_of, self.lists.sizes)

    def _all(self, queries: NDArray[np.float32], k: int) -> Neighbours:
        """Return the k nearest of all, of as many lists as were measured to be enough."""
        wanted = min(k, self.count)
        lists = self.usual.get(wanted)
        if lists is None:
            lists = int(self.reach.of(np.asarray(wanted, np.float64)))
            self.usual[wanted] = lists = min(lists, len(self.lists.sizes))
        return self._nearest(queries, k, lists, self.everything)

    def _some(self, queries: NDArray[np.float32], k: int, passing: Passing) -> Neighbours:
        """Return the k nearest of what passes; more than k do."""
        lists = None
        if passing.least >= _EVEN:
            lists = self.reach.quick(DOUBT * k / passing.least, least=1)
        elif len(queries) == 1:
            turned = queries @ self.turn.T
            lists = self.lists.nearest(turned, k, passing.counts_listed, self.reach)
        if lists is not None:
            lists = min(_rounded(lists), len(self.lists.sizes))
            return self._nearest(queries, k, lists, passing)
        return self._through(queries, k, passing)

    def _nearest(
        self, queries: NDArray[np.float32], k: int, lists: int, passing: Passing
    ) -> Neighbours:
        """Return the k nearest of what passes in some of the lists nearest to each question.

        One call of FAISS does it all. Where these lists hold fewer than k, others are read as well.
        """
        wanted = min(k, passing.total)
        most = self._candidates(wanted, passing)
        parameters = passing.parameters(wanted, most, lists)
        use_threads(len(queries) * lists * self.count // len(self.lists.sizes))
        scores = np.empty((len(queries), wanted), np.float32)
        rows = np.empty((len(queries), wanted), np.int64)
        self.whole.search_c(
            len(queries), pointer(queries), wanted, pointer(scores), pointer(rows), parameters
        )
        if wanted == k and settled(scores):
            return Neighbours(self.keys.keys[rows], scores)
        if rows.min() < 0:
            return self._through(queries, k, passing)
        return ordered(self.keys.keys[rows], scores, k)

    def _candidates(self, k: int, passing: Passing) -> int:
        return min(max(k * self.width, k + 8), passing.total)

    def _through(self, queries: NDArray[np.float32], k: int, passing: Passing) -> Neighbours:
        """Return the k nearest of what passes, from lists that are chosen for each question."""
        wanted = min(k, passing.total)
        turned = queries @ self.turn.T
        chosen = self.lists.choose(turned, wanted, passing.counts, self.reach)
        most = self._candidates(wanted, passing)
        return self._compared(queries, k, self._read(turned, most, chosen, passing.selector))

    def _read(
        self, turned: NDArray[np.float32], most: int, chosen: Chosen, selector: Any
    ) -> NDArray[np.int64]:
        """Return (q, most) rows that the compressed vectors call nearest; -1 is none."""
        use_threads(int(self.lists.sizes[np.maximum(chosen.lists, 0)].sum()))
        rough = np.empty((len(turned), most), np.float32)
        rows = np.empty((len(turned), most), np.int64)
        probes = chosen.lists.shape[1]
        parameters: Any = faiss.SearchParametersIVF
        result = parameters(nprobe=probes, sel=selector) if selector else parameters(nprobe=probes)
        # FAISS's own wrapper takes no parameters here
        self.ivf.search_preassigned_c(
            len(turned), pointer(turned), most, pointer(chosen.lists), pointer(chosen.scores),
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
            exact = self.rows.roughly(some.ravel()).reshape(*some.shape, self.dim)
            asked = queries[at : at + step, :, np.newaxis]
            scores[at : at + step] = np.matmul(exact, asked)[:, :, 0]
        keys = np.where(rows < 0, -1, self.keys.keys[np.maximum(rows, 0)])
        return ordered(keys, scores, k)


def _rounded(lists: int) -> int:
    """Return a little more, with three binary digits that count: few parameters serve all.

    >>> [_rounded(n) for n in (1, 5, 9, 13, 100)]
    [1, 5, 10, 14, 112]
    """
    step = 1 << max(lists.bit_length() - 3, 0)
    return -(-lists // step) * step


def _places(ivf: Any, count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return how many vectors each list holds, and the list of each row.

    Raises:
        ValueError: the lists do not hold every row once.
    """
    sizes = np.asarray([ivf.invlists.list_size(n) for n in range(ivf.nlist)], np.int64)
    list_of = np.full(count, -1, np.int32)
    for number in np.flatnonzero(sizes).tolist():
        ids: NDArray[np.int64] = faiss.rev_swig_ptr(
            ivf.invlists.get_ids(number), int(sizes[number])
        )
        if ids.min() < 0 or ids.max() >= count:
            raise ValueError("lists: got a row that is not held; expected each row once")
        list_of[ids] = number
    if int(sizes.sum()) != count or (list_of < 0).any():
        raise ValueError(f"lists: got {sizes.sum()} rows; expected each of {count} once")
    return sizes, list_of
