"""What a driver says of a database that cannot be used -> the cause, and the remedy for that cause.

SQLite tells causes by result codes, PostgreSQL by SQLSTATEs; neither's words are the same twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import DatabaseError as DriverDatabaseError
from sqlalchemy.exc import DBAPIError, OperationalError

from index.errors import RESTORE_COMMAND, DatabaseBusy, DatabaseError, DatabaseUnfit

_KEPT: Final = "then run this again: what was done is kept, and what was served is served."


@dataclass(frozen=True)
class _Cause:
    """What is wrong, what would be right, and what mends it."""

    what: str
    expected: str
    next_step: str
    kind: type[DatabaseError] = DatabaseError


_BUSY: Final = _Cause(
    "the database is locked by another process",
    "its turn to write within half a minute",
    "Wait until the other ends (an import, a backup, a tool that has the file open), then run this "
    "again.",
    DatabaseBusy,
)
_FULL: Final = _Cause(
    "the disk of the database is full",
    "room for what is written",
    f"Free some room, {_KEPT}",
)
_READ_ONLY: Final = _Cause(
    "the database cannot be written to",
    "a file and a folder, or a role on the server, that may be written to",
    f"Mend the permissions, {_KEPT}",
)
_CLOSED: Final = _Cause(
    "the database cannot be opened",
    "a file that this user may read, in a folder that is there",
    "Mend the permissions or the path: RECOMMENDER_HOME, or RECOMMENDER_DATABASE_URL.",
)
_DAMAGED: Final = _Cause(
    "the database's file is damaged, or is no database",
    "the file as it was written",
    f"Put it back from a backup: `{RESTORE_COMMAND} --yes` (the damaged file is kept beside it). "
    "Pictures and index are untouched.",
    DatabaseUnfit,
)
_DISK: Final = _Cause(
    "the disk of the database fails",
    "a disk that does what it is asked",
    f"Look into the system's log, mend the disk, {_KEPT}",
)
_UNMIGRATED: Final = _Cause(
    "the database has not the schema of this version",
    "a catalogue's database that this version has migrated",
    "Run `recommender doctor`: it says which version it is of.",
)
_AWAY: Final = _Cause(
    "the database's server does not answer",
    "a PostgreSQL server that lets us in",
    "See that it runs and that RECOMMENDER_DATABASE_URL is right, then run `recommender doctor`.",
)
_UNUSABLE: Final = _Cause(
    "the database cannot be used",
    "a catalogue's database that this version has migrated",
    "Run `recommender doctor`.",
)
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: _DISK,
}
_POSTGRESQL: Final = {
    "42P01": _UNMIGRATED,  # no such table
    "42703": _UNMIGRATED,  # no such column
    "53100": _FULL,
    "25006": _READ_ONLY,  # a transaction that may only read, such as a standby's
    "42501": _READ_ONLY,  # no privilege
    "55P03": _BUSY,  # a lock was not to be had
    "40P01": _BUSY,  # a deadlock
    "57014": _BUSY,  # a statement took longer than it may
    "XX001": _DAMAGED,
    "58030": _DISK,
}


@contextmanager
def database_refusals() -> Iterator[None]:
    """Turn what the driver says of an unusable database into a refusal with a remedy.

    Raises:
        DatabaseBusy: another process holds it.
        DatabaseError: it cannot be reached or read, was never migrated, or takes no more.
    """
    try:
        yield
    except DBAPIError as error:
        cause = _cause_of(error)
        if cause is None:
            raise
        raise cause.kind(
            cause.what,
            got=str(error.orig).strip(),
            expected=cause.expected,
            next_step=cause.next_step,
        ) from error


def _cause_of(error: DBAPIError) -> _Cause | None:
    """Return what is wrong; None where it is a fault of ours."""
    state = getattr(error.orig, "sqlstate", None)
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # without what is said of it besides
    known = _POSTGRESQL.get(state or "") or _SQLITE.get(code)
    if known is not None:
        return known
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error.orig):
        return _UNMIGRATED
    on_server = hasattr(error.orig, "sqlstate")
    if error.connection_invalidated or (on_server and isinstance(error, OperationalError)):
        return _AWAY
    if isinstance(error, OperationalError) or type(error) is DriverDatabaseError:
        return _UNUSABLE
    return None
