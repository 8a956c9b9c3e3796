"""Which kind of FAISS index is chosen, what is learnt again, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.files.manifest import FileRecord, Manifest
from index.stores import FACTS_FILE, Vectors, VectorStore, read_facts
from index.stores.faiss import FaissEngine, FaissStore, gpu
from index.stores.faiss.answers import settled
from index.stores.faiss.plan import Reach
from index.stores.faiss.quantised import QuantisedStore
from tests.index.stores.engines import DIM, Published, Rows, unit

FLAT, SCALAR, PRODUCT = "faiss-flat", "faiss-ivf-sq8", "faiss-ivf-pq"


def rows(count: int, seed: int = 1) -> Rows:
    return dict(enumerate(unit(seed, count)))


@pytest.mark.parametrize(
    ("count", "held", "kind"),
    [
        (0, None, FLAT),
        (5_000, None, FLAT),
        (5_001, None, SCALAR),
        (5_001, FLAT, SCALAR),
        (5_000, SCALAR, SCALAR),
        (4_001, SCALAR, SCALAR),
        (4_000, SCALAR, FLAT),
        (4_000_000, None, SCALAR),
        (4_000_001, SCALAR, PRODUCT),
        (3_300_000, PRODUCT, PRODUCT),
        (3_200_000, PRODUCT, SCALAR),
        (50, PRODUCT, FLAT),
        (5_001, "pgvector", SCALAR),
    ],
)
def test_the_kind_follows_from_the_number_and_stays_near_a_limit(
    count: int, held: str | None, kind: str
) -> None:
    assert FaissEngine().kind(count, held) == kind


def test_a_catalogue_around_a_limit_is_not_made_anew_each_time(tmp_path: Path) -> None:
    published = Published(FaissEngine(exact_up_to=500), tmp_path)
    kinds = []
    for count in (500, 501, 500, 450, 400, 450):
        published.publish(rows(count))
        assert published.previous is not None
        kinds.append(published.previous.manifest.store)
    assert kinds == [FLAT, SCALAR, SCALAR, SCALAR, FLAT, FLAT]


@pytest.mark.parametrize(("limit", "kind"), [(4_000_000, SCALAR), (0, PRODUCT)])
def test_one_change_learns_no_lists_anew(
    tmp_path: Path, limit: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Published(FaissEngine(0, limit), tmp_path)
    published.publish(rows(900))
    learnt = count_trainings(monkeypatch)
    changed = {**rows(900), 3: unit(5, 1)[0]}
    store = published.publish(changed)
    assert learnt == [], "the lists of before serve"
    found = store.search(changed[3][np.newaxis], 1)
    assert found.keys.tolist() == [[3]]
    published.publish(rows(2000))
    assert len(learnt) == 1, "twice as many need lists of their own"
    assert published.previous is not None
    facts = read_facts(published.previous.folder, published.previous.manifest)
    assert (facts["learnt_from"], published.previous.manifest.store) == (2000, kind)


def count_trainings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    from index.stores.faiss.recipes import Recipe

    learnt: list[int] = []
    real = Recipe.trained

    def counted(self: Recipe, given: Any) -> Any:
        learnt.append(len(given.halves))
        return real(self, given)

    monkeypatch.setattr(Recipe, "trained", counted)
    return learnt


@pytest.mark.parametrize("name", ["trained.faiss", FACTS_FILE])
@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_damaged_generation_before_teaches_nothing(
    tmp_path: Path, name: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Published(FaissEngine(0), tmp_path)
    published.publish(rows(600))
    learnt = count_trainings(monkeypatch)
    path = tmp_path / "1" / name
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert published.publish(rows(600)).count == 600
    assert learnt == [600]


@pytest.mark.parametrize("limit", [4_000_000, 0], ids=[SCALAR, PRODUCT])
@pytest.mark.parametrize("name", ["rows.f16", "keys.i64", "lists.faiss", FACTS_FILE])
@pytest.mark.parametrize("how", ["gone", "short", "long", "changed"])
def test_a_damaged_file_is_refused(tmp_path: Path, limit: int, name: str, how: str) -> None:
    published = Published(FaissEngine(0, limit), tmp_path)
    published.publish(rows(400))
    path = tmp_path / "1" / name
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        flipped = data[:50] + bytes([data[50] ^ 4]) + data[51:]
        path.write_bytes({"short": data[:-1], "long": data + b"0", "changed": flipped}[how])
    with pytest.raises(IndexDamaged):
        published.reopen()


@pytest.mark.parametrize(
    "facts",
    [
        {"depths": [1.0]},
        {"depths": None},
        {"width": "many"},
        {"probes": ["x"]},
        {"width": 0},
        {"probes": [0, 0, 0]},
    ],
    ids=str,
)
def test_facts_that_match_their_checksum_but_cannot_be(
    tmp_path: Path, facts: dict[str, Any]
) -> None:
    published = Published(FaissEngine(0), tmp_path)
    published.publish(rows(400))
    record = json.loads((tmp_path / "1" / FACTS_FILE).read_bytes()) | facts
    (tmp_path / "1" / FACTS_FILE).write_text(json.dumps(record))
    with pytest.raises(IndexDamaged):
        reopen_with_new_sums(published)


def reopen_with_new_sums(published: Published) -> VectorStore:
    previous = published.previous
    assert previous is not None
    files = {name: FileRecord.of(previous.folder / name) for name in previous.manifest.files}
    return published.engine.open(previous.folder, replace(previous.manifest, files=files))


@pytest.mark.parametrize("what", ["another", "exact", "shifted", "noise"])
def test_lists_that_match_their_checksum_but_are_another_index(tmp_path: Path, what: str) -> None:
    published = Published(FaissEngine(0), tmp_path)
    published.publish(rows(400))
    path = tmp_path / "1" / "lists.faiss"
    index: Any = faiss.read_index(str(path))
    if what == "another":
        index.reset()
        index.add(unit(3, 300))
    elif what == "exact":
        index = faiss.IndexFlatIP(DIM)
        index.add(unit(3, 400))
    elif what == "shifted":
        index.reset()
        index.add_with_ids(unit(3, 400), np.arange(400) + 1)
    faiss.write_index(index, str(path))
    if what == "noise":
        path.write_bytes(b"IwSQ" + b"\xff" * 400)
    with pytest.raises(IndexDamaged):
        reopen_with_new_sums(published)


def test_a_kind_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    published = Published(FaissEngine(0), tmp_path)
    published.publish(rows(400))
    assert published.previous is not None
    result = replace(published.previous.manifest, store="milvus")
    with pytest.raises(IndexDamaged):
        published.engine.open(published.previous.folder, result)


def test_lists_of_an_earlier_release_that_shortened_nothing_still_answer(tmp_path: Path) -> None:
    published = Published(FaissEngine(0, compared_up_to=0), tmp_path)
    held = rows(900)
    published.publish(held)
    path = tmp_path / "1" / "lists.faiss"
    index: Any = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(DIM), DIM, 28, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    vectors = np.stack(list(held.values()))
    index.train(vectors)
    index.add(vectors)
    faiss.write_index(index, str(path))
    store = reopen_with_new_sums(published)
    asked = vectors[:50]
    for allowed in (None, np.arange(0, 900, 2)):
        found = store.search(asked[::2], 1, allowed)
        assert found.keys[:, 0].tolist() == list(range(0, 50, 2))
    published.publish({**held, 3: unit(5, 1)[0]})


def test_lists_that_shorten_to_another_length_are_refused(tmp_path: Path) -> None:
    published = Published(FaissEngine(0), tmp_path)
    published.publish(rows(400))
    path = tmp_path / "1" / "lists.faiss"
    index: Any = faiss.read_index(str(path))
    turn = faiss.LinearTransform(DIM + 1, DIM, False)
    faiss.copy_array_to_vector(np.zeros(DIM * (DIM + 1), np.float32), turn.A)
    turn.is_trained = True
    faiss.write_index(faiss.IndexPreTransform(turn, faiss.downcast_index(index.index)), str(path))
    with pytest.raises(IndexDamaged):
        reopen_with_new_sums(published)


def test_vectors_are_kept_by_the_directions_that_hold_their_length(tmp_path: Path) -> None:
    chance = np.random.default_rng(2)
    flat = chance.normal(size=(700, 20)) @ chance.normal(size=(20, 64))
    vectors = (flat + 0.1 * chance.normal(size=flat.shape)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    given = Vectors(
        64, 700, lambda: iter([(np.arange(700), vectors)]), lambda: iter(()), lambda k: vectors[k]
    )
    engine = FaissEngine(0, compared_up_to=0)
    files = engine.publish(given, tmp_path)
    store = engine.open(tmp_path, Manifest("fake-1", 64, 700, SCALAR, 1, "", files))
    assert isinstance(store, QuantisedStore)
    assert store.turn.shape == (32, 64), "20 directions, by sixteens"
    found = store.search(vectors[:40], 10)
    true = np.argsort(-(vectors[:40] @ vectors.T), axis=1)[:, :10]
    shared = [len(set(a) & set(b)) for a, b in zip(found.keys.tolist(), true.tolist(), strict=True)]
    assert sum(shared) / 400 >= 0.95
    exact = np.einsum("qd,qkd->qk", vectors[:40], vectors[found.keys])
    np.testing.assert_allclose(found.scores, exact, atol=2e-3)


@pytest.mark.parametrize(
    ("scores", "answer"),
    [
        ([[0.9, 0.5, -1]], True),
        ([[0.9, 0.9, 0.1]], False),
        ([[1.1, 0.5, 0.1]], False),
        ([[0.9, 0.5, -np.inf]], False),
        ([[0.9, np.nan, 0.1]], False),
        ([[0.9, 0.5], [0.9, 0.1]], True),
        ([[0.9, 0.5], [0.5, 0.5]], False),
        ([[0.9, 0.5], [np.nan, 0.5]], False),
        ([[0.9, 0.5], [0.5, -np.inf]], False),
    ],
)
def test_what_faiss_put_in_order_is_known(scores: list[list[float]], answer: bool) -> None:
    assert settled(np.asarray(scores, np.float32)) is answer


def test_reach_grows_with_depth_and_past_what_was_measured_in_proportion() -> None:
    reach = Reach(np.asarray([10.0, 1000.0]), np.asarray([4.0, 40.0]))
    asked = np.asarray([1.0, 10, 100, 1000, 5000])
    assert reach.of(asked).tolist() == [4, 4, 13, 40, 200]


def test_a_thin_filter_far_from_the_question_reads_more_lists(tmp_path: Path) -> None:
    published = Published(FaissEngine(0, compared_up_to=0), tmp_path)
    held = rows(6000)
    store = published.publish(held)
    assert isinstance(store, QuantisedStore)
    query = unit(9, 1)
    near = np.argsort(-(np.stack(list(held.values())) @ query[0]))
    turned = query @ store.turn.T

    def lists_read(allowed: NDArray[np.int64]) -> int:
        assert isinstance(store, QuantisedStore)
        counts = np.bincount(store.list_of[allowed], minlength=len(store.lists.sizes))
        chosen = store.lists.choose(turned, 10, counts, store.reach)
        return int(np.flatnonzero(chosen.lists[0] >= 0)[-1])

    assert lists_read(near[:600]) <= lists_read(near[::10]) < lists_read(near[-600:])


class OnGpu:
    """What a GPU's copy of an index would be asked."""

    def __init__(self, index: Any) -> None:
        self.index, self.asked = index, 0

    def search(self, queries: NDArray[np.float32], k: int) -> Any:
        self.asked += 1
        return self.index.search(queries, k)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[OnGpu]:
    made: list[OnGpu] = []

    def copied(index: Any) -> Any:
        made.append(OnGpu(index))
        return made[-1] if index.ntotal else index

    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1, raising=False)
    monkeypatch.setattr(faiss, "index_cpu_to_all_gpus", copied, raising=False)
    return made


def test_without_a_gpu_there_is_none() -> None:
    assert gpu.count() == 0
    assert gpu.for_training(8) is None


def test_a_gpu_searches_all_but_neither_filters_nor_very_many(copies: list[OnGpu]) -> None:
    held = unit(2, 3000)
    store = FaissStore.build(np.arange(3000), held)
    (copy,) = copies
    assert store.search(held[:1], 1).keys.tolist() == [[0]]
    assert copy.asked == 1
    assert store.search(held[:1], gpu.MOST + 1).keys[0, 0] == 0
    assert store.search(held[:1], 1, np.arange(1)).keys.tolist() == [[0]]
    assert copy.asked == 1


def test_a_gpu_learns_the_lists(tmp_path: Path, copies: list[OnGpu]) -> None:
    assert Published(FaissEngine(0), tmp_path).publish(rows(600)).count == 600
    assert len(copies) == 1
