"""Every engine that the contract is held against, and what stands for the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from index.files.manifest import Manifest
from index.stores import Engine, Previous, Vectors, VectorStore
from index.stores.faiss import FaissEngine

DIM: Final = 16
ENCODER: Final = "fake-1"
BLOCK: Final = 64
"""So small that every store sees several."""
Rows = Mapping[int, NDArray[np.float32]]
"""A NumPy oracle: key -> (DIM,) unit vector."""


@dataclass(frozen=True)
class Plan:
    """One engine under test.

    Attributes:
        name: what the test is called by.
        make: a folder of its own -> the engine; called for every test.
        recall: the least share of the true nearest that its answers hold, over many questions; 1
            is exact.
        kind: what `Manifest.store` says when it holds `COUNT` vectors; "" where one does not care.
    """

    name: str
    make: Callable[[Path], Engine]
    recall: float
    kind: str = ""


ENGINES: Final[list[Plan]] = [
    Plan("faiss-exact", lambda _: FaissEngine(), 1.0, "faiss-flat"),
    Plan("faiss-ivf-sq8", lambda _: FaissEngine(exact_up_to=0), 0.95, "faiss-ivf-sq8"),
    Plan("faiss-ivf-sq8-lists", lambda _: FaissEngine(0, compared_up_to=0), 0.95, "faiss-ivf-sq8"),
    Plan("faiss-ivf-pq", lambda _: FaissEngine(0, 0), 0.95, "faiss-ivf-pq"),
    Plan("faiss-ivf-pq-lists", lambda _: FaissEngine(0, 0, 0), 0.95, "faiss-ivf-pq"),
]
"""Those on this machine; `server_engines` has the others."""


def unit(seed: int, rows: int, dim: int = DIM) -> NDArray[np.float32]:
    """Return (rows, dim) unit rows in clusters, as catalogues are."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(24, dim))
    spread = chance.normal(size=(rows, dim)) * 0.6
    vectors = (centres[chance.integers(24, size=rows)] + spread).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def vectors_of(rows: Rows, revision: int = 0) -> Vectors:
    """Return an oracle's vectors as the database would give them."""
    keys = np.asarray(sorted(rows), np.int64)

    def parts() -> Iterator[NDArray[np.int64]]:
        for at in range(0, len(keys), BLOCK):
            yield keys[at : at + BLOCK]

    def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        for part in parts():
            yield part, rows_of(part)

    def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[UUID]]]:
        for part in parts():
            yield part, [_identity(key, rows[key]) for key in part.tolist()]

    def rows_of(wanted: NDArray[np.int64]) -> NDArray[np.float32]:
        found = [rows[key] for key in wanted.tolist()]
        return np.stack(found) if found else np.empty((0, DIM), np.float32)

    return Vectors(DIM, len(keys), blocks, identities, rows_of, ENCODER, revision)


def _identity(key: int, row: NDArray[np.float32]) -> UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{key} {row.tobytes().hex()}")


@dataclass
class Published:
    """One engine with its generations, as the publisher and the server use it."""

    engine: Engine
    root: Path
    previous: Previous | None = None
    number: int = 0

    def publish(self, rows: Rows) -> VectorStore:
        """Publish exactly these rows after those before, and open what was made."""
        self.number += 1
        vectors = vectors_of(rows, self.number)
        folder = self.root / str(self.number)
        folder.mkdir(parents=True)
        held = self.previous.manifest.store if self.previous else None
        kind = self.engine.kind(len(rows), held)
        files = self.engine.publish(vectors, folder, self.previous)
        manifest = Manifest(ENCODER, DIM, len(rows), kind, self.number, "", files)
        self.previous = Previous(folder, manifest)
        return self.reopen()

    def reopen(self) -> VectorStore:
        """Open the newest generation again."""
        assert self.previous is not None
        return self.engine.open(self.previous.folder, self.previous.manifest)


def truth(
    rows: Rows, query: NDArray[np.float32], k: int, allowed: set[int] | None = None
) -> list[tuple[int, float]]:
    """Return the (key, score) of the k nearest by NumPy, best first, ties by key."""
    keys = [key for key in sorted(rows) if allowed is None or key in allowed]
    scored = [(key, float(rows[key] @ query)) for key in keys]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]
