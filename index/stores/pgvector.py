"""PostgreSQL with pgvector: catalogue and vectors in one database, for more than one machine.

A publication compares keys and ids with what the table holds and writes only the difference, in
one transaction: whoever reads meanwhile, and whoever is killed, finds the old or the new state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from sqlalchemy import Connection, text

from index.database.database import Database, database_refusals
from index.errors import BUILD_COMMAND, DatabaseError, IndexDamaged, IndexMismatch
from index.files.manifest import FileRecord, Manifest
from index.stores import Engine, Previous, Vectors, VectorStore
from index.stores import pgvector_tables as tables
from index.stores.difference import Difference, StoredVectors, difference
from index.stores.pgvector_search import FEW, PgvectorStore
from index.stores.servers import Published, field_of

EXACT: Final = "pgvector-exact"
HNSW: Final = "pgvector-hnsw"
HNSW_FROM: Final = 10_000
"""Number of vectors from which an HNSW index pays; below, a full scan takes some milliseconds."""
_OPTIONS: Final = "m = 16, ef_construction = 100"
_VERSIONS: Final = """
    SELECT current_setting('server_version') AS server,
           (SELECT max(extversion) FROM pg_extension WHERE extname = 'vector') AS pgvector
"""
_BLOCK: Final = 4096
"""Rows that are read and copied at once."""


@dataclass(frozen=True)
class PgvectorEngine:
    """One table a catalogue and encoder. See `index.stores.Engine`.

    Attributes:
        database: PostgreSQL, the catalogue's own.
        catalogue: which one.
        hnsw_from: number of vectors from which an HNSW index is built.
        few: maximum number of allowed vectors that are compared exhaustively.
    """

    database: Database
    catalogue: str = "default"
    hnsw_from: int = HNSW_FROM
    few: int = FEW

    def answer(self) -> str:
        """Return the server's version and pgvector's; see `index.stores.servers`."""
        with database_refusals(), self.database.engine.connect() as connection:
            row = connection.execute(text(_VERSIONS)).one()
        return f"pgvector {row.pgvector or 'missing'} in PostgreSQL {row.server}"

    def held(self, fingerprint: str) -> int:
        """Return how many of an encoder's vectors there are; see `index.stores.servers`."""
        with database_refusals(), self.database.engine.connect() as connection:
            found = tables.published(connection, tables.name_of(self.catalogue, fingerprint))
        return found.count if found else 0

    def kind(self, count: int, held: str | None = None) -> str:
        """Return whether a number of vectors is scanned in full or searched through an HNSW index."""
        least = self.hnsw_from // 2 if held == HNSW else self.hnsw_from
        return EXACT if count < least else HNSW

    def of_field(self, name: str) -> Engine:
        """Return the engine of a catalogue's field; see `index.stores.Engine`."""
        return replace(self, catalogue=field_of(self.catalogue, name))

    def publish(
        self,
        vectors: Vectors,
        folder: Path,  # noqa: ARG002
        previous: Previous | None = None,
    ) -> dict[str, FileRecord]:
        """Bring the table to just these vectors, in one transaction; no file is written.

        Raises:
            DatabaseError: the server is away, or has no pgvector.
        """
        name = tables.name_of(self.catalogue, vectors.fingerprint)
        with _copying(), database_refusals(), self.database.engine.begin() as connection:
            tables.prepare(connection)
            tables.create(connection, name, vectors.dim)
            _bring(connection, f"{tables.SCHEMA}.{name}", vectors)
            if self.kind(vectors.count, previous.manifest.store if previous else None) == HNSW:
                _index(connection, name)
            now = Published(vectors.dim, vectors.count, vectors.revision)
            tables.note(
                connection, name, now, catalogue=self.catalogue, fingerprint=vectors.fingerprint
            )
            tables.prune(connection, self.catalogue)
        return {}

    def open(self, folder: Path, manifest: Manifest) -> VectorStore:  # noqa: ARG002
        """Return the table of the manifest's encoder.

        It may be newer than the manifest, where a publication is just under way or was killed
        before its end: that serves as well, for what answers is decided by the catalogue.

        Raises:
            IndexMismatch: the manifest is another store's, or the table is older than it says.
            IndexDamaged: there is no such table, or it has another length of vectors.
            DatabaseError: the server is away.
        """
        if manifest.store not in (EXACT, HNSW):
            raise IndexMismatch.of("store", got=manifest.store, expected=f"{EXACT} or {HNSW}")
        name = tables.name_of(self.catalogue, manifest.fingerprint)
        with database_refusals(), self.database.engine.connect() as connection:
            found = tables.published(connection, name)
        if found is None or found.dim != manifest.dim:
            raise IndexDamaged(
                "the database has no vectors of this encoder",
                got=f"no table {tables.SCHEMA}.{name} of length {manifest.dim}",
                expected=f"what generation of {manifest.created} published",
                next_step=f"Run `{BUILD_COMMAND}`: it makes the table anew from what is stored.",
            )
        if found.revision < manifest.vector_revision:
            raise IndexMismatch.of(
                "revision on the server", got=found.revision, expected=manifest.vector_revision
            )
        return PgvectorStore(self.database, name, found.dim, found.count, self.few)


