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
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import DatabaseError as DriverDatabaseError
from sqlalchemy.orm import Session

from index.errors import DatabaseError

WAL_SAFE_FROM: Final = (3, 51, 3)
BUSY_TIMEOUT_S: Final = 30.0
POSTGRESQL: Final = "postgresql"
_POSTGRES_NAMES: Final = (POSTGRESQL, "postgres")
_SERVER_OPTIONS: Final = {"connect_timeout": 10, "application_name": "recommender"}
"""What a connection to a server begins with, unless its URL says otherwise."""
_NOT_MIGRATED: Final = frozenset({"42P01", "42703"})
"""PostgreSQL's codes for a table and for a column that is not there."""
_DISK_FULL: Final = "53100"
"""And for a disk without room."""


@dataclass(frozen=True)
class Database:
    """An engine, and the two kinds of transaction that are run on it."""

    engine: Engine

    @property
    def on_server(self) -> bool:
        """Whether other machines may use it as well."""
        return self.engine.dialect.name == POSTGRESQL

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
        with told(), Session(engine, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are committed on leaving, or undone on any exception.

        Raises:
            DatabaseError: as for `reading`.
        """
        with told(), Session(self.engine, expire_on_commit=False) as session, session.begin():
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


def _unusable(got: str) -> DatabaseError:
    return DatabaseError(
        "the database's address cannot be used",
        got=got,
        expected="sqlite:///catalog.sqlite3 or postgresql+psycopg://USER@HOST/DATABASE",
        next_step="Mend RECOMMENDER_DATABASE_URL (write @, : and / in a password as %40, %3A and "
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
    return Database(engine)


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


@contextmanager
def told() -> Iterator[None]:
    """Turn what the driver says of an unusable database into a refusal with a remedy.

    Raises:
        DatabaseError: the database cannot be reached or read, was never migrated, or takes no more.
    """
    try:
        yield
    except DBAPIError as error:
        if _takes_no_more(error):
            raise DatabaseError(
                "the database cannot be written to",
                got=str(error.orig),
                expected="a disk with room, in a folder that this user may write to",
                next_step="Free some room or mend the permissions, then run this again: "
                "what was done is kept, and what was served is served.",
            ) from error
        if _is_unusable(error):
            raise DatabaseError(
                "the database cannot be used",
                got=str(error.orig),
                expected="a catalogue database that this version has migrated",
                next_step="Run `recommender doctor`.",
            ) from error
        raise


def _takes_no_more(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # without what is said of it besides
    full = getattr(error.orig, "sqlstate", "") == _DISK_FULL
    return full or code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY)


def _is_unusable(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError) or type(error) is DriverDatabaseError:
        return True
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in _NOT_MIGRATED
