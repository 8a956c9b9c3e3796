"""What every store promises, held against NumPy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.files.manifest import Manifest
from index.stores import VectorStore
from tests.index.stores.engines import DIM, Plan, Published, Rows, truth, unit, vectors_of

COUNT = 1500
TOLERANCE = 2e-3
"""Stores may keep fp16."""


def some_rows(count: int = COUNT, seed: int = 3) -> Rows:
    """Return rows whose keys have gaps."""
    keys = np.sort(np.random.default_rng(seed).permutation(3 * count)[:count]) + 7
    return dict(zip(keys.tolist(), unit(seed, count), strict=True))


def recall(
    store: VectorStore, rows: Rows, k: int, allowed: set[int] | None = None, queries: int = 20
) -> float:
    """Ask many questions, hold every answer to the contract, and return the share found."""
    asked = unit(99, queries)
    given = None if allowed is None else np.asarray(sorted(allowed), np.int64)
    found = store.search(asked, k, given)
    assert found.keys.shape == found.scores.shape == (queries, k)
    assert (found.keys.dtype, found.scores.dtype) == (np.dtype("int64"), np.dtype("float32"))
    hits = wanted = 0
    for query, keys, scores in zip(asked, found.keys, found.scores, strict=True):
        best = truth(rows, query, k, allowed)
        held = int((keys >= 0).sum())
        assert held == len(best), "as many as there are, up to k"
        assert (keys[held:] == -1).all()
        assert np.isneginf(scores[held:]).all()
        answered = keys[:held].tolist()
        assert len(set(answered)) == held
        assert set(answered) <= (set(rows) if allowed is None else allowed & set(rows))
        exact = np.asarray([rows[key] @ query for key in answered])
        np.testing.assert_allclose(scores[:held], exact, atol=TOLERANCE)
        assert (np.diff(scores[:held]) <= 1e-6).all(), "best first"
        bar = best[-1][1] - TOLERANCE if best else 0
        hits += int((exact >= bar).sum())
        wanted += held
    return hits / wanted if wanted else 1.0


@pytest.fixture(scope="session")
def rows() -> Rows:
    return some_rows()


@pytest.fixture(scope="session")
def stocked(plan: Plan, rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Make one store for all tests that only ask."""
    folder = tmp_path_factory.mktemp("stocked")
    published = Published(plan.make(folder / "server"), folder / "generations")
    published.publish(rows)
    return published


@pytest.fixture(scope="session")
def store(stocked: Published) -> VectorStore:
    return stocked.reopen()


def test_it_says_what_it_holds(
    stocked: Published, plan: Plan, store: VectorStore, rows: Rows
) -> None:
    assert (store.dim, store.count) == (DIM, len(rows))
    assert stocked.previous is not None
    assert plan.kind in (stocked.previous.manifest.store, "")


@pytest.mark.parametrize("k", [1, 10, 100, COUNT + 5])
def test_the_nearest_are_found(plan: Plan, store: VectorStore, rows: Rows, k: int) -> None:
    assert recall(store, rows, k) >= plan.recall


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.99])
def test_a_filter_is_exact_and_recall_is_held(
    plan: Plan, store: VectorStore, rows: Rows, share: float
) -> None:
    chance = np.random.default_rng(int(share * 1000))
    allowed = {key for key in rows if chance.random() < share} | {1, 10**9}  # keys not held
    assert recall(store, rows, 10, allowed) >= plan.recall


@pytest.mark.parametrize("size", [25, 150, 700])
@pytest.mark.parametrize("near", [True, False], ids=["near", "far"])
def test_a_filter_that_is_a_cluster_holds_recall(
    plan: Plan, store: VectorStore, rows: Rows, size: int, near: bool
) -> None:
    """A category is a cluster: what passes lies together, near the question or far from it."""
    towards = unit(99, 1)[0] if near else -unit(99, 1)[0]
    allowed = {key for key, _ in truth(rows, towards, size)}
    assert recall(store, rows, 10, allowed) >= plan.recall


def test_fewer_than_k_are_all_of_them(store: VectorStore, rows: Rows) -> None:
    allowed = sorted(rows)[::100]
    found = store.search(unit(4, 3), len(allowed) + 40, np.asarray(allowed, np.int64))
    for keys in found.keys:
        assert sorted(keys[keys >= 0].tolist()) == allowed


