"""One writer at a time, whoever dies: on one machine by a file, across machines by the database.

The kernel frees the file's lock of a process that dies; PostgreSQL frees its own when the holder's
connection ends, and looks after silent ones itself.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from index.database.database import Database, database_refusals
from index.errors import CatalogBusy, DatabaseError
from index.files import durable

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD: Final = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
"""What systems say of a lock that another holds."""
_KEY: Final = 0x6C6F6F6B777269
"""The number of the writer's lock in PostgreSQL; each database has its own."""
_ALIVE: Final = """
    SELECT set_config('tcp_keepalives_idle', '20', false),
           set_config('tcp_keepalives_interval', '5', false),
           set_config('tcp_keepalives_count', '4', false)
"""
"""A holder whose machine is gone is noticed after 40 s; servers wait for two hours by themselves."""


@contextmanager
def writer(home: Path, database: Database) -> Iterator[None]:
    """Hold the right to change the catalogue and its index.

    Raises:
        CatalogBusy: another process, another thread of this one, or another machine holds it.
        CatalogError: the home folder cannot be written to, or its disk knows no locks.
        DatabaseError: the server cannot be reached, or the lock was lost while it was held.
    """
    path = home / "writer.lock"
    with durable.disk_refusals(path):
        home.mkdir(parents=True, exist_ok=True)
        opened = path.open("ab")
    with opened as file:
        with durable.disk_refusals(path):  # a disk may know no locks at all
            try:
                _take(file.fileno())
            except OSError as error:
                if error.errno not in _HELD:
                    raise
                raise _busy() from error
        with _on_server(database) if database.on_server else nullcontext():
            yield


def hold(path: Path) -> IO[bytes] | None:
    """Return an open file whose lock is ours until it is closed; None where somebody holds it.

    Raises:
        OSError: it cannot be written, or its disk knows no locks.
    """
    file = path.open("ab")
    try:
        _take(file.fileno())
    except OSError as error:
        file.close()
        if error.errno not in _HELD:
            raise
        return None
    return file


@contextmanager
def _on_server(database: Database) -> Iterator[None]:
    # outside any transaction: a session that sits in one for hours keeps the server from cleaning
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with database_refusals():
        connection = engine.connect()
    with connection:
        with database_refusals():
            connection.execute(text(_ALIVE))
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY})
        if not taken.scalar_one():
            raise _busy()
        try:
            yield
        except BaseException:
            connection.invalidate()  # the connection's end frees the lock, whatever state it is in
            raise
        _release(connection)


def _release(connection: Connection) -> None:
    try:
        freed = connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
        if freed.scalar_one():
            return
        reason = "the server no longer held it"
    except DBAPIError as error:
        reason = str(error.orig)
    raise DatabaseError(
        "the writer's lock was lost before the work ended",
        got=reason,
        expected="a connection to the server from beginning to end",
        next_step="Run this again: what was done is kept, the rest is finished.",
    )


def _busy() -> CatalogBusy:
    return CatalogBusy(
        "the catalogue is being written to",
        got="another import, removal or build under way",
        expected="one at a time",
        next_step="Wait until it ends, then run this again.",
    )
