"""500 damaged indexes: each is refused, by `verify` and at opening, before FAISS sees a byte."""

from __future__ import annotations

import hashlib
import json
import os
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

from index import checked
from index.catalog import DEFAULT
from index.checked import FileRecord
from index.database import Database, open_database
from index.errors import IndexDamaged, IndexMismatch, IndexMissing
from index.generations import Generations
from index.images import ImageStore
from index.inspection import inspect
from index.manifest import MANIFEST_NAME
from index.progress import silent
from index.publishing import Publisher
from index.serving import Watch
from index.stores.faiss import FaissEngine, files
from tests.fakes import FakeEncoder
from tests.index.faults.conftest import STOCK, Desk
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery

CORRUPTED = 500
ENGINES = {
    "faiss-flat": FaissEngine(),
    "faiss-ivf-sq8": FaissEngine(exact_up_to=0),
    "faiss-ivf-pq": FaissEngine(exact_up_to=0, quantised_up_to=0),
}
"""Each kind of index, and what chooses it for as few items as there are here."""
ITEMS: Shades = {f"d{n}": n for n in range(260)}
"""Enough for lists to be learnt."""
OTHERS: Shades = {sku: shade + 100 for sku, shade in ITEMS.items()}
"""Another catalogue of the same size."""


class Damage:
    """Ways to damage an index whose served generation is 2 and the one before 1."""

    def __init__(self, index: Path, other: Path, chance: random.Random) -> None:
        self.index, self.other, self.chance = index, other, chance
        self.served = index / "generations" / "2"
        self.earlier = index / "generations" / "1"
        self.pointer = index / "current.json"
        self.vectors = [p for p in sorted(self.served.iterdir()) if p.name != MANIFEST_NAME]
        self.kind = json.loads((self.served / MANIFEST_NAME).read_bytes())["store"]

    def any(self) -> Path:
        """Return one of the files that are served."""
        return self.chance.choice([self.pointer, self.served / MANIFEST_NAME, *self.vectors])

    def cut(self) -> None:
        path = self.any()
        path.write_bytes(path.read_bytes()[: self.chance.randrange(path.stat().st_size)])

    def flip(self) -> None:
        path = self.any()
        data = bytearray(path.read_bytes())
        data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
        path.write_bytes(data)

    def overwrite(self) -> None:
        path = self.chance.choice(self.vectors)
        data = bytearray(path.read_bytes())
        at = self.chance.randrange(len(data) - 8)
        data[at : at + 8] = bytes(byte ^ 0x55 for byte in data[at : at + 8])
        path.write_bytes(data)

    def lengthen(self) -> None:
        with self.any().open("ab") as file:
            file.write(self.chance.randbytes(1 + self.chance.randrange(64)))

    def empty(self) -> None:
        self.any().write_bytes(b"")

    def lose(self) -> None:
        self.any().unlink()

    def swap_generations(self) -> None:
        self._replace_from(self.earlier)

    def swap_catalogues(self) -> None:
        self._replace_from(self.other / "generations" / "2")

    def swap_names(self) -> None:
        """Two files of one generation in each other's place."""
        one, two = self.chance.sample([self.served / MANIFEST_NAME, *self.vectors], 2)
        held = one.read_bytes()
        one.write_bytes(two.read_bytes())
        two.write_bytes(held)

    def swap_manifests(self) -> None:
        there = self.chance.choice([self.earlier, self.other / "generations" / "2"])
        shutil.copy(there / MANIFEST_NAME, self.served / MANIFEST_NAME)

    def older_folder(self) -> None:
        shutil.rmtree(self.served)
        shutil.copytree(self.earlier, self.served)

    def foreign_folder(self) -> None:
        shutil.rmtree(self.served)
        shutil.copytree(self.other / "generations" / "2", self.served)

    def foreign_pointer(self) -> None:
        shutil.copy(self.other / "current.json", self.pointer)

    def foreign_file(self) -> None:
        (self.served / self.chance.choice(["extra", ".hidden", "vectors.faiss.tmp"])).write_text(
            "x"
        )

    def foreign_subfolder(self) -> None:
        (self.served / "more").mkdir()

    def link(self) -> None:
        """The very same bytes, but somewhere else."""
        path = self.any()
        path.rename(self.index / "elsewhere")
        path.symlink_to(self.index / "elsewhere")

    def link_folder(self) -> None:
        self.served.rename(self.index / "elsewhere")
        self.served.symlink_to(self.index / "elsewhere", target_is_directory=True)

    def pipe(self) -> None:
        """Whoever opened it would wait for ever."""
        path = self.any()
        path.unlink()
        os.mkfifo(path)

    def folder(self) -> None:
        path = self.any()
        path.unlink()
        path.mkdir()

    def edit_manifest(self) -> None:
        """Damaged vectors, and a manifest that says they are right."""
        path = self.chance.choice(self.vectors)
        data = bytearray(path.read_bytes())
        data[self.chance.randrange(len(data))] ^= 1
        path.write_bytes(data)
        self._edit({"files": Home.records(self.served)})

    def edit_field(self) -> None:
        self._edit(
            self.chance.choice([{"count": 9}, {"dim": 4}, {"fingerprint": "x"}, {"format": 9}])
        )

    def edit_all(self) -> None:
        """The manifest edited and the pointer with it, so that what they say cannot be so."""
        self._edit(
            self.chance.choice(
                [
                    {"count": 9},
                    {"dim": 4},
                    {"dim": "8"},
                    {"count": True},
                    {"format": 9},
                    {"metric": "l2"},
                    {"store": "unknown"},
                    {"store": self.chance.choice(sorted(ENGINES.keys() - {self.kind}))},
                    {"files": {}},
                    {"files": {"../../current.json": {"bytes": 1, "sha256": "0" * 64}}},
                    {"files": {"vectors.faiss": {"bytes": -1, "sha256": "0" * 64}}},
                    {"surprise": 1},
                ]
            )
        )
        self._point(json.loads(self.pointer.read_bytes())["generation"])

    def edit_pointer(self) -> None:
        pointer = json.loads(self.pointer.read_bytes())
        changes: list[dict[str, object]] = [
            {"generation": 1}, {"generation": 3}, {"generation": "2"}, {"generation": 2.0},
            {"generation": True}, {"manifest": "0" * 64}, {"manifest": None}, {"generation": None},
            {"generation": "../generations/2"}, {"generation": -2},
        ]  # fmt: skip
        self.pointer.write_text(json.dumps({**pointer, **self.chance.choice(changes)}))

    def nonsense(self) -> None:
        path = self.chance.choice([self.pointer, self.served / MANIFEST_NAME])
        data = [b"[" * 100_000, b"null", b"{}", b"\xff\xfe", b'{"a": ' * 5000, b" " * (1 << 21)]
        path.write_bytes(self.chance.choice(data))
        if path != self.pointer:
            self._point(2)

    def _edit(self, changes: dict[str, object]) -> None:
        path = self.served / MANIFEST_NAME
        path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}))

    def _point(self, number: int) -> None:
        manifest = self.index / "generations" / str(number) / MANIFEST_NAME
        digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
        self.pointer.write_text(json.dumps({"generation": number, "manifest": digest}))

    def _replace_from(self, there: Path) -> None:
        """Put another generation's file in place of ours, one of those that differ."""
        pairs = [(path, there / path.name) for path in self.vectors]
        ours, theirs = self.chance.choice([p for p in pairs if _differ(*p)])
        ours.write_bytes(theirs.read_bytes())


def _differ(one: Path, two: Path) -> bool:
    return one.read_bytes() != two.read_bytes()


KINDS = [name for name in vars(Damage) if not name.startswith("_") and name != "any"]


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
    with pytest.raises(IndexMismatch, match="recommender index build"):
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
    with pytest.raises(IndexMismatch, match="recommender index build"):
        bench.verify()
    other = {**STOCK, "c": 60}
    assert hatchery.run(desk.job(other)) == 0, "at the same revision as the index, but not the same"
    searcher = home.searcher()
    assert home.require_served(searcher, other) == 3, "published, although no number moved"
