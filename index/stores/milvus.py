"""Milvus: vectors on a cluster of their own, for catalogues beyond one database server.

A publication compares keys and ids with what the collection holds and writes only the difference.
Milvus has no transactions: who reads meanwhile may see some of it already. That is harmless, since
the catalogue decides what may answer, a key never names another item, and a publication that was
killed is finished by the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np

from index.errors import IndexMismatch
from index.files.manifest import FileRecord, Manifest
from index.stores import Engine, Previous, Vectors, VectorStore
from index.stores import milvus_server as servers
from index.stores.difference import Difference, StoredVectors, difference
from index.stores.milvus_search import MilvusStore
from index.stores.milvus_server import MilvusServer
from index.stores.servers import Published, field_of

KIND: Final = "milvus-hnsw"
_BATCH: Final = 1000
"""Rows written at once: 2 MB of 512-d vectors; servers take 64 MB."""
_LARGE: Final = 10_000
"""Number of new rows from which the server is asked to seal and index them now."""


@dataclass(frozen=True)
class MilvusEngine:
    """One collection a catalogue and encoder. See `index.stores.Engine`.

    Attributes:
        server: where they are.
        catalogue: which one.
    """

    server: MilvusServer
    catalogue: str = "default"

    def answer(self) -> str:
        """Return the server's version; see `index.stores.servers`."""
        return f"Milvus {self.server.version()} at {self.server.uri}"

    def held(self, fingerprint: str) -> int:
        """Return how many of an encoder's vectors there are; see `index.stores.servers`."""
        with self.server.asking() as client:
            found = servers.published(client, servers.name_of(self.catalogue, fingerprint))
        return found.count if found else 0

    def kind(self, count: int, held: str | None = None) -> str:  # noqa: ARG002
        """Return the one kind there is: the server decides by itself when a graph pays."""
        return KIND

    def of_field(self, name: str) -> Engine:
        """Return the engine of a catalogue's field; see `index.stores.Engine`."""
        return replace(self, catalogue=field_of(self.catalogue, name))

    def publish(
        self,
        vectors: Vectors,
        folder: Path,  # noqa: ARG002
        previous: Previous | None = None,  # noqa: ARG002
    ) -> dict[str, FileRecord]:
        """Bring the collection to just these vectors; no file is written.

        Raises:
            IndexUnreachable: the server does not answer.
        """
        name = servers.name_of(self.catalogue, vectors.fingerprint)
        with self.server.asking() as client:
            servers.create(client, name, vectors.dim)
            found = difference(_held(client, name), vectors.identities())
            _upsert(client, name, vectors, found)
            for at in range(0, len(found.gone), _BATCH):
                client.delete(name, ids=found.gone[at : at + _BATCH].tolist())
            if len(found.changed) >= _LARGE:
                client.flush(name)
            now = Published(vectors.dim, vectors.count, vectors.revision)
            servers.note(
                client, name, now, catalogue=self.catalogue, fingerprint=vectors.fingerprint
            )
            servers.prune(client, self.catalogue)
        return {}

    def open(self, folder: Path, manifest: Manifest) -> VectorStore:  # noqa: ARG002
        """Return the collection of the manifest's encoder; it may be newer than the manifest.

        Raises:
            IndexMismatch: the manifest is another store's, or the collection is older than it says.
            IndexDamaged: there is no such collection, or it has another length of vectors.
            IndexUnreachable: the server does not answer.
        """
        if manifest.store != KIND:
            raise IndexMismatch.of("store", got=manifest.store, expected=KIND)
        name = servers.name_of(self.catalogue, manifest.fingerprint)
        with self.server.asking() as client:
            found = servers.published(client, name)
            if found is None or found.dim != manifest.dim:
                raise servers.lost(f"{self.server.uri}: no collection of length {manifest.dim}")
            client.load_collection(name)
        if found.revision < manifest.vector_revision:
            raise IndexMismatch.of(
                "revision on the server", got=found.revision, expected=manifest.vector_revision
            )
        return MilvusStore(self.server, name, found.dim, found.count)


def _held(client: Any, name: str) -> StoredVectors:
    keys: list[int] = []
    ids: list[UUID] = []
    rows = client.query_iterator(name, batch_size=_LARGE, output_fields=["key", "id"])
    while part := rows.next():
        keys += [row["key"] for row in part]
        ids += [UUID(row["id"]) for row in part]
    rows.close()
    return StoredVectors.of(keys, ids)


def _upsert(client: Any, name: str, vectors: Vectors, found: Difference) -> None:
    """Write the changed vectors, with their ids."""
    for keys, ids in vectors.identities():
        due = np.flatnonzero(np.isin(keys, found.changed, assume_unique=True))
        for at in range(0, len(due), _BATCH):
            some = due[at : at + _BATCH]
            rows = vectors.rows_of(keys[some])
            client.upsert(
                name,
                [
                    {"key": int(keys[place]), "id": str(ids[place]), "vector": row}
                    for place, row in zip(some.tolist(), rows, strict=True)
                ],
            )
