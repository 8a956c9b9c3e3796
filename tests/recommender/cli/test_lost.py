"""Sixty items, a database that is lost, and the product's own advice, followed.

Each cause has its own sentence in every command; no advice destroys what it is to save.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import index.database.database
from recommender.api.app import create_app
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from tests.recommender.cli.conftest import Shell
from tests.servers import PostgresServer

MANY = 60
ROWS = [
    {"sku": f"s{n}", "title": f"Thing {n}", "category": "dress", "price": f"{n + 1}.00"}
    for n in range(MANY)
]


@dataclass
class Full:
    """A shell whose catalogue has sixty items and a backup."""

    shell: Shell
    backup: Path
    before: list[Any] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.shell.home / "catalog.sqlite3"

    def answers(self) -> list[Any]:
        """Return what a shop's visitors see."""
        found: list[Any] = [self.shell.ok("catalog", "list", "-n", "100")]
        return found + [self.shell.ok("similar", "--item", f"s{n}", "-k", "5") for n in (1, 30, 59)]

    def pictures(self) -> list[str]:
        folder = self.shell.home / "images"
        return sorted(str(p.relative_to(folder)) for p in folder.glob("??/*"))

    def require_back(self) -> None:
        """Check that everything is as it was."""
        assert self.answers() == self.before
        assert len(self.pictures()) == MANY
        assert self.shell.ok("index", "verify", "--pictures")[0]["intact"]
        assert self.shell.ok("index", "build")[0]["vectors"] == MANY, "and a build is no danger"
        assert self.answers() == self.before


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a folder that the first test fills and the others copy."""
    return {"folder": tmp_path_factory.mktemp("stock")}


def age(shell: Shell) -> None:
    """Have pictures look older than an hour: a build sets no newer ones aside."""
    for path in (shell.home / "images").glob("??/*"):
        os.utime(path, (time.time() - 9999,) * 2)


@pytest.fixture
def full(shell: Shell, stock: dict[str, Path]) -> Full:
    made = stock["folder"] / "home"
    if not made.exists():
        shell.ok("catalog", "import", shell.feed(ROWS))
        for path in (shell.home / "images").rglob(
            "*.*"
        ):  # a build leaves alone what is an hour old
            os.utime(path, (time.time() - 9999,) * 2)
        shell.ok("backup", stock["folder"] / "backup.zip")
        shutil.copytree(shell.home, made)
    else:
        shutil.copytree(made, shell.home)
    there = Full(shell, stock["folder"] / "backup.zip")
    there.before = there.answers()
    return there


def emptied(full: Full) -> None:
    full.database.write_bytes(b"")


def gone(full: Full) -> None:
    full.database.unlink()


def damaged(full: Full) -> None:
    full.database.write_bytes(b"this is no database at all" * 1000)


def newer(full: Full) -> None:
    with closing(sqlite3.connect(full.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def older(full: Full) -> None:
    """Put back the state before the newest import."""
    kept = full.database.with_name("kept")
    shutil.copy(full.database, kept)
    full.shell.ok("catalog", "import", full.shell.feed([*ROWS, {**ROWS[0], "sku": "t"}]))
    kept.replace(full.database)
    age(full.shell)


EMPTY = "the database is empty, and the index was made from one that was not"
CAUSES = [
    pytest.param(emptied, EMPTY, (), id="emptied"),
    pytest.param(gone, EMPTY, (), id="gone"),
    pytest.param(damaged, "file is damaged, or is no database", ("--yes",), id="damaged"),
    pytest.param(newer, "of a newer version of this program", ("--yes",), id="newer"),
]
COMMANDS = (
    ("index", "build"),
    ("purge",),
    ("similar", "--item", "s1"),
    ("index", "status"),
    ("backup", "another.zip"),
)
Losing = Callable[[Full], None]


def doctor(full: Full) -> str:
    result = full.shell.run("doctor", "--json")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.stdout


def readyz(shell: Shell) -> tuple[int, str]:
    wiring = Wiring(read_settings())
    application = create_app(wiring, outfits={}, warm=False)
    with TestClient(application, base_url="http://127.0.0.1") as client:
        answer = client.get("/readyz")
    return answer.status_code, answer.text


@pytest.mark.parametrize(("lose", "answer", "words"), CAUSES)
def test_every_command_tells_the_cause_and_the_advice_brings_all_back(
    full: Full, lose: Losing, answer: str, words: tuple[str, ...]
) -> None:
    lose(full)
    for command in COMMANDS:
        assert answer in full.shell.refused(*command), command
    assert answer in doctor(full)
    status, text = readyz(full.shell)
    assert (status, answer in text) == (503, True)
    assert len(full.pictures()) == MANY
    full.shell.ok("restore", full.backup, *words)
    full.require_back()
    assert readyz(full.shell)[0] == 200
    spoilt = list(full.shell.home.glob("catalog.sqlite3.unfit-*"))
    assert len(spoilt) == (1 if words else 0), "what cannot be used is kept"


def test_an_older_state_beside_newer_pictures(full: Full) -> None:
    older(full)
    text = "older state than the index was made from"
    for command in (("index", "build"), ("similar", "--item", "s1"), ("index", "status")):
        assert text in full.shell.refused(*command)
    assert text in doctor(full)
    assert text in readyz(full.shell)[1]
    full.shell.ok("index", "build", "--yes")
    full.require_back()
    full.shell.ok("catalog", "import", full.shell.folder / "feed" / "feed.jsonl")
    assert len(full.pictures()) == MANY + 1, "the newest one's picture was taken back"


def test_a_new_empty_server(
    full: Full, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.empty()
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", url)
    for command in (("index", "build"), ("purge",), ("similar", "--item", "s1")):
        assert EMPTY in full.shell.refused(*command)
    assert EMPTY in doctor(full)
    assert len(full.pictures()) == MANY
    monkeypatch.delenv("RECOMMENDER_DATABASE_URL")
    copied = full.shell.ok("catalog", "copy", "--to", url)[0]
    assert copied["tables"]["items"]["rows"] == MANY
    assert "complete" not in copied["to"] and "password" not in str(copied)
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", url)
    full.require_back()


def test_a_demo_moves_nobody_elses_index(full: Full) -> None:
    emptied(full)
    result = full.shell.refused("demo")
    assert EMPTY in result
    assert len(full.pictures()) == MANY


@pytest.fixture
def locked(full: Full, monkeypatch: pytest.MonkeyPatch) -> Iterator[Full]:
    monkeypatch.setattr(index.database.database, "BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(full.database, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield full


def test_one_that_another_process_holds(locked: Full) -> None:
    sentence = "locked by another process"
    for command in (*COMMANDS, ("restore", locked.backup)):
        assert sentence in locked.shell.refused(*command), command
    assert sentence in doctor(locked)
    status, text = readyz(locked.shell)
    assert (status, sentence in text) == (503, True)


def test_one_of_an_older_version_is_migrated_by_the_command_that_is_named(full: Full) -> None:
    import migrations
    from index.database.database import open_database

    with closing(sqlite3.connect(full.database)) as connection, connection:
        connection.execute("UPDATE catalogues SET lineage = ''")
    full.shell.ok("index", "build", "--yes")  # as that version left them
    with closing(open_database(f"sqlite:///{full.database}")) as database:
        migrations.downgrade(database.engine, "0006")
    assert "older version of this program" in doctor(full)
    full.shell.ok("index", "build")
    full.require_back()


def test_pictures_that_are_set_aside_are_listed_and_deleted_on_request(stocked: Shell) -> None:
    aside = stocked.home / "images" / "unclaimed"
    stocked.ok("catalog", "remove", "cap", "tote")
    assert "2 without an item are set aside" in stocked.run("doctor", "--json").stdout
    assert stocked.ok("purge") == [{"purged": 0, "events": 0, "pictures": 0}]
    assert len(list(aside.glob("*/*"))) == 2
    assert stocked.ok("purge", "--pictures") == [{"purged": 0, "events": 0, "pictures": 2}]
    assert list(aside.glob("*/*")) == []
    assert "none without an item" in stocked.run("doctor", "--json").stdout