def _bring(connection: Connection, table: str, vectors: Vectors) -> None:
    rows = connection.execute(text(f"SELECT key, id FROM {table} ORDER BY key")).all()
    held = StoredVectors.of([row.key for row in rows], [row.id for row in rows])
    found = difference(held, vectors.identities())
    if len(found.changed) == vectors.count and not len(held.keys):
        _copy(connection, table, vectors, found)
    elif len(found.changed):
        # COPY cannot replace rows, so it fills a table of this transaction's own
        connection.execute(text(f"CREATE TEMPORARY TABLE incoming (LIKE {table}) ON COMMIT DROP"))
        _copy(connection, "incoming", vectors, found)
        connection.execute(
            text(
                f"INSERT INTO {table} SELECT * FROM incoming ON CONFLICT (key)"
                " DO UPDATE SET id = excluded.id, vector = excluded.vector"
            )
        )
    for at in range(0, len(found.gone), _BLOCK):
        keys = {"keys": found.gone[at : at + _BLOCK].tolist()}
        connection.execute(text(f"DELETE FROM {table} WHERE key = ANY(:keys)"), keys)
    if len(found.changed) or len(found.gone):
        connection.execute(text(f"ANALYZE {table}"))


def _copy(connection: Connection, table: str, vectors: Vectors, found: Difference) -> None:
    """Copy the changed vectors, with their ids, into a table."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    register_vector(raw)
    target = f"COPY {table} (key, id, vector) FROM STDIN WITH (FORMAT BINARY)"
    with raw.cursor() as cursor, cursor.copy(target) as copy:
        copy.set_types(["int8", "uuid", "halfvec"])
        for keys, ids in vectors.identities():
            wanted = np.isin(keys, found.changed, assume_unique=True)
            rows = vectors.rows_of(keys[wanted])
            chosen = [each for each, due in zip(ids, wanted, strict=True) if due]
            for key, each, row in zip(keys[wanted].tolist(), chosen, rows, strict=True):
                copy.write_row((key, each, _half(row)))


def _half(row: NDArray[np.float32]) -> HalfVector:
    return HalfVector(row)


def _index(connection: Connection, name: str) -> None:
    """Build the HNSW index where it is missing: after the first load, which is many times faster."""
    connection.execute(
        text(
            f"CREATE INDEX IF NOT EXISTS {name}_hnsw ON {tables.SCHEMA}.{name}"
            f" USING hnsw (vector halfvec_ip_ops) WITH ({_OPTIONS})"
        )
    )


@contextmanager
def _copying() -> Iterator[None]:
    """Turn what psycopg says during a COPY, past SQLAlchemy, into a refusal."""
    try:
        yield
    except psycopg.Error as error:
        raise DatabaseError(
            "the vectors could not be written to the database",
            got=str(error).splitlines()[0] if str(error) else type(error).__name__,
            expected="a server that takes them",
            next_step=f"Look into the server's log, then run `{BUILD_COMMAND}`.",
        ) from error
