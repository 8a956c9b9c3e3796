"""Indexes of every kind, the bench on which their copies are damaged, and a spy on what FAISS reads."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import faiss
import pytest

from index.catalogue.catalog import DEFAULT
from index.database.database import Database, open_database
from index.errors import IndexDamaged, IndexMismatch, IndexMissing
from index.files.checked import FileRecord
from index.files.images import ImageStore
from index.files.manifest import MANIFEST_NAME
from index.generations.generation_reload import Watch
from index.generations.generations import Generations
from index.generations.inspection import inspect
from index.generations.publishing import Publisher
from index.model.progress import silent
from index.stores.faiss import FaissEngine, files
from tests.fakes import FakeEncoder
from tests.index.faults.damage import ENGINES, KINDS, Damage
from tests.index.faults.desk import Desk
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery

ITEMS: Shades = {f"d{n}": n for n in range(260)}
"""Enough for lists to be learnt."""
OTHERS: Shades = {sku: shade + 100 for sku, shade in ITEMS.items()}
"""Another catalogue of the same size."""
WAYS = list(product(KINDS, ENGINES))
"""Each way to damage each kind of index."""


@dataclass(frozen=True)
class Indexes:
    """Two catalogues' indexes of one kind and size, each with two generations."""

    whole: Path
    other: Path

    def check(self) -> None:
        """Swapped files are told by their content alone."""
        sizes = [
            {p.name: p.stat().st_size for p in (index / "generations" / "2").iterdir()}
            for index in (self.whole, self.other)
        ]
        for entry in sizes:
            del entry["facts.json"], entry[MANIFEST_NAME]
        assert sizes[0] == sizes[1]


def lay_catalogues(stock: tuple[Path, Path], hatchery: Hatchery, root: Path) -> tuple[Home, Home]:
    """Return two catalogues; below `kinds` beside each lies an index of each kind."""
    made = []
    for name, items in (("whole", ITEMS), ("other", OTHERS)):
        desk = Desk(*stock, root / name)
        home = desk.lay(desk.empty)
        first = {**items, "d0": 500}
        for shades in (first, items):
            assert hatchery.run(replace(desk.job(shades), batch_size=len(items))) == 0
            publish_kinds(home)
        home.require_whole(items)
        made.append(home)
    return made[0], made[1]


def indexes_of(catalogues: tuple[Home, Home]) -> dict[str, Indexes]:
    """Return the indexes by kind."""
    whole, other = map(kinds_of, catalogues)
    found = {kind: Indexes(whole / kind, other / kind) for kind in ENGINES}
    for each in found.values():
        each.check()
    return found


def publish_kinds(home: Home) -> None:
    fake, database = FakeEncoder(), open_database(home.url)
    for kind, engine in ENGINES.items():
        generations = Generations(kinds_of(home) / kind)
        made = Publisher(
            database, generations, fake.fingerprint, fake.dim, DEFAULT, silent, engine
        ).publish()
        assert made.manifest.store == kind
    database.close()


def kinds_of(home: Home) -> Path:
    return home.path.parent / "kinds"


def snapshot(index: Path) -> dict[str, object]:
    """Return what lies in an index, as anybody sees it who does not follow links."""
    return {str(path.relative_to(index)): _content(path) for path in sorted(index.rglob("*"))}


def _content(path: Path) -> object:
    if path.is_symlink():
        return path.readlink()
    return path.read_bytes() if path.is_file() else path.is_dir()


@dataclass(frozen=True)
class Spy:
    """What FAISS was given to read, and what was mapped for it, by SHA-256."""

    seen: Counter[str]
    sound: frozenset[str]

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real, mapped = faiss.deserialize_index, files._mapped
        inside = False

        def deserialize(data: Any, *flags: Any) -> Any:
            nonlocal inside
            self.seen[hashlib.sha256(data.tobytes()).hexdigest()] += 1
            inside = True
            try:
                return real(data, *flags)
            finally:
                inside = False

        read_index = faiss.read_index

        def read(*given: Any) -> Any:
            assert inside, "FAISS opens a file by itself"
            return read_index(*given)

        def mapping(path: Path, *shape: Any) -> Any:
            self.seen[FileRecord.of(path).sha256] += 1
            return mapped(path, *shape)

        monkeypatch.setattr(faiss, "deserialize_index", deserialize)
        monkeypatch.setattr(faiss, "read_index", read)
        monkeypatch.setattr(files, "_mapped", mapping)
        for name in ("read_index_binary", "read_VectorTransform"):
            monkeypatch.setattr(faiss, name, lambda *_: pytest.fail("unchecked"))


@dataclass(frozen=True)
class Bench:
    """Where copies of an index are damaged and looked at."""

    index: Path
    database: Database
    images: ImageStore

    def verify(self) -> None:
        """Do what `recommender index verify` does."""
        found = inspect(self.database, Generations(self.index), self.images, FaissEngine())
        if found.trouble is not None:
            raise found.trouble

    def serve(self) -> None:
        """Do what a server does at its first question."""
        fake = FakeEncoder()
        watch = Watch(
            Generations(self.index), FaissEngine(), fingerprint=fake.fingerprint, dim=fake.dim
        )
        watch.current()

    def require_refused(self, what: str) -> None:
        for look in (self.verify, self.serve):
            with pytest.raises((IndexDamaged, IndexMismatch, IndexMissing)) as refused:
                look()
                sys.stderr.write(f"{what}: passed {look.__name__}\n")
            assert re.search("recommender (index build|catalog import)", str(refused.value))


@contextmanager
def bench_at(home: Home, index: Path) -> Iterator[Bench]:
    """Yield a bench that compares indexes with a catalogue."""
    database = open_database(home.url)
    try:
        yield Bench(index, database, ImageStore(home.path / "images"))
    finally:
        database.close()


def damage_many(
    indexes: dict[str, Indexes], bench: Bench, numbers: range, chance: random.Random
) -> Counter[tuple[str, str]]:
    """Damage a copy of an index for each number, and require that it is refused before it is read.

    Every tenth is opened whole first, so that whoever refuses everything is found out.
    """
    sound = [Home.records(each.whole / "generations" / "2") for each in indexes.values()]
    digests = frozenset(record["sha256"] for entry in sound for record in entry.values())
    spy, refused, passed = Spy(Counter(), digests), Counter[tuple[str, str]](), 0
    with pytest.MonkeyPatch.context() as patch:
        spy.install(patch)
        for number in numbers:
            way, kind = WAYS[number % len(WAYS)]
            shutil.rmtree(bench.index, ignore_errors=True)
            shutil.copytree(indexes[kind].whole, bench.index)
            before = snapshot(bench.index)
            if number % 10 == 0:
                bench.verify()
                bench.serve()
                passed += 1
            getattr(Damage(bench.index, indexes[kind].other, chance), way)()
            assert snapshot(bench.index) != before, f"{way} changed nothing"
            bench.require_refused(f"{number}: {way} of {kind}")
            refused[way, kind] += 1
    assert spy.seen.total() >= 2 * passed > 0, "the spy sees"
    assert set(spy.seen) <= spy.sound, "FAISS saw a damaged file"
    return refused
