"""Milvus on a real server of its wire protocol: the difference alone is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamaged, IndexMismatch, IndexUnreachable
from index.stores import milvus_search
from index.stores.milvus import KIND, MilvusEngine
from index.stores.milvus_search import MilvusStore
from index.stores.milvus_server import PREFIX, MilvusServer, name_of
from tests.index.stores.pieces import DIM, Kept, agree, recall, unit


@pytest.fixture
def engine(milvus: str) -> Iterator[MilvusEngine]:
    server = MilvusServer(milvus)
    yield MilvusEngine(server)
    with server.asking() as client:
        for name in client.list_collections():
            client.drop_collection(name)
    server.close()


@pytest.fixture
def kept() -> Kept:
    made = Kept()
    made.put(range(10, 210), unit(1, 200))
    return made


def test_an_empty_store_answers_nothing(engine: MilvusEngine, tmp_path: Path) -> None:
    store = Kept().publish(engine, tmp_path)
    assert (store.dim, store.count, list(tmp_path.iterdir())) == (DIM, 0, [])
    agree(Kept(), store, unit(0, 2), 3)
    agree(Kept(), store, unit(0, 2), 3, np.asarray([1, 2], np.int64))
    assert store.vectors_of(np.empty(0, np.int64)).shape == (0, DIM)


@pytest.mark.parametrize("few", [2000, 2])
def test_the_nearest_are_those_that_numpy_finds(
    engine: MilvusEngine, kept: Kept, tmp_path: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_search, "FEW", few)
    store = kept.publish(engine, tmp_path)
    for allowed in (None, [], [3], [10, 11, 12, 500], range(0, 400, 3)):
        keys = None if allowed is None else np.asarray(allowed, np.int64)
        for k in (1, 10, 250):
            agree(kept, store, unit(5, 3), k, keys)


def test_the_limit_of_the_server_is_no_limit_of_a_filter(
    engine: MilvusEngine, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, query = kept.publish(engine, tmp_path), unit(5, 1)
    monkeypatch.setattr(milvus_search, "FEW", 2)
    monkeypatch.setattr(milvus_search, "LIMIT", 20)
    far = kept.nearest(query[0], 200)[-30:]
    agree(kept, store, query, 10, np.sort(np.asarray(far, np.int64)))


def test_it_tells_how_much_it_holds(engine: MilvusEngine, kept: Kept, tmp_path: Path) -> None:
    assert engine.held(kept.vectors().fingerprint) == 0
    kept.publish(engine, tmp_path)
    assert engine.held(kept.vectors().fingerprint) == 200
    assert engine.held("another") == 0


def test_only_the_difference_is_read(engine: MilvusEngine, kept: Kept, tmp_path: Path) -> None:
    kept.publish(engine, tmp_path)
    kept.read.clear()
    kept.put([12, 300], unit(9, 2))
    kept.drop([15, 16])
    store = kept.publish(engine, tmp_path)
    assert (sorted(kept.read), store.count) == ([12, 300], 199)
    agree(kept, store, unit(5, 3), 10)
    with pytest.raises(KeyError, match="15"):
        store.vectors_of(np.asarray([15]))
    kept.read.clear()
    kept.publish(engine, tmp_path)
    assert kept.read == []


def test_what_is_killed_half_way_is_finished_by_the_next(
    engine: MilvusEngine, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.publish(engine, tmp_path)
    before = kept.manifest(engine)
    kept.put(range(100, 400), unit(7, 300))
    kept.drop(range(10, 50))
    with engine.server.asking() as client:

        def fail(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(client, "delete", fail)
        with pytest.raises(KeyboardInterrupt):
            kept.publish(engine, tmp_path)
        monkeypatch.undo()
    assert engine.open(tmp_path, before).search(unit(5, 1), 5).keys.min() >= 0, "it still answers"
    with pytest.raises(IndexMismatch, match="index build"):
        engine.open(tmp_path, kept.manifest(engine))
    kept.read.clear()
    agree(kept, kept.publish(engine, tmp_path), unit(5, 3), 10)
    assert kept.read == [], "what was written needs no second time"


def test_two_encoders_do_not_meet_and_the_oldest_goes(
    engine: MilvusEngine, kept: Kept, tmp_path: Path
) -> None:
    stores = [kept.publish(engine, tmp_path)]
    for number, name in enumerate(("fake-2", "fake-3"), start=1):
        other = Kept(fingerprint=name, dim=8)
        other.put([1, 2], unit(number, 2, 8))
        stores.append(other.publish(engine, tmp_path))
        agree(other, stores[-1], unit(5, 2, 8), 2)
        assert stores[1].search(unit(5, 1, 8), 1).keys.min() > 0
    with pytest.raises(IndexDamaged, match="index build"):
        stores[0].search(unit(5, 2), 10)
    with engine.server.asking() as client:
        names = {name_of("default", name) for name in ("fake-2", "fake-3")}
        assert set(client.list_collections()) == names | {f"{PREFIX}stores"}


def test_a_manifest_that_does_not_fit_is_refused(
    engine: MilvusEngine, kept: Kept, tmp_path: Path
) -> None:
    with pytest.raises(IndexDamaged, match="index build"):
        engine.open(tmp_path, kept.manifest(engine))
    kept.publish(engine, tmp_path)
    assert engine.open(tmp_path, kept.manifest(engine, vector_revision=0)).count == 200
    for changes, refusal in (
        ({"vector_revision": 2}, IndexMismatch),
        ({"store": "faiss-flat"}, IndexMismatch),
        ({"dim": DIM + 1}, IndexDamaged),
        ({"fingerprint": "stranger"}, IndexDamaged),
    ):
        with pytest.raises(refusal, match="index build"):
            engine.open(tmp_path, kept.manifest(engine, **changes))


def test_nearly_all_are_found(
    engine: MilvusEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_search, "FEW", 100)
    kept = Kept(dim=32)
    kept.put(range(3000), unit(3, 3000, 32, centres=60))
    store, queries = kept.publish(engine, tmp_path), unit(4, 30, 32, centres=60)
    assert engine.kind(3000) == KIND
    assert recall(kept, store, queries) >= 0.95
    chance = np.random.default_rng(0)
    for share in (0.5, 0.1, 0.01):
        allowed = np.sort(chance.permutation(3000)[: int(share * 3000)]).astype(np.int64)
        assert recall(kept, store, queries, allowed) >= 0.95


def test_a_server_that_is_away(kept: Kept, tmp_path: Path) -> None:
    away = MilvusEngine(MilvusServer("http://127.0.0.1:1", "root:hunter2"))
    for ask in (
        lambda: away.open(tmp_path, kept.manifest(away)),
        lambda: away.publish(kept.vectors(), tmp_path),
        lambda: MilvusStore(away.server, "v0", DIM, 1).search(unit(1, 1), 1),
    ):
        with pytest.raises(IndexUnreachable, match=r"127\.0\.0\.1:1") as refused:
            ask()
        assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(away)
