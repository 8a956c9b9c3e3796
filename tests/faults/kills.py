"""Random kills of everything that writes: nothing is lost, and the next run finishes.

Each kill has its control: the same run without the kill, which must come to its end and must not
count as killed. How long it takes says when the kill comes.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from index.database.database import open_database
from recommender.people.feedback import Feedback, Verdict
from recommender.people.feedback_book import FeedbackBook
from recommender.people.shares import Shares
from tests.faults.campaign import Tally
from tests.index.conftest import write_migrated
from tests.index.faults.desk import STOCK, Desk, stock
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery, Job

ITEMS: Final[Shades] = {**STOCK, **{f"c{n}": n for n in range(20, 50)}}
"""What the catalogue holds, at generation 2; `STOCK` is generation 1."""
MORE: Final[Shades] = {**ITEMS, **{f"d{n}": n for n in range(60, 90)}}
OTHER: Final[Shades] = {
    **{sku: shade + 200 if sku in ("c25", "c31") else shade for sku, shade in ITEMS.items()},
    **{f"e{n}": n for n in range(100, 110)},
}
"""Two pictures changed, ten items more; two of `ITEMS` go as well."""
CHANGED: Final = {sku: shade for sku, shade in OTHER.items() if sku not in ("c40", "c41")}
REMOVED: Final = ("a1", "c22", "c23", "c24")
LEFT: Final = {sku: shade for sku, shade in ITEMS.items() if sku not in REMOVED}
PERSON: Final = "person-to-be-forgotten"
OTHER_PERSON: Final = "person-to-be-kept"
LASTING: Final = 3
"""Shared looks that have not expired; as many words of `OTHER_PERSON` are kept."""


@dataclass(frozen=True)
class Verb:
    """Something that writes.

    Attributes:
        job: what is run, given the desk.
        after: what the catalogue holds at its end.
        again: what is run after the kill, given the job; by itself it is run again.
        forgets: texts that may be nowhere in the home at the end.
    """

    job: Callable[[Desk], Job]
    after: Shades
    again: Callable[[Job], Job] = lambda job: job
    forgets: tuple[str, ...] = ()


def _command(*words: str) -> Callable[[Desk], Job]:
    return lambda desk: replace(desk.job(ITEMS), verb="command", words=words)


def _as_import(job: Job) -> Job:
    return replace(job, verb="import")


VERBS: Final[Mapping[str, Verb]] = {
    "import": Verb(lambda desk: desk.job(MORE), MORE),
    "change": Verb(lambda desk: desk.job(CHANGED, {"a5": "12.00", "c30": "9.00"}), CHANGED),
    "remove": Verb(lambda desk: replace(desk.job(ITEMS), verb="remove", skus=REMOVED), LEFT),
    "build": Verb(lambda desk: replace(desk.job(ITEMS), verb="rebuild"), ITEMS),
    "rollback": Verb(
        lambda desk: replace(desk.job(ITEMS), verb="rollback"), ITEMS, again=_as_import
    ),
    "purge": Verb(_command("purge"), ITEMS),
    "forget": Verb(_command("style", "forget", PERSON), ITEMS, forgets=(PERSON,)),
}
A_BATCH: Final = 5
"""Kills of each verb in a batch."""


def require_landed(status: int) -> None:
    """Fail unless a run was killed."""
    assert status in (0, -signal.SIGKILL), f"a run failed by itself: {status}"
    assert status == -signal.SIGKILL, "the kill landed"


def halves(home: Path) -> Counter[str]:
    """Return what lies in a home only while a write is not done."""
    found: Counter[str] = Counter()
    journal = home / "catalog.sqlite3-journal"
    if journal.exists() and journal.stat().st_size:
        found["in a transaction"] += 1
    if any(path.name.endswith(".tmp") for path in home.rglob("*")):
        found["in a file"] += 1
    return found


def traces(home: Path, texts: tuple[str, ...]) -> int:
    """Return in how many files any of the texts can be read."""
    wanted = [text.encode() for text in texts]
    files = [path for path in home.rglob("*") if path.is_file()]
    return sum(any(text in path.read_bytes() for text in wanted) for path in files)


def people_and_shares(home: Home) -> tuple[str, ...]:
    """Fill in what `purge` and `style forget` take out; return what may not be read afterwards."""
    database = open_database(home.url)
    now = datetime.now(UTC)
    with database.writing() as session:
        book = FeedbackBook(session)
        for number in range(40):
            book.add(PERSON, Feedback(Verdict.LIKE, (f"a{number % 10}",), now))
        for number in range(LASTING):
            book.add(OTHER_PERSON, Feedback(Verdict.LIKE, (f"a{number}",), now))
    for days, count in ((-1, 40), (30, LASTING)):
        for number in range(count):
            Shares(database, days=days).share([f"a{number % 10}", "a9"][: 1 + number % 9])
    database.close()
    return _expired(home)


def _expired(home: Home) -> tuple[str, ...]:
    with home.connected() as connection:
        rows = connection.execute(
            "SELECT token FROM shares WHERE expires_at <= datetime('now')"
        ).fetchall()
    return tuple(token for (token,) in rows)


def require_people(home: Home) -> None:
    """Check that what nobody asked to forget is there."""
    with home.connected() as connection:
        kept = connection.execute(
            "SELECT count(*) FROM feedback WHERE person = ?", (OTHER_PERSON,)
        ).fetchone()
        lasting = connection.execute(
            "SELECT count(*) FROM shares WHERE expires_at > datetime('now')"
        ).fetchone()
    assert (kept, lasting) == ((LASTING,), (LASTING,)), "what is to be kept is kept"


@dataclass(frozen=True)
class Kills:
    """Runs the batches: `A_BATCH` kills of every verb, every second one aimed at a write."""

    desk: Desk
    hatchery: Hatchery
    expired: tuple[str, ...]

    def __call__(self, batch: int) -> Tally:
        """Run one batch."""
        counts: Counter[str] = Counter()
        for name, verb in VERBS.items():
            for number in range(A_BATCH):
                chance = random.Random(f"{name} {batch * A_BATCH + number}")
                counts += self.case(name, verb, chance, in_a_write=number % 2 == 0)
        return Tally(len(VERBS) * A_BATCH, counts)

    def case(
        self, name: str, verb: Verb, chance: random.Random, *, in_a_write: bool
    ) -> Counter[str]:
        """Run the control, then the kill; return what the kill met."""
        took_s = self.control(verb)
        home, job = self.killed(verb, took_s, chance, in_a_write=in_a_write)
        met = halves(home.path)
        forgets = verb.forgets or (self.expired if name == "purge" else ())
        self.require_nothing_lost(home, verb)
        if forgets and traces(home.path, forgets):
            met[f"{name}: still readable before the next run"] += 1
        assert self.hatchery.run(verb.again(job)) == 0, "the next run finishes"
        self.require_finished(home, verb, forgets)
        met[f"of {name}"] += 1
        met["in a write"] += bool(met["in a transaction"] or met["in a file"])
        met["controls that failed without their kill"] += 1
        return met

    def control(self, verb: Verb) -> float:
        """Run without the kill; return the seconds it took."""
        home = self.desk.lay(self.desk.stocked)
        job = replace(verb.job(self.desk), after_s=0.0, killed=False)
        started = time.monotonic()
        status = self.hatchery.run(job)
        took_s = time.monotonic() - started
        try:
            require_landed(status)
        except AssertionError as error:
            assert str(error).startswith("the kill landed"), error
        else:
            raise AssertionError("a run that nobody killed counts as killed")
        self.hatchery.run(verb.again(replace(job, after_s=None)))
        home.require_whole(verb.after)
        return took_s

    def killed(
        self, verb: Verb, took_s: float, chance: random.Random, *, in_a_write: bool
    ) -> tuple[Home, Job]:
        """Kill a run at a moment of chance; one that ended before is none, and is tried again."""
        for _ in range(200):
            home = self.desk.lay(self.desk.stocked)
            job = verb.job(self.desk)
            after_s = chance.uniform(0, took_s)
            status = self.hatchery.run(replace(job, after_s=after_s, in_a_write=in_a_write))
            if status != 0:
                require_landed(status)
                return home, job
        raise AssertionError("no kill landed in 200 runs")

    def require_nothing_lost(self, home: Home, verb: Verb) -> None:
        """Check what is served and kept right after the kill."""
        home.require_sound()
        require_people(home)
        unchanged = {sku: shade for sku, shade in ITEMS.items() if verb.after.get(sku) == shade}
        searcher = home.searcher()
        number = home.generations.verify().number
        if number == 1:  # rolled back
            unchanged = {sku: shade for sku, shade in unchanged.items() if sku in STOCK}
        assert home.require_served(searcher, unchanged) == number
        with home.connected() as connection:
            skus = {sku for (sku,) in connection.execute("SELECT sku FROM items")}
        assert unchanged.keys() <= skus | (ITEMS.keys() if number == 1 else set())
        assert skus <= ITEMS.keys() | verb.after.keys()
        searcher._database.close()

    def require_finished(self, home: Home, verb: Verb, forgets: tuple[str, ...]) -> None:
        """Check that the run after the kill left what one without it leaves."""
        home.require_whole(verb.after)
        require_people(home)
        if forgets:
            assert traces(home.path, forgets) == 0, "what was to be forgotten can be read"


@contextmanager
def opened(folder: Path) -> Iterator[Kills]:
    """Make the catalogue to begin with, and yield what runs the batches."""
    hatchery = Hatchery()
    try:
        empty, first = stock(folder, write_migrated(folder), hatchery)
        desk = Desk(empty, first, folder / "second")
        home = desk.lay(first)
        hatchery.warm(desk.job(ITEMS))
        for words in (("purge",), ("style", "forget", "nobody")):
            hatchery.warm(replace(desk.job(ITEMS), verb="command", words=words))
        expired = people_and_shares(home)
        assert len(expired) == 40
        assert home.generations.current().number == 2
        yield Kills(Desk(empty, home.path, folder / "desk"), hatchery, expired)
    finally:
        hatchery.close()
