"""The tables that hold vectors in PostgreSQL, one a catalogue and encoder, and their list.

They lie in a schema of their own, beside the catalogue's tables: migrations own those, and these
can always be made from them again.
"""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from index.errors import DatabaseError
from index.stores.servers import Published

SCHEMA: Final = "recommender_index"
_LIST: Final = f"{SCHEMA}.stores"
_CREATE: Final = (
    "CREATE EXTENSION IF NOT EXISTS vector",
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
    f"""CREATE TABLE IF NOT EXISTS {_LIST} (
        name text PRIMARY KEY, catalogue text NOT NULL, fingerprint text NOT NULL,
        dim integer NOT NULL, count bigint NOT NULL, revision bigint NOT NULL,
        published timestamptz NOT NULL)""",
)


def name_of(catalogue: str, fingerprint: str) -> str:
    """Return a table's name without its schema; it says nothing, the list does."""
    return "v" + hashlib.sha256(f"{catalogue}\0{fingerprint}".encode()).hexdigest()[:24]


def prepare(connection: Connection) -> None:
    """Make the extension, the schema and the list, where they are missing.

    Raises:
        DatabaseError: the server has no pgvector, or we may not switch it on.
    """
    if listed(connection):
        return
    try:
        for statement in _CREATE:
            connection.execute(text(statement))
    except DBAPIError as error:
        raise DatabaseError(
            "the database cannot hold vectors",
            got=str(error.orig).splitlines()[0],
            expected="PostgreSQL with pgvector 0.8 or newer, and the right to create a schema",
            next_step="Install pgvector on the server and run `CREATE EXTENSION vector` as its "
            "administrator, or set RECOMMENDER_STORE=faiss.",
        ) from error


def listed(connection: Connection) -> bool:
    """Return whether there is a list of tables at all."""
    found = connection.execute(text("SELECT to_regclass(:name)"), {"name": _LIST})
    return found.scalar_one() is not None


def published(connection: Connection, name: str) -> Published | None:
    """Return what the list says of a table; None where it, or the table, is not there."""
    if not listed(connection):
        return None
    query = f"""SELECT dim, count, revision FROM {_LIST}
        WHERE name = :name AND to_regclass('{SCHEMA}.' || name) IS NOT NULL"""
    row = connection.execute(text(query), {"name": name}).first()
    return None if row is None else Published(*row)


def create(connection: Connection, name: str, dim: int) -> None:
    """Make a table where it is missing."""
    connection.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{name}"
            f" (key bigint PRIMARY KEY, id uuid NOT NULL, vector halfvec({dim}) NOT NULL)"
        )
    )


def note(
    connection: Connection, name: str, of: Published, *, catalogue: str, fingerprint: str
) -> None:
    """Write into the list what a table is now."""
    row = {"name": name, "catalogue": catalogue, "fingerprint": fingerprint, "dim": of.dim}
    query = f"""INSERT INTO {_LIST} AS held
        VALUES (:name, :catalogue, :fingerprint, :dim, :count, :revision, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET count = excluded.count, revision = excluded.revision,
            dim = excluded.dim, published = excluded.published"""
    connection.execute(text(query), {**row, "count": of.count, "revision": of.revision})


def prune(connection: Connection, catalogue: str, keep: int = 2) -> None:
    """Drop a catalogue's tables but the newest few.

    The one before the newest stays: servers that were started with another encoder still read it.
    """
    query = f"SELECT name FROM {_LIST} WHERE catalogue = :catalogue ORDER BY published DESC"
    found = connection.execute(text(query), {"catalogue": catalogue}).scalars().all()
    for name in found[keep:]:
        connection.execute(text(f"DROP TABLE IF EXISTS {SCHEMA}.{name}"))
        connection.execute(text(f"DELETE FROM {_LIST} WHERE name = :name"), {"name": name})
