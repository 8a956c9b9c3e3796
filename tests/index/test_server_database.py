"""The catalogue's database on a server: who may write, who dies, and what is said without secrets."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from index.catalogue.catalog import Catalog
from index.database import lock
from index.database.database import Database, open_database
from index.errors import CatalogBusy, DatabaseError
from tests.servers import PASSWORD, PostgresServer

HOLDER = """
import sys, time
from pathlib import Path
from index.database import lock
from index.database.database import open_database
with lock.writer(Path(sys.argv[1]), open_database(sys.argv[2])):
    print("held", flush=True)
    time.sleep(120)
"""


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.migrated()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


def holders(database: Database) -> int:
    """Return how many sessions hold the writer's lock."""
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    query += " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    with database.engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def test_one_writer_across_machines_until_it_is_killed(
    database: Database, url: str, tmp_path: Path
) -> None:
    words = [sys.executable, "-c", HOLDER, str(tmp_path / "there"), url]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert holders(database) == 1
        with pytest.raises(CatalogBusy), lock.writer(tmp_path / "here", database):
            pytest.fail("two writers")
        assert other.poll() is None, "it still held the lock"
        other.kill()
        assert other.wait(20) == -signal.SIGKILL
    until = time.monotonic() + 20
    while holders(database) and time.monotonic() < until:
        time.sleep(0.05)
    with lock.writer(tmp_path / "here", database):
        assert holders(database) == 1
    assert holders(database) == 0


def test_the_lock_is_given_back_whatever_happens(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock.writer(tmp_path, database):
        raise ZeroDivisionError
    until = time.monotonic() + 20
    while holders(database) and time.monotonic() < until:
        time.sleep(0.05)
    with lock.writer(tmp_path, database):
        pass


def test_a_lock_that_was_lost_is_told(database: Database, tmp_path: Path) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    ended += " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    with (
        pytest.raises(DatabaseError, match="lock was lost"),
        lock.writer(tmp_path, database),
        database.engine.connect() as connection,
    ):
        assert connection.execute(text(ended)).scalars().all() == [True]


def test_readers_see_one_state_from_first_to_last(database: Database) -> None:
    with database.reading() as session:
        before = Catalog(session).revisions()
        with database.writing() as other:
            other.execute(
                text(
                    "INSERT INTO catalogues (name, revision, vector_revision) VALUES ('default', 7, 7)"
                )
            )
        assert Catalog(session).revisions() == before == (0, 0)
    with database.reading() as session:
        assert Catalog(session).revisions() == (7, 7)


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "hunter2"},
        {"port": 1, "password": "hunter2"},
        {"database": "nowhere"},
        {"host": "nowhere.invalid", "password": "hunter2"},
    ],
    ids=["password", "away", "no database", "no host"],
)
def test_a_server_that_does_not_let_us_in(url: str, changes: dict[str, object]) -> None:
    wrong = make_url(url).set(**changes)  # type: ignore[arg-type]
    database = open_database(wrong.render_as_string(hide_password=False))
    for use in (database.reading, database.writing):
        with pytest.raises(DatabaseError) as refused, use() as session:
            Catalog(session).count()
        answer = str(refused.value)
        assert "doctor" in answer
        assert "hunter2" not in answer
        assert PASSWORD not in answer
    database.close()


def test_a_database_that_was_never_migrated(postgres: PostgresServer) -> None:
    database = open_database(postgres.empty())
    with pytest.raises(DatabaseError, match="doctor"), database.reading() as session:
        Catalog(session).count()
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2:x@host:port/shop",
        "mysql://me:hunter2@host/shop",
        "postgresql+hunter2://h/s",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(DatabaseError, match="RECOMMENDER_DATABASE_URL") as refused:
        open_database(url)
    assert "hunter2@" not in str(refused.value)
    assert ":hunter2" not in str(refused.value)


def test_the_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match=r"psycopg.*\[scale\]"):
        open_database("postgresql://me:hunter2@host/shop")
