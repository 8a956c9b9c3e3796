"""A database URL -> `Database`: one reader's or one writer's transaction at a time.

PostgreSQL is reached through psycopg; readers see one state by its REPEATABLE READ. SQLite is opened with foreign keys on, a busy timeout and explicit transactions. Versions before
3.51.3 can corrupt a write-ahead log when it is reset in a race, so there the rollback journal is
used [sqlite.org/wal.html#walresetbug]; newer ones get the write-ahead log, where reading goes on
beside a writer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from index.database.errors import database_refusals
from index.errors import DatabaseError

__all__ = [
    "BUSY_TIMEOUT_S",
    "Database",
    "database_refusals",
    "open_database",
    "sqlite_file",
    "sqlite_journal",
]

WAL_SAFE_FROM: Final = (3, 51, 3)
BUSY_TIMEOUT_S: Final = 30.0
POSTGRESQL: Final = "postgresql"
_POSTGRES_NAMES: Final = (POSTGRESQL, "postgres")
_SERVER_OPTIONS: Final = {"connect_timeout": 10, "application_name": "recommender"}
"""What a connection to a server begins with, unless its URL says otherwise."""


@dataclass(frozen=True)
class Database:
    """An engine, and the two kinds of transaction that are run on it."""

    engine: Engine

    @property
    def on_server(self) -> bool:
        """Whether other machines may use it as well."""
        return self.engine.dialect.name == POSTGRESQL

    @property
    def place(self) -> str:
        """Where it is, without user and password."""
        url = self.engine.url
        return f"{url.host or 'localhost'}/{url.database}" if self.on_server else f"{url.database}"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database from its first question to its last.

        Raises:
            DatabaseError: the file is no database, is locked, or was never migrated.
        """
        engine = self.engine
        if self.on_server:
            engine = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with (
            database_refusals(),
            Session(engine, autoflush=False, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Yield a connection for a glance: one question, at a third of what a session costs.

        Raises:
            DatabaseError: as for `reading`.
        """
        with database_refusals(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are committed on leaving, or undone on any exception.

        Raises:
            DatabaseError: as for `reading`.
        """
        with (
            database_refusals(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            # a transaction that begins as a reader may find, when it writes, that it never can
            session.connection(execution_options={"begins_writing": True})
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Return the database at an SQLAlchemy URL; SQLite's folder is made where it is missing.

    `postgresql://` means psycopg, as `postgresql+psycopg://` does. Nothing is connected yet.

    Raises:
        DatabaseError: the URL is not one, is of another database, or its driver is not installed.
    """
    try:
        parsed = _with_driver(make_url(url))
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(parsed)
        if parsed.get_backend_name() == POSTGRESQL:
            return _open_server(parsed)
    except ImportError as error:
        raise _unusable(f"no module {error.name}") from None
    except (ArgumentError, ValueError) as error:  # their words may hold the password
        raise _unusable(type(error).__name__) from None
    raise _unusable(parsed.get_backend_name())


def sqlite_file(url: str) -> str | None:
    """Return the file that a URL names; None for a server, and for what is no URL.

    >>> sqlite_file("sqlite:///shop/catalog.sqlite3"), sqlite_file("postgresql://me@host/shop")
    ('shop/catalog.sqlite3', None)
    """
    try:
        parsed = make_url(url)
        return parsed.database if parsed.get_backend_name() == "sqlite" else None
    except (ArgumentError, ValueError, ImportError):  # `open_database` refuses it with the remedy
        return None


def _unusable(got: str) -> DatabaseError:
    return DatabaseError(
        "the database's address cannot be used",
        got=got,
        expected="sqlite:///catalog.sqlite3 or postgresql+psycopg://USER@HOST/DATABASE",
        next_step="Mend the address, such as RECOMMENDER_DATABASE_URL (write @, : and / in a password as %40, %3A and "
        "%2F); for PostgreSQL run `pip install 'complete-the-look[scale]'`.",
    )


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in _POSTGRES_NAMES else url


def _open_server(url: URL) -> Database:
    options = {name: value for name, value in _SERVER_OPTIONS.items() if name not in url.query}
    return Database(
        create_engine(
            url, pool_pre_ping=True, pool_size=16, connect_args=options, hide_parameters=True
        )
    )


def _open_sqlite(url: URL) -> Database:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        pool_size=16,
        max_overflow=48,
        hide_parameters=True,  # an error's text goes into the log, and people's ids may not
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _follow(engine, Path(url.database or ""))
    return Database(engine)


def _follow(engine: Engine, file: Path) -> None:
    """Open a file anew where another has taken its place: a running server must not read the old."""

    def identity() -> tuple[int, int] | None:
        try:
            found = file.stat()
        except OSError:  # none in memory, or gone: what is open can still be read
            return None
        return found.st_dev, found.st_ino

    @event.listens_for(engine, "connect")
    def remember(_: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = identity()

    @event.listens_for(engine, "checkout")
    def compare(_: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        now = identity()
        if now is not None and now != record.info["file"]:
            raise DisconnectionError


def sqlite_journal(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return the journal mode that is safe with an SQLite version.

    >>> sqlite_journal((3, 40, 1)), sqlite_journal((3, 51, 3))
    ('DELETE', 'WAL')
    """
    return "WAL" if version >= WAL_SAFE_FROM else "DELETE"


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    connection.execute(f"PRAGMA journal_mode = {sqlite_journal()}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is removed leaves no trace in the file


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("begins_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
