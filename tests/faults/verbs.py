"""Everything that writes to a home, a catalogue to do it to, and what must be true after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from index.database.database import open_database
from recommender.people.feedback import Feedback
from recommender.people.feedback_book import FeedbackBook
from recommender.people.shares import Shares
from recommender.wire.terms import Verdict
from tests.index.conftest import write_migrated
from tests.index.faults.desk import STOCK, Desk, stock
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery, Job
from tests.index.faults.safekept import LOOKS, Look

ITEMS: Final[Shades] = {**STOCK, **{f"c{n}": n for n in range(20, 50)}}
"""What the catalogue holds, at generation 2; `STOCK` is generation 1."""
MORE: Final[Shades] = {**ITEMS, **{f"d{n}": n for n in range(60, 90)}}
CHANGED: Final[Shades] = {
    **{sku: shade for sku, shade in ITEMS.items() if sku not in ("c40", "c41")},
    **{"c25": 225, "c31": 231},
    **{f"e{n}": n for n in range(100, 110)},
}
"""Two items gone, two with other pictures, ten new."""
REMOVED: Final = ("a1", "c22", "c23", "c24")
LEFT: Final = {sku: shade for sku, shade in ITEMS.items() if sku not in REMOVED}
PERSON: Final = "person-to-be-forgotten"
OTHER_PERSON: Final = "person-to-be-kept"
EXPIRED: Final = 40
LASTING: Final = 3
"""Shared looks that have not expired; as many words of `OTHER_PERSON` are kept."""


@dataclass(frozen=True)
class Verb:
    """Something that writes.

    Attributes:
        job: what is run, given the desk.
        after: what the catalogue holds at its end.
        again: what is run where it did not come to its end; by itself the same.
        forgets: texts that may be nowhere in the home at the end.
        looks: checks what it made beside the home, and tells whether that is there.
        before: another verb, which must be run first.
        inside: it writes to the home and to nothing else.
    """

    job: Callable[[Desk], Job]
    after: Shades
    again: Callable[[Job], Job] = lambda job: job
    forgets: tuple[str, ...] = ()
    looks: Look = lambda _job, _shades: True
    before: str = ""
    inside: bool = True


def _command(*words: str) -> Callable[[Desk], Job]:
    return lambda desk: replace(desk.job(ITEMS), verb="command", words=words)


def _verbs(expired: tuple[str, ...]) -> Mapping[str, Verb]:
    def job(verb: str) -> Callable[[Desk], Job]:
        return lambda desk: replace(desk.job(ITEMS), verb=verb, skus=REMOVED)

    return {
        "import": Verb(lambda desk: desk.job(MORE), MORE),
        "change": Verb(lambda desk: desk.job(CHANGED, {"a5": "12.00", "c30": "9.00"}), CHANGED),
        "remove": Verb(job("remove"), LEFT),
        "build": Verb(job("rebuild"), ITEMS),
        "rollback": Verb(job("rollback"), ITEMS, lambda job: replace(job, verb="import")),
        "purge": Verb(_command("purge"), ITEMS, forgets=expired),
        "forget": Verb(_command("style", "forget", PERSON), ITEMS, forgets=(PERSON,)),
        "copy": Verb(job("copy"), ITEMS, looks=LOOKS["copy"], inside=False),
        "backup": Verb(job("backup"), ITEMS, looks=LOOKS["backup"], inside=False),
        "restore": Verb(
            job("restore"), ITEMS, looks=LOOKS["restore"], before="backup", inside=False
        ),
    }


@dataclass(frozen=True)
class Stage:
    """Where verbs are run.

    Attributes:
        desk: lays out the catalogue.
        hatchery: whose children run them.
        verbs: by name.
    """

    desk: Desk
    hatchery: Hatchery
    verbs: Mapping[str, Verb]

    @property
    def inside(self) -> Mapping[str, Verb]:
        """Those that write to the home and to nothing else."""
        return {name: verb for name, verb in self.verbs.items() if verb.inside}

    def lay(self) -> Home:
        """Lay out the catalogue anew."""
        return self.desk.lay(self.desk.stocked)

    def begin(self, verb: Verb) -> tuple[Home, Job]:
        """Lay out the catalogue for a verb; return where, and its job."""
        home, job = self.lay(), verb.job(self.desk)
        if verb.before:
            assert self.hatchery.run(replace(job, verb=verb.before)) == 0
        return home, job


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Make the catalogue below a folder: `ITEMS`, people's words, shared looks of which most expired."""
    hatchery = Hatchery()
    try:
        empty, first = stock(folder, write_migrated(folder), hatchery)
        desk = Desk(empty, first, folder / "second")
        home = desk.lay(first)
        hatchery.warm(desk.job(ITEMS))
        for words in (("purge",), ("style", "forget", "nobody")):
            hatchery.warm(replace(desk.job(ITEMS), verb="command", words=words))
        _fill_in_people(home)
        expired = _expired(home)
        assert len(expired) == EXPIRED
        assert home.generations.current().number == 2
        yield Stage(Desk(empty, home.path, folder / "desk"), hatchery, _verbs(expired))
    finally:
        hatchery.close()


def _fill_in_people(home: Home) -> None:
    database, now = open_database(home.url), datetime.now(UTC)
    with database.writing() as session:
        book = FeedbackBook(session)
        for person, words in ((PERSON, EXPIRED), (OTHER_PERSON, LASTING)):
            for number in range(words):
                book.add(person, Feedback(Verdict.LIKE, (f"a{number % 10}",), now))
    for days, count in ((-1, EXPIRED), (30, LASTING)):
        for number in range(count):
            Shares(database, days=days).share([f"a{number % 10}", "a9"][: 1 + number % 9])
    database.close()


def _expired(home: Home) -> tuple[str, ...]:
    with home.connected() as connection:
        rows = connection.execute("SELECT token FROM shares WHERE expires_at <= datetime('now')")
        return tuple(token for (token,) in rows)


@contextmanager
def of(name: str) -> Iterator[None]:
    """Say whose case it was that failed."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from error


def traces(home: Path, texts: tuple[str, ...]) -> int:
    """Return in how many files any of the texts can be read."""
    wanted = [text.encode() for text in texts]
    files = [path for path in home.rglob("*") if path.is_file()]
    return sum(any(text in path.read_bytes() for text in wanted) for path in files)


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


def require_nothing_lost(home: Home, verb: Verb, job: Job) -> None:
    """Check what is served and kept where a run did not come to its end."""
    verb.looks(job, ITEMS)
    home.require_sound()
    require_people(home)
    unchanged = {sku: shade for sku, shade in ITEMS.items() if verb.after.get(sku) == shade}
    with home.connected() as connection:
        skus = {sku for (sku,) in connection.execute("SELECT sku FROM items")}
    assert unchanged.keys() <= skus <= ITEMS.keys() | verb.after.keys(), "each item is there"
    number = home.generations.verify().number
    if number == 1:  # rolled back
        unchanged = {sku: shade for sku, shade in unchanged.items() if sku in STOCK}
    searcher = home.searcher()
    assert home.require_served(searcher, unchanged) == number, "what was served is served"
    searcher._database.close()


def require_finished(home: Home, verb: Verb, job: Job) -> None:
    """Check that a run that came to its end left what is asked of it, and nothing else."""
    assert verb.looks(job, ITEMS), "it made what it was to make"
    home.require_whole(verb.after)
    require_people(home)
    assert not verb.forgets or traces(home.path, verb.forgets) == 0, "it is forgotten"
