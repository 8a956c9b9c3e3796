"""The exact store against NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.files.manifest import Manifest
from index.stores.faiss import KIND, FaissStore, exact

DIM = 6


def unit(seed: int, rows: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIM)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def manifest(held: FaissStore, folder: Path, /, **changes: object) -> Manifest:
    fields: dict[str, object] = {
        "fingerprint": "f", "dim": DIM, "count": held.count, "store": KIND, "vector_revision": 1,
        "created": "", "files": held.save(folder), **changes,
    }  # fmt: skip
    return Manifest(**fields)  # type: ignore[arg-type]


def test_an_empty_store_answers_nothing(tmp_path: Path) -> None:
    store = FaissStore.build(np.empty(0, np.int64), np.empty((0, DIM), np.float32))
    loaded = FaissStore.load(tmp_path, manifest(store, tmp_path))
    for held in (store, loaded):
        found = held.search(unit(0, 2), 3)
        assert found.keys.tolist() == [[-1] * 3] * 2
        assert np.isneginf(found.scores).all()
        assert held.vectors_of(np.empty(0, np.int64)).shape == (0, DIM)
        with pytest.raises(KeyError):
            held.vectors_of(np.asarray([1]))


@settings(deadline=None, max_examples=100)
@given(
    count=st.integers(1, 60),
    k=st.integers(1, 70),
    queries=st.integers(1, 3),
    allowed=st.one_of(st.none(), st.sets(st.integers(0, 200), max_size=60)),
    few=st.sampled_from([0, 20_000]),
    seed=st.integers(0, 50),
)
def test_the_nearest_are_those_that_numpy_finds(
    count: int, k: int, queries: int, allowed: set[int] | None, few: int, seed: int
) -> None:
    keys = np.sort(np.random.default_rng(seed).permutation(200)[:count]).astype(np.int64)
    rows, asked = unit(seed, count), unit(seed + 1, queries)
    store = FaissStore.build(keys, rows)
    given_keys = None if allowed is None else np.asarray(sorted(allowed), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "_FEW", few)  # 0: every filter takes FAISS's own way
        found = store.search(asked, k, given_keys)
    assert found.keys.shape == found.scores.shape == (queries, k)
    pool = [n for n in range(count) if allowed is None or int(keys[n]) in allowed]
    for query, got_keys, got_scores in zip(asked, found.keys, found.scores, strict=True):
        scores = np.sort(rows[pool] @ query)[::-1][:k]
        held = int((got_keys >= 0).sum())
        assert held == min(k, len(pool))
        np.testing.assert_allclose(got_scores[:held], scores, atol=1e-5)
        assert len(set(got_keys[:held].tolist())) == held
        assert set(got_keys[:held].tolist()) <= set(keys[pool].tolist())
        again = store.vectors_of(got_keys[:held]) @ query
        np.testing.assert_allclose(again, got_scores[:held], atol=1e-5)


def test_equal_scores_come_in_order_of_key() -> None:
    rows = np.tile(unit(1, 1), (9, 1))
    store = FaissStore.build(np.arange(9), rows)
    found = store.search(rows[:1], 4, np.asarray([8, 6, 4, 2, 1, 0])[::-1].copy())
    assert found.keys.tolist() == [[0, 1, 2, 4]]


def test_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    store = FaissStore.build(np.arange(10, 60), unit(3, 50))
    loaded = FaissStore.load(tmp_path, manifest(store, tmp_path))
    ours, theirs = store.search(unit(4, 2), 7), loaded.search(unit(4, 2), 7)
    assert np.array_equal(ours.keys, theirs.keys)
    assert np.array_equal(ours.scores, theirs.scores)


@pytest.mark.parametrize(
    "changes", [{"dim": 7}, {"count": 49}, {"store": "ivf"}, {"files": {}}], ids=str
)
def test_a_manifest_that_does_not_fit_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    store = FaissStore.build(np.arange(50), unit(3, 50))
    with pytest.raises(IndexDamaged):
        FaissStore.load(tmp_path, manifest(store, tmp_path, **changes))


def test_bytes_that_are_no_index_but_match_their_checksum_are_refused(tmp_path: Path) -> None:
    store = FaissStore.build(np.arange(50), unit(3, 50))
    result = manifest(store, tmp_path)
    name = next(iter(result.files))
    (tmp_path / name).write_bytes(b"IxM2" + b"\xff" * 100)
    record = type(result.files[name]).of(tmp_path / name)
    with pytest.raises(IndexDamaged):
        FaissStore.load(tmp_path, manifest(store, tmp_path / "other", files={name: record}))


@pytest.mark.parametrize("keys", [[1, 1], [2, 1], [1]], ids=str)
def test_keys_must_ascend_and_fit(keys: list[int]) -> None:
    with pytest.raises(ValueError, match="keys"):
        FaissStore.build(np.asarray(keys), unit(0, 2))


def spoiled(how: str) -> NDArray[np.float32]:
    rows = unit(5, 4)
    if how == "long":
        rows[2] *= 2
    elif how == "zero":
        rows[2] = 0
    elif how in ("nan", "inf"):
        rows[2, 1] = float(how)
    elif how == "other length":
        rows = np.ascontiguousarray(rows[:, :-1])
    elif how == "flat":
        rows = rows[0]
    return rows


@pytest.mark.parametrize("how", ["long", "zero", "nan", "inf", "flat"])
def test_only_unit_rows_are_stored(how: str) -> None:
    with pytest.raises(ValueError, match=r"vectors_unit: got .*; expected"):
        FaissStore.build(np.arange(len(spoiled(how))), spoiled(how))


@pytest.mark.parametrize("how", ["long", "zero", "nan", "inf", "flat", "other length"])
@pytest.mark.parametrize("allowed", [None, np.asarray([1, 2])], ids=["all", "some"])
def test_only_unit_rows_are_asked_for(how: str, allowed: NDArray[np.int64] | None) -> None:
    store = FaissStore.build(np.arange(50), unit(3, 50))
    with pytest.raises(ValueError, match=r"vectors_unit: got .*; expected"):
        store.search(spoiled(how), 3, allowed)


def test_a_wrong_row_is_told_by_its_number_and_length() -> None:
    with pytest.raises(ValueError, match=r"length 2 \(row 2, 1 such of 4\)"):
        FaissStore.build(np.arange(4), spoiled("long"))


def test_what_rounding_leaves_passes() -> None:
    rough = unit(6, 20).astype(np.float16).astype(np.float32)
    assert FaissStore.build(np.arange(20), rough).search(rough[:1], 1).keys.tolist() == [[0]]
