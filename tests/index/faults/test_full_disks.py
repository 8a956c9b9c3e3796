"""A disk that takes no more, at every single write of an import and of a publication."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from index.build import Indexer
from index.database.database import open_database
from index.errors import CatalogError, DatabaseError
from index.files.manifest import Manifest
from index.generations.generations import Generations
from index.importing.reports import ImportOptions
from index.stores.faiss import FaissEngine
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.conftest import Shop
from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery
from tests.index.stores.engines import ENCODER, Published, unit, vectors_of

KINDS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO)
CHANGED: Shades = {**{sku: shade for sku, shade in STOCK.items() if sku > "a2"}, "a3": 40, "b": 41}


class HalfFile:
    """A file that takes half of what it is given, once."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk

    def write(self, data: bytes) -> int:
        if self._disk.refuses("write"):
            self._file.write(data[: len(data) // 2])
            raise self._disk.error
        return int(self._file.write(data))

    def __enter__(self) -> HalfFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@dataclass
class Disk:
    """Counts what is written below a folder, and refuses one of those writes.

    Attributes:
        root: the folder.
        refused: number of the write that is refused, from 1; 0 refuses none.
        done: what was asked of it, in order.
        landed: how many were refused.
    """

    root: Path
    refused: int = 0
    done: list[str] = field(default_factory=list)
    landed: int = 0

    @property
    def error(self) -> OSError:
        number = KINDS[self.refused % len(KINDS)]
        return OSError(number, os.strerror(number))

    def refuses(self, act: str) -> bool:
        self.done.append(act)
        if len(self.done) == self.refused:
            self.landed += 1
            return True
        return False

    @contextmanager
    def installed(self) -> Iterator[Disk]:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("mkdir", "replace", "rename"):
                patch.setattr(Path, name, self._guarded(name, getattr(Path, name)))
            patch.setattr(Path, "open", self._opening(Path.open))
            patch.setattr(os, "fsync", self._guarded("fsync", lambda _: None))
            yield self

    def _guarded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(where: Any, *given: Any, **named: Any) -> Any:
            ours = not isinstance(where, Path) or self.root in where.parents
            if ours and self.refuses(name):
                raise self.error
            return real(where, *given, **named)

        return act

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(path: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
            if self.root not in path.parents or not set(mode) & set("wa"):
                return real(path, mode, *given, **named)
            if self.refuses("open"):
                raise self.error
            return HalfFile(real(path, mode, *given, **named), self)

        return act


def require_told(error: CatalogError, disk: Disk) -> None:
    """Check that a refusal says what, got, expected and the next step."""
    assert disk.landed == 1, "the fault landed"
    record = {
        "full": "Free some room",
        "not be written to": "permissions",
        "cannot": "system's log",
    }
    words = {
        errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "not be written to",
        errno.EIO: "cannot",
    }[disk.error.errno or 0]  # fmt: skip
    assert words in error.what
    assert record[words] in error.next_step
    assert str(disk.error.strerror) in error.got
    assert str(disk.root) in error.got
    assert "run this again" in error.next_step


def require_no_halves(root: Path) -> None:
    assert [path for path in root.rglob("*") if path.name.endswith(".tmp")] == []


def every_write(attempt: Callable[[Disk], None], root: Path, after: Callable[[], None]) -> Disk:
    """Refuse the first write, then the second, until none is left; return the last run's disk."""
    number = 0
    while True:
        number += 1
        disk = Disk(root, number)
        with disk.installed():
            try:
                attempt(disk)
            except CatalogError as error:
                require_told(error, disk)
            else:
                assert disk.landed == 0, f"write {number} failed unseen: {disk.done[-1]}"
                return disk
        require_no_halves(root)
        after()


def importer(home: Home, feed: Path) -> Callable[[Disk], None]:
    def run(_: Disk) -> None:
        database = open_database(home.url)
        indexer = Indexer(
            database, home.path, FakeEncoder(), FakeCutter(), FaissEngine(), batch_size=4
        )
        try:
            indexer.import_feed(feed, ImportOptions(remove_missing=True, confirmed=True))
        finally:
            database.close()

    return run


def test_at_every_write_of_an_import(desk: Desk, tmp_path: Path) -> None:
    home = desk.lay(desk.stocked)
    feed = desk.job(CHANGED).feed
    begun = tmp_path / "begun"
    shutil.copytree(home.path, begun)
    untouched = {sku: shade for sku, shade in STOCK.items() if CHANGED.get(sku) == shade}
    running = home.searcher()
    assert running.generation().number == 1
    run = importer(home, feed)
    faults = 0

    def after() -> None:
        nonlocal faults
        faults += 1
        home.require_sound()
        home.generations.verify()
        number = home.generations.current().number
        for searcher in (running, home.searcher()):
            assert home.require_served(searcher, untouched) == number
        if faults % 8 == 0:
            run(Disk(home.path))
            home.require_whole(CHANGED)
        shutil.rmtree(home.path)
        shutil.copytree(begun, home.path)

    disk = every_write(run, home.path, after)
    home.require_whole(CHANGED)
    assert faults == len(disk.done) >= 30
    assert set(disk.done) == {"open", "write", "fsync", "mkdir", "replace", "rename"}


@pytest.mark.parametrize("engine", [FaissEngine(0), FaissEngine(0, 0)], ids=["sq8", "pq"])
def test_at_every_write_of_inverted_lists(engine: FaissEngine, tmp_path: Path) -> None:
    rows = dict(enumerate(unit(1, 300)))
    made = Published(engine, tmp_path / "before")
    made.publish(rows)
    vectors = vectors_of(rows)
    generations = Generations(tmp_path / "home" / "index")

    def fill(folder: Path) -> Manifest:
        assert made.previous is not None
        files = engine.publish(vectors, folder, made.previous)
        return Manifest(ENCODER, vectors.dim, len(rows), engine.kind(len(rows)), 1, "", files)

    assert generations.publish(fill).number == 1
    served: list[int] = []

    def after() -> None:
        served.append(generations.verify().number)
        assert generations.numbers() == list(range(1, served[-1] + 1)), "no half of one is kept"

    disk = every_write(lambda _: void(generations.publish(fill)), tmp_path / "home", after)
    assert disk.done.count("write") >= 6
    assert set(served[:-1]) == {1}
    assert served[-1] == 2, "the last write but brings a pointer that is there to the disk"


def void(_: object) -> None:
    """Drop an answer."""


def test_a_full_database(desk: Desk, hatchery: Hatchery) -> None:
    home = desk.lay(desk.stocked)
    many = {**STOCK, **{f"c{n}": n for n in range(10, 200)}}
    job = desk.job(many)
    database = open_database(home.url)

    @event.listens_for(database.engine, "connect")
    def small(connection: Any, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")

    running = home.searcher()
    assert running.generation().number == 1
    indexer = Indexer(database, home.path, FakeEncoder(), FakeCutter(), FaissEngine(), batch_size=8)
    with pytest.raises(DatabaseError, match="full") as refused:
        indexer.import_feed(job.feed)
    assert "Free some room" in refused.value.next_step
    database.close()
    require_no_halves(home.path)
    home.require_sound()
    for searcher in (running, home.searcher()):
        assert home.require_served(searcher, STOCK) == 1
    assert hatchery.run(job) == 0
    home.require_whole(many)


def test_a_database_that_may_only_be_read(desk: Desk) -> None:
    home = desk.lay(desk.stocked)
    database = open_database(f"sqlite:///file:{home.path}/catalog.sqlite3?mode=ro&uri=true")
    indexer = Indexer(database, home.path, FakeEncoder(), FakeCutter(), FaissEngine())
    with pytest.raises(DatabaseError, match="readonly") as refused:
        indexer.remove(["a1"])
    assert "Mend the permissions" in refused.value.next_step
    database.close()
    home.require_whole(STOCK)


def test_a_write_that_is_not_refused_fails_nothing(shop: Shop) -> None:
    """The test of the test: with the fault taken out, there is nothing to be told."""
    shop.write(shop.row(1))
    with Disk(shop.home).installed() as disk:
        assert shop.run().added == 1
    assert disk.done
    assert disk.landed == 0
    with pytest.raises(AssertionError, match="the fault landed"):
        require_told(CatalogError("x", got="x", expected="x", next_step="x"), disk)
