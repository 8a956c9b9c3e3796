"""Exact: every vector in memory, compared by inner product.

Up to some thousand vectors nothing is faster by much, and whatever is misses answers. Once
built it is never changed; FAISS is safe to search from many threads, not to change meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.files import durable
from index.files.manifest import FileRecord, Manifest
from index.stores import Neighbours, check_rows
from index.stores.faiss import gpu
from index.stores.faiss.answers import RowKeys, among, nothing, ordered, product, use_threads
from index.stores.faiss.files import read_index
from index.stores.faiss.remembered import Remembered

KIND: Final = "faiss-flat"
_FILE: Final = "vectors.faiss"
_FEW: Final = 20_000
"""Maximum number of allowed vectors for which one matrix product over just them beats FAISS."""
_COPY_COST: Final = 8
"""How many rows are multiplied while one is copied: 4,550 of 5,000 take 0.1 ms, copied 0.5 ms."""


@dataclass(frozen=True, eq=False)
class FaissStore:
    """An IndexIDMap2 over an IndexFlatIP.

    Attributes:
        index: the FAISS index.
        keys: the key of each row.
        rows: (n, dim) float32, a view of FAISS's own memory.
        whole: what searches all of it: the index itself, or its copy on the GPU.
        remembered: what was made of filters.
    """

    index: Any
    keys: RowKeys
    rows: NDArray[np.float32]
    whole: Any
    remembered: Remembered[tuple[NDArray[np.int64], Any]] = field(
        default_factory=Remembered, init=False, repr=False
    )

    @classmethod
    def build(cls, keys: NDArray[np.int64], vectors_unit: NDArray[np.float32]) -> FaissStore:
        """Return a store of (n,) int64 keys, ascending and unique, and (n, dim) unit rows.

        Raises:
            ValueError: the keys are not ascending, or are not as many as the rows, or a row is
                not finite or not of length 1.
        """
        check_rows(vectors_unit, vectors_unit.shape[-1])
        if len(keys) != len(vectors_unit) or not bool((np.diff(keys) > 0).all()):
            raise ValueError(f"keys: got {len(keys)}; expected {len(vectors_unit)}, ascending")
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors_unit.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors_unit), keys)
        return cls._around(index)

    @classmethod
    def _around(cls, index: Any) -> FaissStore:
        keys = RowKeys.of(faiss.vector_to_array(index.id_map).astype(np.int64))
        flat: Any = faiss.downcast_index(index.index)
        rows = np.empty((0, index.d), np.float32)
        if index.ntotal:
            rows = faiss.rev_swig_ptr(flat.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
        return cls(index, keys, rows, gpu.for_search(index))

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.index.d)

    @property
    def count(self) -> int:
        """Number of vectors."""
        return len(self.rows)

    def search(
        self,
        vectors_unit: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Neighbours:
        """Return the k nearest of each query; see `VectorStore.search`."""
        check_rows(vectors_unit, self.dim)
        queries = np.ascontiguousarray(vectors_unit, np.float32)
        if allowed is None:
            return self._all(queries, min(k, self.count), None, k)
        held, selector = self.remembered.of(allowed, lambda: self._passing(allowed))
        if len(held) == self.count:
            return self._all(queries, min(k, self.count), None, k)
        if len(held) <= _FEW:
            return self._among(queries, k, held)
        parameters: Any = faiss.SearchParameters  # its stubs forget the keyword
        return self._all(queries, min(k, len(held)), parameters(sel=selector), k)

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; see `VectorStore.vectors_of`."""
        return np.array(self.rows[self.keys.rows_of_all(keys)])

    def save(self, folder: Path) -> dict[str, FileRecord]:
        """Write the store's files into a folder and return their records."""
        durable.write(folder / _FILE, faiss.serialize_index(self.index).tobytes())
        return {_FILE: FileRecord.of(folder / _FILE)}

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> FaissStore:
        """Return the store that `save` wrote.

        Raises:
            IndexDamaged: a file is missing, cut short, changed, or not this kind of index.
        """
        where = folder / _FILE
        if manifest.store != KIND:
            raise IndexDamaged.of(where, got=manifest.store, expected=KIND)
        index = read_index(folder, _FILE, manifest)
        if not isinstance(index, faiss.IndexIDMap2) or index.d != manifest.dim:
            raise IndexDamaged.of(where, got=type(index).__name__, expected="IndexIDMap2")
        if not isinstance(faiss.downcast_index(index.index), faiss.IndexFlat):
            raise IndexDamaged.of(where, got="another index inside", expected="IndexFlatIP")
        if not index.ntotal == index.id_map.size() == manifest.count:
            raise IndexDamaged.of(where, got=f"{index.ntotal}", expected=f"{manifest.count}")
        return cls._around(index)

    def _passing(self, allowed: NDArray[np.int64]) -> tuple[NDArray[np.int64], Any]:
        """Return the rows that pass, and FAISS's set of their keys where it is asked for one."""
        held = self.keys.held(allowed)
        many = _FEW < len(held) < self.count
        return held, faiss.IDSelectorBatch(self.keys.keys[held]) if many else None

    def _all(self, queries: NDArray[np.float32], k: int, parameters: Any, width: int) -> Neighbours:
        if k == 0:
            return nothing(len(queries), width)
        use_threads(self.count * len(queries))
        if parameters is None:
            scores, keys = self.whole.search(queries, k)
        else:
            scores, keys = self.index.search(queries, k, params=parameters)
        return ordered(keys, scores, width)

    def _among(self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64]) -> Neighbours:
        if len(rows) * _COPY_COST < self.count:
            chosen = self.rows[rows]
            return among(queries, k, self.keys.keys[rows], _scores(queries, chosen))
        # to copy rows together costs more than to multiply some in vain
        scores = _scores(queries, self.rows)[:, rows]
        return among(queries, k, self.keys.keys[rows], scores)


def _scores(queries: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return product(queries, rows) if len(rows) else np.empty((len(queries), 0), np.float32)
