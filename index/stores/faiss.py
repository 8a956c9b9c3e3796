"""FAISS, exact: every vector in memory, compared by inner product.

Below about 100,000 vectors nothing is faster in practice that does not also miss answers. Once
built it is never changed; FAISS is safe to search from many threads, not to change meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index import durable
from index.errors import IndexDamaged
from index.manifest import FileRecord, Manifest, read_verified
from index.stores import Neighbours, Previous, Vectors, VectorStore, check_rows

KIND: Final = "faiss-flat"
_FILE: Final = "vectors.faiss"
_FEW: Final = 20_000
"""Up to so many allowed vectors, one matrix product over just them beats asking FAISS to skip."""
_COPY_COST: Final = 8
"""How many rows are multiplied while one is copied: 4,550 of 5,000 take 0.1 ms, copied 0.5 ms."""
_BLOCK: Final = 512
_ONE_THREAD: Final = 200_000
"""Up to so many comparisons one thread is best: they take 3 ms, and to wait for a second thread on
a busy processor cost 8 ms here, whatever there was to do."""
_THREADS: Final = faiss.omp_get_max_threads()


@dataclass(frozen=True, eq=False)
class FaissStore:
    """An IndexIDMap2 over an IndexFlatIP.

    Attributes:
        index: the FAISS index.
        keys: (n,) int64, ascending: the key of each row.
        rows: (n, dim) float32, a view of FAISS's own memory.
    """

    index: Any
    keys: NDArray[np.int64]
    rows: NDArray[np.float32]

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
        keys = faiss.vector_to_array(index.id_map).astype(np.int64)
        flat: Any = faiss.downcast_index(index.index)
        rows = np.empty((0, index.d), np.float32)
        if index.ntotal:
            rows = faiss.rev_swig_ptr(flat.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
        return cls(index, keys, rows)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.index.d)

    @property
    def count(self) -> int:
        """Number of vectors."""
        return len(self.keys)

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
        held = self._positions(allowed)
        if len(held) == self.count:
            return self._all(queries, min(k, self.count), None, k)
        if len(held) <= _FEW:
            return self._among(queries, k, held)
        parameters: Any = faiss.SearchParameters  # its stubs forget the keyword
        chosen = parameters(sel=faiss.IDSelectorBatch(self.keys[held]))
        return self._all(queries, min(k, len(held)), chosen, k)

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; see `VectorStore.vectors_of`."""
        at = np.searchsorted(self.keys, keys)
        known = at < self.count
        known[known] = self.keys[at[known]] == keys[known]
        if not known.all():
            raise KeyError(f"no vector has key {int(keys[~known][0])}")
        return np.array(self.rows[at])

    def save(self, folder: Path) -> dict[str, FileRecord]:
        """Write the store's files into a folder and return their records."""
        durable.write(folder / _FILE, faiss.serialize_index(self.index).tobytes())
        return {_FILE: FileRecord.of(folder / _FILE)}

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> FaissStore:
        """Return the store that `save` wrote. FAISS sees no byte that was not checked first.

        Raises:
            IndexDamaged: a file is missing, cut short, changed, or not this kind of index.
        """
        where = folder / _FILE
        if manifest.store != KIND or _FILE not in manifest.files:
            raise IndexDamaged.of(where, got=manifest.store, expected=KIND)
        data = read_verified(folder, _FILE, manifest.files[_FILE])
        # no length inside the file can honestly exceed the file
        faiss.set_deserialization_vector_byte_limit(len(data))
        try:
            index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        except RuntimeError as error:
            raise IndexDamaged.of(where, got="unreadable", expected=KIND) from error
        if not isinstance(index, faiss.IndexIDMap2) or index.d != manifest.dim:
            raise IndexDamaged.of(where, got=type(index).__name__, expected="IndexIDMap2")
        if index.ntotal != manifest.count:
            raise IndexDamaged.of(where, got=f"{index.ntotal}", expected=f"{manifest.count}")
        return cls._around(index)

    def _positions(self, allowed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of those allowed keys that are held."""
        at = np.searchsorted(allowed, self.keys)
        at[at == len(allowed)] = 0
        held = allowed[at] == self.keys if len(allowed) else np.zeros(self.count, np.bool_)
        return np.flatnonzero(held)

    def _all(self, queries: NDArray[np.float32], k: int, parameters: Any, width: int) -> Neighbours:
        if k == 0:
            return _nothing(len(queries), width)
        small = self.count * len(queries) <= _ONE_THREAD
        faiss.omp_set_num_threads(1 if small else _THREADS)  # of this thread, in FAISS alone
        scores, keys = self.index.search(queries, k, params=parameters)
        return _padded(keys, scores, width)

    def _among(self, queries: NDArray[np.float32], k: int, rows: NDArray[np.int64]) -> Neighbours:
        if len(rows) == 0:
            return _nothing(len(queries), k)
        if len(rows) * _COPY_COST < self.count:
            scores = _product(queries, self.rows[rows])
        else:  # to copy rows together costs more than to multiply some in vain
            scores = _product(queries, self.rows)[:, rows]
        best = np.stack([_best(row, min(k, len(rows))) for row in scores])
        keys = self.keys[rows][best]
        return _padded(keys, np.take_along_axis(scores, best, 1), k)


@dataclass(frozen=True)
class FaissEngine:
    """FAISS on this machine: one file a generation. See `index.stores.Engine`."""

    def kind(self, count: int, held: str | None = None) -> str:  # noqa: ARG002
        """Return the kind of index that is right for so many vectors."""
        return KIND

    def publish(
        self,
        vectors: Vectors,
        folder: Path,
        previous: Previous | None = None,  # noqa: ARG002
    ) -> dict[str, FileRecord]:
        """Write a store of just these vectors."""
        keys = np.empty(vectors.count, np.int64)
        rows = np.empty((vectors.count, vectors.dim), np.float32)
        at = 0
        for some_keys, some_rows in vectors.blocks():
            keys[at : at + len(some_keys)], rows[at : at + len(some_keys)] = some_keys, some_rows
            at += len(some_keys)
        return FaissStore.build(keys, rows).save(folder)

    def open(self, folder: Path, manifest: Manifest) -> VectorStore:
        """Return the store that `publish` wrote."""
        return FaissStore.load(folder, manifest)


def _product(queries: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (q, n) inner products, in blocks too small for the library to share among threads."""
    blocks = (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))
    return np.concatenate([queries @ block.T for block in blocks], axis=1)


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the places of the k best, best first, ties in order of place."""
    bar = np.partition(scores, len(scores) - k)[len(scores) - k]
    places = np.flatnonzero(scores >= bar)
    order = np.argsort(-scores[places], kind="stable")
    return places[order[:k]]


def _nothing(queries: int, k: int) -> Neighbours:
    return _padded(np.empty((queries, 0), np.int64), np.empty((queries, 0), np.float32), k)


def _padded(keys: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> Neighbours:
    missing = ((0, 0), (0, k - keys.shape[1]))
    keys = np.pad(keys, missing, constant_values=-1)
    scores = np.pad(np.clip(scores, -1, 1), missing, constant_values=-np.inf)
    return Neighbours(keys, np.where(keys < 0, -np.inf, scores).astype(np.float32))
