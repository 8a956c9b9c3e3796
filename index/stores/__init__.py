"""Where vectors are searched. One contract for all engines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.files import durable
from index.files.manifest import FileRecord, Manifest, read_verified

FACTS_FILE: Final = "facts.json"
NORM_TOLERANCE: Final = 0.02
"""How far a row may be from length 1: fp16 leaves 0.0005, bfloat16 arithmetic a little more."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest vectors of each of q queries, best first, ties by key.

    Attributes:
        keys: (q, k) int64; -1 where fewer than k were allowed.
        scores: (q, k) float32 cosines, -1 to 1; -inf where the key is -1.
    """

    keys: NDArray[np.int64]
    scores: NDArray[np.float32]


class VectorStore(Protocol):
    """A set of unit vectors, each with an int64 key, that does not change while it is held."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def count(self) -> int:
        """Number of vectors."""
        ...

    def search(
        self,
        vectors_unit: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Neighbours:
        """Return the k nearest of each (q, dim) float32 unit row.

        Args:
            vectors_unit: the queries.
            k: how many of each, 1 or more.
            allowed: keys that may answer, ascending; None is all. Keys not held are no error.
                The answer is exact: nothing else is ever returned.

        Raises:
            ValueError: a row is not of this length, not finite or not of length 1.
        """
        ...

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows.

        Raises:
            KeyError: a key is not held.
        """
        ...


@dataclass(frozen=True)
class Vectors:
    """One encoder's vectors as the database keeps them, read as often as it is asked for.

    Attributes:
        dim: length of a vector.
        count: how many there are.
        blocks: yields ((m,) int64 keys, (m, dim) float32 unit rows), keys ascending throughout.
        identities: yields ((m,) int64 keys, m UUIDs), keys ascending throughout: an id changes
            exactly when its vector may have, so that a store that holds it need not read it again.
        rows_of: (m,) int64 keys -> (m, dim) float32 unit rows.
        fingerprint: of the encoder that made them.
        revision: the catalogue's `vector_revision` that they are of.
    """

    dim: int
    count: int
    blocks: Callable[[], Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]]
    identities: Callable[[], Iterator[tuple[NDArray[np.int64], Sequence[UUID]]]]
    rows_of: Callable[[NDArray[np.int64]], NDArray[np.float32]]
    fingerprint: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Previous:
    """The generation served until now: what was learnt for it may be used again."""

    folder: Path
    manifest: Manifest


class Engine(Protocol):
    """Makes and opens stores of vectors: FAISS on this machine, or a server.

    An engine is chosen once, by `RECOMMENDER_STORE`; it decides by the number of vectors which
    kind of index is right.
    """

    def kind(self, count: int, held: str | None = None) -> str:
        """Return the kind of store that is right for a number of vectors, `Manifest.store`.

        Args:
            count: number of vectors.
            held: the kind that holds them now; near a limit it stays, so that a catalogue that
                grows and shrinks by a few is not made anew each time.
        """
        ...

    def of_field(self, name: str) -> Engine:
        """Return what keeps one of the index's fields apart from the encoder's vectors.

        Where stores are files they lie in a folder of their own, and nothing else differs.
        """
        ...

    def publish(
        self, vectors: Vectors, folder: Path, previous: Previous | None = None
    ) -> dict[str, FileRecord]:
        """Make a store of just these vectors; return the records of the files below `folder`.

        Its kind is `kind(vectors.count, previous.manifest.store)`. A server's store is brought to
        the vectors instead: what it holds already is left alone, so that repeated work is
        harmless. Killed half-way, the next call finishes.

        Args:
            vectors: what it is to hold, and nothing else.
            folder: an empty one.
            previous: the generation served until now, if it can be; its files may be damaged.
        """
        ...

    def open(self, folder: Path, manifest: Manifest) -> VectorStore:
        """Return the store that `publish` made.

        Raises:
            IndexRefusal: it is damaged, of another kind, or cannot be reached.
        """
        ...


def write_facts(folder: Path, facts: Mapping[str, Any]) -> dict[str, FileRecord]:
    """Write what a store says of itself, JSON values by name, and return the file's record."""
    durable.write(folder / FACTS_FILE, json.dumps(facts, indent=2).encode())
    return {FACTS_FILE: FileRecord.of(folder / FACTS_FILE)}


def read_facts(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """Return what `write_facts` wrote for a generation; empty where nothing was.

    Raises:
        IndexDamaged: the file is missing, changed, or no such facts.
    """
    if FACTS_FILE not in manifest.files:
        return {}
    data = read_verified(folder, FACTS_FILE, manifest.files[FACTS_FILE])
    try:
        return dict(json.loads(data))
    except (ValueError, TypeError) as error:
        raise IndexDamaged.of(folder / FACTS_FILE, got="unreadable", expected="facts") from error


def check_rows(vectors_unit: NDArray[np.float32], dim: int) -> None:
    """Refuse what may not pass a store's door, on either side: one NaN spoils every search.

    Raises:
        ValueError: the array is not (n, dim), or a row is not finite or not of length 1.
    """
    if vectors_unit.ndim != 2 or vectors_unit.shape[1] != dim:
        raise ValueError(f"vectors_unit: got {vectors_unit.shape}; expected (n, {dim})")
    if len(vectors_unit) == 1 and abs(np.vdot(vectors_unit, vectors_unit) - 1) < NORM_TOLERANCE:
        return  # a question alone: what follows takes as long as its answer
    lengths = np.linalg.norm(vectors_unit, axis=1)
    wrong = np.flatnonzero(~(np.abs(lengths - 1) < NORM_TOLERANCE))  # NaN is wrong as well
    if len(wrong):
        first = int(wrong[0])
        raise ValueError(
            f"vectors_unit: got a row of length {lengths[first]:.4g} (row {first}, {len(wrong)} "
            f"such of {len(lengths)}); expected finite rows of length 1"
        )
