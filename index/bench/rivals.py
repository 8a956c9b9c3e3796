"""What is compared: this project's FAISS stores, and hnswlib and usearch as their users run them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from index.bench.data import DIM
from index.files.manifest import Manifest
from index.stores import Vectors, VectorStore
from index.stores.faiss import FaissEngine

LINKS: Final = 16
"""Links of a node (M, connectivity) in both graphs."""
CARE: Final = 100
"""Candidates while building (efConstruction, expansion_add) in both graphs."""
_BLOCK: Final = 16_384
Answer = NDArray[np.int64]
"""(q, k) rows, -1 for none."""


class Rival(Protocol):
    """One library with one kind of index. Call `build`, then `load`, then ask."""

    name: str
    efforts: Sequence[int]
    """What may be turned for recall, ascending; one value where the index sets itself."""

    def build(self, vectors_unit: NDArray[np.float32], folder: Path, threads: int) -> None:
        """Make the index and write it to a folder."""
        ...

    def load(self, folder: Path) -> None:
        """Hold the index that was written."""
        ...

    def search(self, queries: NDArray[np.float32], k: int, effort: int, threads: int) -> Answer:
        """Return the k nearest of each query."""
        ...

    def search_among(
        self, query: NDArray[np.float32], k: int, effort: int, passing: NDArray[np.bool_]
    ) -> Answer:
        """Return the k nearest of one (1, DIM) query among the rows that pass; one thread."""
        ...


@dataclass
class Ours:
    """A store of `index.stores.faiss`, set as it sets itself."""

    name: str
    engine: FaissEngine
    efforts: Sequence[int] = (1,)
    store: VectorStore | None = None
    manifest: Manifest | None = None
    allowed: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    def build(self, vectors_unit: NDArray[np.float32], folder: Path, threads: int) -> None:  # noqa: ARG002
        """Publish a generation."""
        count = len(vectors_unit)
        files = self.engine.publish(_vectors(vectors_unit), folder)
        kind = self.engine.kind(count)
        self.manifest = Manifest("bench", DIM, count, kind, 1, "", files)

    def load(self, folder: Path) -> None:
        """Open the generation, its checksums compared."""
        assert self.manifest is not None
        self.store = self.engine.open(folder, self.manifest)

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        effort: int,  # noqa: ARG002
        threads: int,  # noqa: ARG002
    ) -> Answer:
        """Return the k nearest of each query."""
        assert self.store is not None
        return self.store.search(queries, k).keys

    def search_among(
        self,
        query: NDArray[np.float32],
        k: int,
        effort: int,  # noqa: ARG002
        passing: NDArray[np.bool_],
    ) -> Answer:
        """Return the k nearest that pass; keys of a filter are kept, as `Searcher` keeps them."""
        assert self.store is not None
        allowed = self.allowed.get(id(passing))
        if allowed is None:
            allowed = self.allowed[id(passing)] = np.flatnonzero(passing)
            allowed.setflags(write=False)
        return self.store.search(query, k, allowed).keys


@dataclass
class Hnswlib:
    """hnswlib 0.8: a graph of float32 vectors; filters are a Python function of the id."""

    name: str = "hnswlib"
    efforts: Sequence[int] = (10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 640, 1280)
    index: Any = None
    passing: dict[int, list[bool]] = field(default_factory=dict)

    def build(self, vectors_unit: NDArray[np.float32], folder: Path, threads: int) -> None:
        """Add all vectors at once."""
        import hnswlib

        index = hnswlib.Index("ip", DIM)
        index.init_index(len(vectors_unit), ef_construction=CARE, M=LINKS, random_seed=1)
        index.add_items(vectors_unit, num_threads=threads)
        index.save_index(str(folder / "index"))

    def load(self, folder: Path) -> None:
        """Read the graph back."""
        import hnswlib

        self.index = hnswlib.Index("ip", DIM)
        self.index.load_index(str(folder / "index"))

    def search(self, queries: NDArray[np.float32], k: int, effort: int, threads: int) -> Answer:
        """Return the k nearest of each query; effort is efSearch."""
        self.index.set_ef(effort)
        labels: NDArray[np.uint64] = self.index.knn_query(queries, k, num_threads=threads)[0]
        return labels.astype(np.int64)

    def search_among(
        self, query: NDArray[np.float32], k: int, effort: int, passing: NDArray[np.bool_]
    ) -> Answer:
        """Return the k nearest that pass; where it finds fewer than k it raises: none."""
        self.index.set_ef(effort)
        passes = self.passing.get(id(passing))
        if passes is None:  # a list answers faster than an array
            passes = self.passing[id(passing)] = passing.tolist()
        try:
            labels = self.index.knn_query(query, k, num_threads=1, filter=passes.__getitem__)[0]
        except RuntimeError:
            return np.full((1, k), -1, np.int64)
        found: Answer = labels.astype(np.int64)
        return found


@dataclass
class Usearch:
    """usearch 2: a graph of fp16 vectors; its Python side has no filter, so one filters behind it."""

    name: str = "usearch"
    efforts: Sequence[int] = (10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 640, 1280)
    index: Any = None

    def build(self, vectors_unit: NDArray[np.float32], folder: Path, threads: int) -> None:
        """Add all vectors at once."""
        index = self._empty()
        index.add(np.arange(len(vectors_unit)), vectors_unit, threads=threads)
        index.save(str(folder / "index"))

    def load(self, folder: Path) -> None:
        """Read the graph back."""
        self.index = self._empty()
        self.index.load(str(folder / "index"))

    def search(self, queries: NDArray[np.float32], k: int, effort: int, threads: int) -> Answer:
        """Return the k nearest of each query; effort is expansion_search."""
        self.index.expansion_search = effort
        keys = np.asarray(self.index.search(queries, k, threads=threads).keys)
        return keys.astype(np.int64).reshape(len(queries), -1)

    def search_among(
        self, query: NDArray[np.float32], k: int, effort: int, passing: NDArray[np.bool_]
    ) -> Answer:
        """Ask for more and more until k pass, and return those."""
        share = max(float(passing.mean()), 1e-6)
        wanted = min(int(2 * k / share), len(passing))
        while True:
            found = self.search(query, wanted, max(effort, wanted), 1)[0]
            found = found[passing[found]][:k]
            if len(found) == k or wanted == len(passing):
                break
            wanted = min(4 * wanted, len(passing))
        return np.pad(found, (0, k - len(found)), constant_values=-1)[np.newaxis]

    def _empty(self) -> Any:
        from usearch.index import Index

        return Index(ndim=DIM, metric="ip", dtype="f16", connectivity=LINKS, expansion_add=CARE)


def rivals(count: int) -> list[Callable[[], Rival]]:
    """Return what is compared at one size: ours as chosen, its other kinds, and the others."""
    chosen = FaissEngine()
    found: list[Callable[[], Rival]] = [lambda: Ours(f"ours ({chosen.kind(count)})", chosen)]
    others = (
        FaissEngine(exact_up_to=1 << 62), FaissEngine(exact_up_to=0), FaissEngine(0, 0),
    )  # fmt: skip
    for other in others:
        if other.kind(count) != chosen.kind(count):
            found.append(lambda other=other: Ours(other.kind(count), other))  # type: ignore[misc]
    return [*found, Hnswlib, Usearch]


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for one rival's files."""
    return tempfile.TemporaryDirectory(prefix="bench-index-")


def _vectors(vectors_unit: NDArray[np.float32]) -> Vectors:
    def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        for at in range(0, len(vectors_unit), _BLOCK):
            some = vectors_unit[at : at + _BLOCK]
            yield np.arange(at, at + len(some)), some

    def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[UUID]]]:
        yield from ()

    return Vectors(DIM, len(vectors_unit), blocks, identities, lambda keys: vectors_unit[keys])
