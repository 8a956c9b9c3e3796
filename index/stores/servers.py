"""What stores on servers have in common, and those on this machine have not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from index.errors import BUILD_COMMAND, NoEarlierIndex
from index.files.manifest import Manifest
from index.stores import Engine


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


def check_served(engine: Engine, folder: Path, manifest: Manifest) -> None:
    """Check that a server still holds what a generation published there; files are not looked at.

    Raises:
        IndexRefusal: it does not, or is away.
    """
    if isinstance(engine, ServerEngine):
        engine.open(folder, manifest)


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
