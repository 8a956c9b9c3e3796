"""pgvector on a real server: the difference alone is written, and all that answers may answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event, text

from index.database.database import Database, open_database
from index.errors import DatabaseError, IndexDamaged, IndexMismatch
from index.stores import pgvector_search
from index.stores.pgvector import EXACT, HNSW, PgvectorEngine
from index.stores.pgvector_search import PgvectorStore
from index.stores.pgvector_tables import SCHEMA
from tests.index.stores.pieces import DIM, Kept, agree, recall, unit
from tests.servers import PostgresServer


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    opened = open_database(postgres.empty())
    yield opened
    opened.close()


@pytest.fixture
def engine(database: Database) -> PgvectorEngine:
    return PgvectorEngine(database)


@pytest.fixture
def kept() -> Kept:
    made = Kept()
    made.put(range(10, 210), unit(1, 200))
    return made


def queried(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_an_empty_store_answers_nothing(engine: PgvectorEngine, tmp_path: Path) -> None:
    store = Kept().publish(engine, tmp_path)
    assert (store.dim, store.count, list(tmp_path.iterdir())) == (DIM, 0, [])
    agree(Kept(), store, unit(0, 2), 3)
    agree(Kept(), store, unit(0, 2), 3, np.asarray([1, 2], np.int64))
    assert store.vectors_of(np.empty(0, np.int64)).shape == (0, DIM)
    with pytest.raises(KeyError):
        store.vectors_of(np.asarray([1]))


@pytest.mark.parametrize("allowed", [None, [], [3], [10, 11, 12, 500], list(range(0, 400, 3))])
def test_the_nearest_are_those_that_numpy_finds(
    engine: PgvectorEngine, kept: Kept, tmp_path: Path, allowed: list[int] | None
) -> None:
    store = kept.publish(engine, tmp_path)
    keys = None if allowed is None else np.asarray(allowed, np.int64)
    for k in (1, 10, 250):
        agree(kept, store, unit(5, 3), k, keys)


def test_vectors_come_back(engine: PgvectorEngine, kept: Kept, tmp_path: Path) -> None:
    store = kept.publish(engine, tmp_path)
    keys = np.asarray([30, 12, 30], np.int64)
    wanted = np.stack([kept.rows[key][1] for key in keys.tolist()])
    np.testing.assert_allclose(store.vectors_of(keys), wanted, atol=1e-3)
    with pytest.raises(KeyError, match="7"):
        store.vectors_of(np.asarray([12, 7]))


def test_equal_scores_come_in_order_of_key(engine: PgvectorEngine, tmp_path: Path) -> None:
    kept, row = Kept(), unit(1, 1)
    kept.put([8, 6, 4, 2], np.tile(row, (4, 1)))
    assert kept.publish(engine, tmp_path).search(row, 3).keys.tolist() == [[2, 4, 6]]


def test_it_tells_how_much_it_holds(engine: PgvectorEngine, kept: Kept, tmp_path: Path) -> None:
    assert engine.held(kept.vectors().fingerprint) == 0
    kept.publish(engine, tmp_path)
    assert engine.held(kept.vectors().fingerprint) == 200
    assert engine.held("another") == 0


def test_only_the_difference_is_read_and_written(
    engine: PgvectorEngine, kept: Kept, database: Database, tmp_path: Path
) -> None:
    kept.publish(engine, tmp_path)
    (name,) = queried(database, f"SELECT name FROM {SCHEMA}.stores")[0]
    places = f"SELECT key, ctid::text FROM {SCHEMA}.{name} ORDER BY key"
    before: dict[int, str] = dict(queried(database, places))
    kept.read.clear()
    kept.put([12, 300], unit(9, 2))
    kept.drop([15, 16])
    agree(kept, kept.publish(engine, tmp_path), unit(5, 3), 10)
    assert sorted(kept.read) == [12, 300]
    after: dict[int, str] = dict(queried(database, places))
    moved = {key for key in before if before[key] != after.get(key)}
    assert moved == {12, 15, 16}
    kept.read.clear()
    kept.publish(engine, tmp_path)
    assert (kept.read, dict(queried(database, places))) == ([], after), "again is nothing"


def test_what_fails_half_way_changes_nothing(
    engine: PgvectorEngine, kept: Kept, database: Database, tmp_path: Path
) -> None:
    store, query = kept.publish(engine, tmp_path), unit(5, 3)
    before = store.search(query, 10)
    manifest = kept.manifest(engine)
    kept.put(range(10, 110), unit(7, 100))
    kept.drop([120])

    def fail(*_: object) -> None:
        raise RuntimeError("on purpose")

    event.listen(database.engine, "commit", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        kept.publish(engine, tmp_path)
    event.remove(database.engine, "commit", fail)
    for held in (store, engine.open(tmp_path, manifest)):
        assert np.array_equal(held.search(query, 10).keys, before.keys)
    agree(kept, kept.publish(engine, tmp_path), query, 10)


def test_two_encoders_and_two_catalogues_do_not_meet(
    database: Database, kept: Kept, tmp_path: Path
) -> None:
    one, two = PgvectorEngine(database), PgvectorEngine(database, "other")
    other, third = Kept(fingerprint="fake-2", dim=8), Kept(fingerprint="fake-3", dim=8)
    other.put([1, 2], unit(2, 2, 8))
    third.put([5], unit(3, 1, 8))
    stores = [
        kept.publish(one, tmp_path),
        other.publish(one, tmp_path),
        other.publish(two, tmp_path),
    ]
    assert [store.count for store in stores] == [200, 2, 2]
    agree(kept, stores[0], unit(5, 2), 10)
    third.publish(one, tmp_path)
    agree(other, stores[1], unit(5, 2, 8), 2)
    with pytest.raises(IndexDamaged, match="no longer"):  # the encoder before the last one's
        stores[0].search(unit(5, 2), 10)
    with pytest.raises(IndexDamaged, match="index build"):
        one.open(tmp_path, kept.manifest(one))
    agree(other, stores[2], unit(5, 2, 8), 2)


def test_a_manifest_that_does_not_fit_is_refused(
    engine: PgvectorEngine, kept: Kept, tmp_path: Path
) -> None:
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


def test_nothing_published_yet(engine: PgvectorEngine, kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="index build"):
        engine.open(tmp_path, kept.manifest(engine))


@pytest.mark.parametrize("harm", ["long", "nan", "flat", "other length"])
def test_only_unit_rows_are_asked_for(
    engine: PgvectorEngine, kept: Kept, tmp_path: Path, harm: str
) -> None:
    store, rows = kept.publish(engine, tmp_path), unit(1, 2)
    rows = {
        "long": rows * 2, "nan": rows * np.nan, "flat": rows[0], "other length": rows[:, :-1],
    }[harm]  # fmt: skip
    with pytest.raises(ValueError, match=r"vectors_unit: got .*; expected"):
        store.search(rows, 3)


def test_the_graph_is_used_and_finds_nearly_all(database: Database, tmp_path: Path) -> None:
    engine = PgvectorEngine(database, hnsw_from=2000, few=100)
    kept = Kept(dim=32)
    kept.put(range(2500), unit(3, 2500, 32, centres=60))
    store = kept.publish(engine, tmp_path)
    assert (engine.kind(1999), engine.kind(2500)) == (EXACT, HNSW)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: asked.append(str(a[2])))
    queries = unit(4, 30, 32, centres=60)
    assert recall(kept, store, queries) >= 0.95
    chance = np.random.default_rng(0)
    for share in (0.5, 0.1, 0.05):
        allowed = np.sort(chance.permutation(2500)[: int(share * 2500)]).astype(np.int64)
        asked.clear()
        assert recall(kept, store, queries, allowed) >= 0.95
        assert not any("WITH allowed" in each for each in asked), "the index was enough"
    assert isinstance(store, PgvectorStore)
    query = f"SELECT key FROM {SCHEMA}.{store.name} ORDER BY vector <#> :near LIMIT 10"
    with database.engine.begin() as connection:
        connection.exec_driver_sql(pgvector_search._PREPARE, ("100",))
        near = {"near": str(unit(1, 1, 32)[0].tolist())}
        plan = connection.execute(text("EXPLAIN " + query), near).scalars().all()
    assert "_hnsw" in "".join(plan)


def test_a_filter_far_from_the_question_is_still_answered(
    database: Database, tmp_path: Path
) -> None:
    engine = PgvectorEngine(database, hnsw_from=500, few=10)
    kept, query = Kept(), unit(0, 1)
    kept.put(range(1500), unit(3, 1500))
    near = kept.nearest(query[0], 1500)
    store = kept.publish(engine, tmp_path)
    agree(kept, store, query, 10, np.sort(np.asarray(near[-30:], np.int64)))


def test_a_server_that_goes_away(kept: Kept, tmp_path: Path) -> None:
    away = PgvectorEngine(open_database("postgresql://nobody:hunter2@127.0.0.1:1/none"))
    for ask in (
        lambda: away.open(tmp_path, kept.manifest(away)),
        lambda: away.publish(kept.vectors(), tmp_path),
        lambda: PgvectorStore(away.database, "v0", DIM, 1).search(unit(1, 1), 1),
    ):
        with pytest.raises(DatabaseError) as refused:
            ask()
        assert "hunter2" not in str(refused.value)
