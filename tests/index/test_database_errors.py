"""What a driver says -> one cause, one remedy; whatever is no fault of the database passes through."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from index.database.errors import database_refusals
from index.errors import DatabaseBusy, DatabaseError, DatabaseUnfit


def of_sqlite(code: int, words: str = "words") -> DBAPIError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return OperationalError("SELECT", None, error)


def of_postgresql(state: str | None) -> DBAPIError:
    class ServerError(Exception):
        sqlstate = state

    return OperationalError("SELECT", None, ServerError("words"))


TOLD = [
    (of_sqlite(sqlite3.SQLITE_BUSY), "locked by another", "Wait", DatabaseBusy),
    (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "locked by another", "Wait", DatabaseBusy),
    (of_sqlite(sqlite3.SQLITE_FULL), "disk of the database is full", "Free", DatabaseError),
    (of_sqlite(sqlite3.SQLITE_READONLY), "cannot be written to", "permissions", DatabaseError),
    (of_sqlite(sqlite3.SQLITE_CANTOPEN), "cannot be opened", "path", DatabaseError),
    (of_sqlite(sqlite3.SQLITE_CORRUPT), "damaged", "restore FILE --yes", DatabaseUnfit),
    (of_sqlite(sqlite3.SQLITE_NOTADB), "is no database", "restore FILE --yes", DatabaseUnfit),
    (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), "disk of the database fails", "log", DatabaseError),
    (of_sqlite(sqlite3.SQLITE_ERROR, "no such table: items"), "schema", "doctor", DatabaseError),
    (of_sqlite(sqlite3.SQLITE_ERROR, "other"), "cannot be used", "doctor", DatabaseError),
    (of_postgresql("42P01"), "schema", "doctor", DatabaseError),
    (of_postgresql("53100"), "disk of the database is full", "Free", DatabaseError),
    (of_postgresql("25006"), "cannot be written to", "permissions", DatabaseError),
    (of_postgresql("55P03"), "locked by another", "Wait", DatabaseBusy),
    (of_postgresql(None), "does not answer", "DATABASE_URL", DatabaseError),
]


@pytest.mark.parametrize(("error", "what", "mend", "kind"), TOLD)
def test_each_cause_has_its_sentence(
    error: DBAPIError, what: str, mend: str, kind: type[DatabaseError]
) -> None:
    with pytest.raises(kind) as refused, database_refusals():
        raise error
    assert type(refused.value) is kind
    assert what in refused.value.what
    assert mend in refused.value.next_step


def test_a_fault_of_ours_is_no_cause() -> None:
    with pytest.raises(IntegrityError), database_refusals():
        raise IntegrityError("INSERT", None, sqlite3.IntegrityError("UNIQUE"))


def test_a_remedy_for_each_sentence() -> None:
    """No two causes share what they say, and every one is in the operator's table."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    table = page.split("## When something is wrong")[1].split("\n## ")[0]
    for words in ("is empty", "another database", "older state", "damaged", "newer version"):
        assert words in table
    for words in ("locked by another process", "disk is full", "not be written to", "not answer"):
        assert words in table
