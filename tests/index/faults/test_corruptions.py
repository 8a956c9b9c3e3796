"""Damaged indexes: each is refused, by `verify` and at opening, before FAISS sees a byte."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.database.database import open_database
from index.errors import IndexForeign, IndexMismatch
from index.files import checked
from index.files.checked import FileRecord
from index.files.images import ImageStore
from index.files.manifest import MANIFEST_NAME
from tests.index.faults.bench import (
    WAYS,
    Bench,
    Indexes,
    Spy,
    bench_at,
    damage_many,
    indexes_of,
    lay_catalogues,
)
from tests.index.faults.damage import ENGINES, Damage
from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home
from tests.index.faults.hatchery import Hatchery


@pytest.fixture(scope="module")
def catalogues(
    stock: tuple[Path, Path], hatchery: Hatchery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, Home]:
    return lay_catalogues(stock, hatchery, tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def indexes(catalogues: tuple[Home, Home]) -> dict[str, Indexes]:
    return indexes_of(catalogues)


@pytest.fixture
def bench(catalogues: tuple[Home, Home], tmp_path: Path) -> Iterator[Bench]:
    with bench_at(catalogues[0], tmp_path / "index") as made:
        yield made


def test_every_way_to_damage_every_kind_of_index(indexes: dict[str, Indexes], bench: Bench) -> None:
    """One of each; `make faults` damages 20,000."""
    refused = damage_many(indexes, bench, range(len(WAYS)), random.Random(500))
    assert refused == Counter(WAYS)


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
