"""What stores on servers have in common, and those on this machine have not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from index.errors import BUILD_COMMAND, NoEarlierIndex
from index.files.manifest import Manifest, folders_below
from index.stores import Engine, VectorStore

_LONGEST: Final = 64
"""Letters that a server's list has room for."""


@dataclass(frozen=True)
class Published:
    """What a server's list says of one store: a table, or a collection.

    Attributes:
        dim: length of a vector.
        count: how many there are.
        revision: the catalogue's `vector_revision` that they are of.
    """

    dim: int
    count: int
    revision: int


@runtime_checkable
class ServerEngine(Protocol):
    """An engine whose stores lie on a server that holds one state of them, the newest."""

    def answer(self) -> str:
        """Return what the server says of itself.

        Raises:
            segmentation.common.errors.Refusal: it does not answer.
        """
        ...

    def held(self, fingerprint: str) -> int:
        """Return how many of an encoder's vectors it holds, whichever home published them.

        Raises:
            segmentation.common.errors.Refusal: it does not answer.
        """
        ...


def field_of(catalogue: str, name: str) -> str:
    """Return what a server's list calls a field of a catalogue, so that each is kept and pruned apart.

    No catalogue has such a name: theirs are names of folders.

    >>> field_of("default", "compatibility")
    'default/compatibility'
    """
    whole = f"{catalogue}/{name}"
    return whole if len(whole) <= _LONGEST else hashlib.sha256(whole.encode()).hexdigest()


def check_served(engine: Engine, folder: Path, manifest: Manifest) -> None:
    """Check that a server still holds what a generation published there; files are not looked at.

    Raises:
        IndexRefusal: it does not, or is away.
    """
    if isinstance(engine, ServerEngine):
        engine.open(folder, manifest)
        open_fields(engine, folder, manifest)


def open_fields(engine: Engine, folder: Path, manifest: Manifest) -> dict[str, VectorStore]:
    """Return the stores of a generation's fields, by name.

    Raises:
        IndexRefusal: one is damaged, or cannot be reached.
    """
    return {
        where.name: engine.of_field(where.name).open(where, held)
        for where, held in folders_below(folder, manifest)
    }


def check_rollback(engine: Engine) -> None:
    """Refuse to go back where there is nothing to go back to.

    Raises:
        NoEarlierIndex: a server holds the newest state alone.
    """
    if isinstance(engine, ServerEngine):
        raise NoEarlierIndex(
            "this store keeps no earlier index",
            got="vectors on a server, which holds the newest state alone",
            expected="RECOMMENDER_STORE=faiss",
            next_step=f"Run `{BUILD_COMMAND}`: it brings the server to what the catalogue says.",
        )