def test_no_key_is_allowed(store: VectorStore) -> None:
    found = store.search(unit(4, 2), 3, np.empty(0, np.int64))
    assert found.keys.tolist() == [[-1] * 3] * 2


def test_vectors_come_back_in_the_order_asked(store: VectorStore, rows: Rows) -> None:
    first, second = sorted(rows)[5], sorted(rows)[-1]
    got = store.vectors_of(np.asarray([second, first, second], np.int64))
    assert got.dtype == np.float32
    np.testing.assert_allclose(
        got, np.stack([rows[second], rows[first], rows[second]]), atol=TOLERANCE
    )
    np.testing.assert_allclose(np.linalg.norm(got, axis=1), 1, atol=TOLERANCE)
    assert store.vectors_of(np.empty(0, np.int64)).shape == (0, DIM)


@pytest.mark.parametrize("key", [-1, 0, 6, 10**9])
def test_a_key_that_is_not_held(store: VectorStore, rows: Rows, key: int) -> None:
    assert key not in rows
    with pytest.raises(KeyError):
        store.vectors_of(np.asarray([min(rows), key], np.int64))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_or_none(published: Published, count: int) -> None:
    rows = dict(zip([5, 9, 12], unit(1, count), strict=False))
    store = published.publish(rows)
    assert recall(store, rows, 4) == 1
    assert recall(store, rows, 4, {9, 10}) == 1


def test_publishing_again_replaces_changes_and_forgets(
    published: Published, plan: Plan, rows: Rows
) -> None:
    published.publish(rows)
    keys = sorted(rows)
    changed = dict(rows)
    for key in keys[::3]:
        del changed[key]
    changed |= dict(zip(keys[1::3], unit(8, len(keys[1::3])), strict=True))
    changed |= {10**6 + n: row for n, row in enumerate(unit(9, 30))}
    store = published.publish(changed)
    assert store.count == len(changed)
    assert recall(store, changed, 10) >= plan.recall
    with pytest.raises(KeyError):
        store.vectors_of(np.asarray(keys[:1], np.int64))
    assert recall(published.reopen(), changed, 10) >= plan.recall


def test_equal_vectors_come_in_order_of_key(published: Published) -> None:
    rows = dict.fromkeys(range(10, 30), unit(1, 1)[0])
    found = published.publish(rows).search(unit(1, 1), 20)
    assert found.keys.tolist() == [list(range(10, 30))]


def test_fields_are_kept_and_cleaned_up_apart(published: Published, tmp_path: Path) -> None:
    """Three encoders' fields come and go; the vectors beside them stay, and so does the last field."""
    rows = dict(zip([5, 9, 12], unit(1, 3), strict=True))
    published.publish(rows)
    engine = published.engine.of_field("taste")
    others = {key: -row for key, row in rows.items()}
    for number in range(3):
        vectors = replace(vectors_of(others, 1), fingerprint=f"taste-{number}")
        folder = tmp_path / "fields" / str(number)
        folder.mkdir(parents=True)
        files = engine.publish(vectors, folder)
        kind = engine.kind(3)
        manifest = Manifest(vectors.fingerprint, vectors.dim, 3, kind, 1, "", files)
        assert recall(engine.open(folder, manifest), others, 3) == 1
    assert recall(published.reopen(), rows, 3) == 1


def spoiled(how: str) -> NDArray[np.float32]:
    rows = unit(5, 4)
    if how == "other length":
        return np.ascontiguousarray(rows[:, :-1])
    rows[2] = {"long": rows[2] * 2, "zero": rows[2] * 0, "nan": np.nan, "inf": np.inf}[how]
    return rows


@pytest.mark.parametrize("how", ["long", "zero", "nan", "inf", "other length"])
@pytest.mark.parametrize("filtered", [False, True], ids=["all", "some"])
def test_only_unit_rows_are_asked_for(
    published: Published, rows: Rows, how: str, filtered: bool
) -> None:
    store = published.publish(dict(list(rows.items())[:50]))
    allowed = np.asarray(sorted(rows)[:9], np.int64) if filtered else None
    with pytest.raises(ValueError, match=r"vectors_unit: got .*; expected"):
        store.search(spoiled(how), 3, allowed)
