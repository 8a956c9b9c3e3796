"""500 damaged indexes: each is refused, by `verify` and at opening, before FAISS sees a byte."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import faiss
import pytest

from index.catalogue.catalog import DEFAULT
from index.database.database import Database, open_database
from index.errors import IndexDamaged, IndexForeign, IndexMismatch, IndexMissing
from index.files import checked
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
from tests.index.faults.conftest import STOCK, Desk
from tests.index.faults.damage import ENGINES, KINDS, Damage
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery

CORRUPTED = 500
ITEMS: Shades = {f"d{n}": n for n in range(260)}
"""Enough for lists to be learnt."""
OTHERS: Shades = {sku: shade + 100 for sku, shade in ITEMS.items()}
"""Another catalogue of the same size."""


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
        for told in sizes:
            del told["facts.json"], told[MANIFEST_NAME]
        assert sizes[0] == sizes[1]


@pytest.fixture(scope="module")
def catalogues(
    stock: tuple[Path, Path], hatchery: Hatchery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, Home]:
    """Return two catalogues; below `kinds` beside each lies an index of each kind."""
    made = []
    for items in (ITEMS, OTHERS):
        desk = Desk(*stock, tmp_path_factory.mktemp("index") / "desk")
        home = desk.lay(desk.empty)
        first = {**items, "d0": 500}
        for shades in (first, items):
            assert hatchery.run(replace(desk.job(shades), batch_size=len(items))) == 0
            publish_kinds(home)
        home.require_whole(items)
        made.append(home)
    return made[0], made[1]


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


@pytest.fixture(scope="module")
def indexes(catalogues: tuple[Home, Home]) -> dict[str, Indexes]:
    """Return the indexes by kind."""
    whole, other = map(kinds_of, catalogues)
    found = {kind: Indexes(whole / kind, other / kind) for kind in ENGINES}
    for each in found.values():
        each.check()
    return found


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


@pytest.fixture
def bench(catalogues: tuple[Home, Home], tmp_path: Path) -> Iterator[Bench]:
    home = catalogues[0]
    database = open_database(home.url)
    yield Bench(tmp_path / "index", database, ImageStore(home.path / "images"))
    database.close()


def test_500_damaged_indexes(
    indexes: dict[str, Indexes], bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = [Home.records(each.whole / "generations" / "2") for each in indexes.values()]
    digests = frozenset(record["sha256"] for told in sound for record in told.values())
    spy = Spy(Counter(), digests)
    spy.install(monkeypatch)
    chance, refused, passed = random.Random(500), Counter[tuple[str, str]](), 0
    ways = list(product(KINDS, ENGINES))
    for number in range(CORRUPTED):
        way, kind = ways[number % len(ways)]
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
    assert refused.total() == CORRUPTED
    assert set(refused) == set(ways)
    assert passed == CORRUPTED // 10
    assert spy.seen.total() >= 2 * passed, "the spy sees"
    assert set(spy.seen) <= spy.sound, "FAISS saw a damaged file"


def test_the_spy_sees_what_is_not_checked(
    indexes: dict[str, Indexes], bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the test: with the check taken out, FAISS is given a damaged file."""
    spy = Spy(Counter(), frozenset())
    spy.install(monkeypatch)
    monkeypatch.setattr(checked, "_compare", lambda *_: None)
    shutil.copytree(indexes["faiss-flat"].whole, bench.index)
    path = bench.index / "generations" / "2" / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1  # a vector's number: no length, which could hurt this process
    path.write_bytes(data)
    bench.serve()
    assert set(spy.seen) == {FileRecord.of(path).sha256}


@pytest.mark.parametrize("kind", ENGINES)
def test_each_file_of_a_generation_is_looked_at(
    kind: str, indexes: dict[str, Indexes], bench: Bench
) -> None:
    """Also those that no answer needs: what learns the next generation, and what is said of it."""
    names = sorted(path.name for path in (indexes[kind].whole / "generations" / "2").iterdir())
    expected = {"facts.json", "keys.i64", "lists.faiss", "rows.f16", "trained.faiss"}
    wanted = {"facts.json", "vectors.faiss"} if kind == "faiss-flat" else expected
    assert set(names) == wanted | {MANIFEST_NAME}
    for name in names:
        shutil.rmtree(bench.index, ignore_errors=True)
        shutil.copytree(indexes[kind].whole, bench.index)
        path = bench.index / "generations" / "2" / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        bench.require_refused(name)


def test_what_is_not_damaged_is_not_refused(indexes: dict[str, Indexes], bench: Bench) -> None:
    """The test of the test: with the damage taken out, it fails."""
    for each in indexes.values():
        shutil.rmtree(bench.index, ignore_errors=True)
        shutil.copytree(each.whole, bench.index)
        with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
            bench.require_refused("nothing")


@pytest.mark.parametrize("kind", ENGINES)
def test_another_catalogues_index_is_seen_by_verify(
    kind: str, indexes: dict[str, Indexes], bench: Bench
) -> None:
    """Pointer, manifest and files are sound in themselves: only the database knows better."""
    shutil.copytree(indexes[kind].other, bench.index)
    bench.serve()
    with pytest.raises(IndexForeign, match="another database"):
        bench.verify()


@pytest.mark.parametrize("kind", ENGINES)
def test_vectors_rewritten_with_all_their_checksums_are_seen_by_verify(
    kind: str, indexes: dict[str, Indexes], bench: Bench
) -> None:
    """An attacker who rewrites files, manifest and pointer alike is refused by comparing vectors."""
    shutil.copytree(indexes[kind].whole, bench.index)
    damage = Damage(bench.index, indexes[kind].other, random.Random(0))
    for path in damage.vectors:
        shutil.copy(indexes[kind].other / "generations" / "2" / path.name, path)
    damage._edit({"files": Home.records(damage.served)})
    damage._point(2)
    bench.serve()
    with pytest.raises(IndexMismatch, match="content"):
        bench.verify()


def test_a_database_put_back_from_a_backup_is_seen(
    desk: Desk, hatchery: Hatchery, tmp_path: Path
) -> None:
    home = desk.lay(desk.stocked)
    shutil.copy(home.path / "catalog.sqlite3", tmp_path / "backup")
    more = {**STOCK, "b": 50}
    assert hatchery.run(desk.job(more)) == 0
    shutil.copy(tmp_path / "backup", home.path / "catalog.sqlite3")
    bench = Bench(home.path / "index", open_database(home.url), ImageStore(home.path / "images"))
    with pytest.raises(IndexForeign, match="older state"):
        bench.verify()
    other = {**STOCK, "c": 60}
    assert hatchery.run(desk.job(other)) == 0, "at the same revision as the index, but not the same"
    searcher = home.searcher()
    assert home.require_served(searcher, other) == 3, "published, although no number moved"
