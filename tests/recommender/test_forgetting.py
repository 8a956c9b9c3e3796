"""A process that is killed while it forgets leaves nothing that the next start does not finish."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import migrations
from index.database.database import open_database
from recommender.people import forgetting
from recommender.people.feedback import Feedback
from recommender.people.feedback_book import FeedbackBook
from recommender.wire.terms import Verdict

ROOT = Path(__file__).parents[2]
POINTS = 8
PROGRAM = """
import json, os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlalchemy import event
import migrations
from index.database import database as databases
from recommender.people import forgetting
from recommender.people.forgetting import digest
from recommender.tables import FeedbackItemRow, FeedbackRow, ShareItemRow, ShareRow

folder, how, points, finishes, journal = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "yes", sys.argv[5]
databases.sqlite_journal = lambda: journal
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MARKS = {"person": b"person-to-be-forgotten", "expired": b"sku-in-what-expired", "share": b"sku-in-what-expired"}

def filled(home):
    home.mkdir()
    database = databases.open_database(f"sqlite:///{home}/catalog.sqlite3")
    migrations.upgrade(database.engine)
    with database.writing() as session:
        for number in range(120):
            mine = "person-to-be-forgotten" if number % 2 else "another"
            row = FeedbackRow(catalogue="default", person=mine, verdict="like", at=NOW)
            session.add(row); session.flush()
            session.add(FeedbackItemRow(feedback=row.key, position=0, sku=f"s{number}"))
        for number in range(60):
            gone = bool(number % 2) if how == "expired" else number == 7
            token = digest(f"t{number}")
            session.add(ShareRow(token=token, catalogue="default", expires_at=NOW + timedelta(days=-1 if gone else 9)))
            session.flush()
            session.add(ShareItemRow(share=token, position=0, sku=f"sku-in-what-{'expired' if gone else 'stays'}-{number}"))
    database.close()

def forget(database):
    if how == "person":
        return forgetting.forget_person(database, "person-to-be-forgotten")
    if how == "share":
        return forgetting.forget_share(database, digest("t7"))
    return forgetting.forget_expired(database, NOW)

def child(home, at):
    # forget in a process that kills itself at its n-th step; return the steps of one that is not killed
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        steps = 0
        def step(*_):
            nonlocal steps
            steps += 1
            if steps == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0
        database = databases.open_database(f"sqlite:///{home}/catalog.sqlite3")
        event.listen(database.engine, "connect", lambda raw, _: raw.set_progress_handler(step, 1))
        plain, unlink = forgetting.durable.sync, Path.unlink
        def written(*given): plain(*given); step()
        def removed(path, **given): step(); unlink(path, **given)
        forgetting.durable.sync, Path.unlink = written, removed
        forget(database)
        database.close()
        os.write(write, str(steps).encode())
        os._exit(0)
    os.close(write)
    status = os.waitpid(pid, 0)[1]
    told = os.read(read, 20)
    os.close(read)
    return int(told) if told else -status

def readable(home):
    return [each.name for each in home.iterdir() if MARKS[how] in each.read_bytes()]

whole = folder / "whole"
filled(whole)
steps = child(whole, 0)
assert readable(whole) == [], readable(whole)
results = []
for point in range(points):
    home = folder / str(point)
    filled(home)
    before = readable(home)
    ended = child(home, 1 + (steps - 1) * point // (points - 1))
    left = readable(home)
    database = databases.open_database(f"sqlite:///{home}/catalog.sqlite3")
    begun = bool(forgetting.notes(database))
    if finishes:
        forgetting.finish(database)
    with database.reading() as session:
        kept = session.query(FeedbackRow).count(), session.query(ShareRow).count()
    database.close()
    results.append([bool(before) and begun, ended, left, readable(home), kept, [str(each) for each in forgetting.notes(database)]])
print(json.dumps([steps, results]))
"""


def campaign(folder: Path, how: str, journal: str, *, finishes: bool) -> list[list[object]]:
    """Kill at points from the first step to the last; return what was found at each."""
    arguments = [str(folder), how, str(POINTS), "yes" if finishes else "no", journal]
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    steps, results = json.loads(done.stdout)
    assert steps > 500
    killed = [result for result in results if result[1] == -9]
    assert len(killed) == POINTS
    begun = [result for result in killed if result[0]]  # earlier, and nothing was asked to go yet
    assert len(begun) >= POINTS - 3
    return begun


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
@pytest.mark.parametrize("how", ["person", "share", "expired"])
def test_what_was_to_be_forgotten_is_gone_after_the_next_start(
    tmp_path: Path, how: str, journal: str
) -> None:
    kept = {"person": [60, 60], "share": [120, 59], "expired": [120, 30]}[how]
    for _, _, _, readable, rows, notes in campaign(tmp_path, how, journal, finishes=True):
        assert (readable, rows, notes) == ([], kept, [])


def test_without_that_it_would_be_left(tmp_path: Path) -> None:
    """The control: kills do leave it readable, so that finding nothing above says something."""
    found = campaign(tmp_path, "person", "DELETE", finishes=False)
    assert sum(bool(left) for _, _, left, *_ in found) >= POINTS // 3
    assert sum(bool(readable) for _, _, _, readable, *_ in found) >= POINTS // 4


@pytest.mark.parametrize("half", ["", '{"per', "[]", "null"])
def test_half_a_note_deletes_nothing_and_is_gone_with_the_next_start(
    tmp_path: Path, half: str
) -> None:
    """Whoever wrote it was killed before anything was deleted."""
    database = open_database(f"sqlite:///{tmp_path}/catalog.sqlite3")
    migrations.upgrade(database.engine)
    with database.writing() as session:
        FeedbackBook(session).add("somebody", Feedback(Verdict.LIKE, ("s1",), datetime.now(UTC)))
    (tmp_path / "catalog.sqlite3-forgetting-0").write_text(half)
    assert forgetting.finish(database) == 1
    assert forgetting.notes(database) == []
    with database.reading() as session:
        assert len(FeedbackBook(session).of("somebody")) == 1
    database.close()
