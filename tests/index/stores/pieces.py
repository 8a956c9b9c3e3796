"""Vectors for stores on servers, kept as the catalogue keeps them, and NumPy's answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.files.manifest import Manifest
from index.stores import Engine, Vectors, VectorStore

DIM = 16


def unit(seed: int, rows: int, dim: int = DIM, centres: int = 0) -> NDArray[np.float32]:
    """Return (rows, dim) unit vectors as fp16 keeps them; around some centres where asked."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(rows, dim))
    if centres:
        middle = np.random.default_rng(0).normal(size=(centres, dim))
        vectors = middle[chance.integers(centres, size=rows)] + 0.4 * vectors
    kept = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    rows32 = kept.astype(np.float32)
    return np.asarray(rows32 / np.linalg.norm(rows32, axis=1, keepdims=True), np.float32)


@dataclass
class Kept:
    """A catalogue's vectors, without a catalogue.

    Attributes:
        rows: what each key has: its id and its vector.
        read: keys whose vectors were asked for.
    """

    rows: dict[int, tuple[uuid.UUID, NDArray[np.float32]]] = field(default_factory=dict)
    revision: int = 0
    dim: int = DIM
    fingerprint: str = "fake-1"
    read: list[int] = field(default_factory=list)

    def put(self, keys: Sequence[int], vectors_unit: NDArray[np.float32]) -> None:
        """Write some rows, new or known, each under a new id."""
        self.revision += 1
        for key, row in zip(keys, vectors_unit, strict=True):
            name = f"{self.fingerprint} {key} {row.tobytes().hex()}"
            self.rows[key] = uuid.uuid5(uuid.NAMESPACE_OID, name), row

    def drop(self, keys: Sequence[int]) -> None:
        """Take some rows out."""
        self.revision += 1
        for key in keys:
            del self.rows[key]

    def vectors(self) -> Vectors:
        """Return them as an engine is given them."""
        keys = np.asarray(sorted(self.rows), np.int64)
        parts = [keys[at : at + 1000] for at in range(0, len(keys), 1000)]

        def rows_of(wanted: NDArray[np.int64]) -> NDArray[np.float32]:
            self.read += wanted.tolist()
            rows = [self.rows[key][1] for key in wanted.tolist()]
            return np.stack(rows) if rows else np.empty((0, self.dim), np.float32)

        def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
            for part in parts:
                yield part, rows_of(part)

        def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[uuid.UUID]]]:
            for part in parts:
                yield part, [self.rows[key][0] for key in part.tolist()]

        return Vectors(
            self.dim, len(keys), blocks, identities, rows_of, self.fingerprint, self.revision
        )

    def publish(self, engine: Engine, folder: Path) -> VectorStore:
        """Publish and open."""
        files = engine.publish(self.vectors(), folder)
        return engine.open(folder, self.manifest(engine, files=files))

    def manifest(self, engine: Engine, /, **changes: object) -> Manifest:
        """Return what describes them."""
        fields: dict[str, object] = {
            "fingerprint": self.fingerprint, "dim": self.dim, "count": len(self.rows),
            "store": engine.kind(len(self.rows)), "vector_revision": self.revision, "created": "",
            "files": {}, **changes,
        }  # fmt: skip
        return Manifest(**fields)  # type: ignore[arg-type]

    def nearest(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[int]:
        """Return the keys of the k nearest, best first."""
        pool = [key for key in self.rows if allowed is None or key in set(allowed.tolist())]
        scores = {key: float(self.rows[key][1] @ query) for key in pool}
        return sorted(pool, key=lambda key: (-scores[key], key))[:k]


def agree(
    kept: Kept,
    store: VectorStore,
    queries: NDArray[np.float32],
    k: int,
    allowed: NDArray[np.int64] | None = None,
) -> None:
    """Hold a store's answers to NumPy's: as near as its, and nothing that may not answer."""
    found = store.search(queries, k, allowed)
    assert found.keys.shape == found.scores.shape == (len(queries), k)
    for query, keys, scores in zip(queries, found.keys, found.scores, strict=True):
        wanted = kept.nearest(query, k, allowed)
        got = keys[keys >= 0].tolist()
        assert len(got) == len(set(got)) == len(wanted)
        assert allowed is None or set(got) <= set(allowed.tolist())
        result = np.asarray([kept.rows[key][1] @ query for key in got], np.float32)
        np.testing.assert_allclose(scores[: len(got)], result, atol=1e-5)
        best = [kept.rows[key][1] @ query for key in wanted]
        np.testing.assert_allclose(scores[: len(got)], best, atol=1e-5)
        assert np.isneginf(scores[len(got) :]).all()


def recall(
    kept: Kept,
    store: VectorStore,
    queries: NDArray[np.float32],
    allowed: NDArray[np.int64] | None = None,
    k: int = 10,
) -> float:
    """Return the share of the true k nearest that a store finds."""
    keys = np.asarray(sorted(kept.rows), np.int64)
    rows = np.stack([kept.rows[key][1] for key in keys.tolist()])
    scores = queries @ rows.T
    if allowed is not None:
        scores[:, ~np.isin(keys, allowed)] = -2
    true = keys[np.argsort(-scores, axis=1)[:, :k]]
    found = store.search(queries, k, allowed).keys
    assert allowed is None or np.isin(found, allowed).all()
    hits = [len(set(a.tolist()) & set(b.tolist())) for a, b in zip(true, found, strict=True)]
    return sum(hits) / true.size
