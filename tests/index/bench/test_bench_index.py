"""The benchmark measures what it says, on a catalogue small enough for a test."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.bench import __main__ as bench
from index.bench import data, measuring, report, rivals
from index.stores.faiss import FaissEngine

COUNT = 1200


def test_made_up_vectors_lie_as_real_ones_do() -> None:
    stock = data.Catalogue.of(2765).draw(2765, seed=1)
    np.testing.assert_allclose(np.linalg.norm(stock.vectors, axis=1), 1, atol=1e-5)
    found = data.likeness(stock.vectors)
    assert found == pytest.approx(data.REAL, abs=0.1)


def test_the_same_seed_draws_the_same_garments_and_another_others() -> None:
    catalogue = data.Catalogue.of(COUNT)
    one, same, other = (catalogue.draw(50, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.vectors, same.vectors)
    assert not np.array_equal(one.vectors, other.vectors)
    assert set(one.kinds.tolist()) <= set(range(data.KINDS))


def test_truth_and_recall() -> None:
    stock = data.Catalogue.of(COUNT).draw(COUNT, seed=1).vectors
    passing = np.zeros(COUNT, np.bool_)
    passing[[3, 5, 8]] = True
    true = measuring.truth(stock, stock[3:4], passing)
    assert sorted(true[0].tolist()) == [3, 5, 8]
    assert true[0, 0] == 3
    assert measuring.recall(np.asarray([[3, 9, -1]]), true) == pytest.approx(1 / 3)


def ours(_: int) -> list[Any]:
    return [
        lambda: rivals.Ours("ours (faiss-flat)", FaissEngine()),
        lambda: rivals.Ours("faiss-ivf-sq8", FaissEngine(0)),
    ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "rivals", ours)
    monkeypatch.setattr(measuring, "_LONGEST_S", 0.02)
    monkeypatch.setattr(bench, "_machine", lambda: "a machine")
    for name, number in (("_QUESTIONS", 60), ("_TUNING", 10), ("_FILTERED", 5)):
        monkeypatch.setattr(bench, name, number)


def test_one_run_fills_the_page_and_keeps_the_figures(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "search.md"
    page.parent.mkdir()
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    monkeypatch.setattr(bench, "_ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["bench", "--sizes", "600,1200", "--write"])
    bench.main()
    rows = json.loads((page.parent / "results" / "bench-index.json").read_text())["rows"]
    assert [(row["size"], row["kind"]) for row in rows] == [
        (600, "faiss-flat"), (600, "faiss-ivf-sq8"), (1200, "faiss-flat"), (1200, "faiss-ivf-sq8"),
    ]  # fmt: skip
    exact = rows[0]
    assert exact["unfiltered"]["recall"] == 1
    assert [cell["recall"] for cell in exact["filtered"].values()] == [1] * 6
    assert all(row["unfiltered"]["recall"] >= measuring.TARGET for row in rows)
    text = page.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "### 1,200 vectors" in text
    assert "| faiss-ivf-sq8 | 600 to 1,200 |" in text
    assert "nothing of this size was run" in text
    assert capsys.readouterr().out.strip() in text


class Known(rivals.Usearch):
    """Ranks rows by their number, and remembers what it was asked."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.asked = count, list[int]()

    def search(
        self, queries: NDArray[np.float32], k: int, effort: int, threads: int
    ) -> rivals.Answer:
        self.asked.append(k)
        return np.tile(np.arange(k), (len(queries), 1))


def test_filtering_behind_the_search_asks_for_more_until_enough_pass() -> None:
    rival, passing = Known(1000), np.zeros(1000, np.bool_)
    passing[500:] = True
    found = rival.search_among(np.zeros((1, data.DIM), np.float32), 10, 10, passing)
    assert found.tolist() == [list(range(500, 510))]
    assert rival.asked == [40, 160, 640]


def test_fewer_that_pass_than_asked_for_are_all_that_answer() -> None:
    rival, passing = Known(100), np.zeros(100, np.bool_)
    passing[97] = True
    found = rival.search_among(np.zeros((1, data.DIM), np.float32), 3, 10, passing)
    assert found.tolist() == [[97, -1, -1]]


class Climbing(rivals.Usearch):
    """Finds more the harder it tries."""

    efforts: Sequence[int] = (1, 5, 9, 10)

    def search(
        self, queries: NDArray[np.float32], k: int, effort: int, threads: int
    ) -> rivals.Answer:
        return np.where(np.arange(k) < effort, np.arange(k), -1)[np.newaxis]


def test_the_median_of_runs_is_told_with_their_spread() -> None:
    found = measuring._summary([{"qps_1": 30.0}, {"qps_1": 10.0}, {"qps_1": 12.04}])
    assert found == {"qps_1": 12.0, "spread": {"qps_1": [10.0, 30.0]}}
    assert report._rate(found, "qps_1") == "12 ± 83 %"


def test_the_machine_tells_its_units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("flags : sse2 avx2 avx512f avx512_vnni\n")
    monkeypatch.setattr(bench, "Path", lambda _: told)
    assert bench._units() == "avx2, avx512f, avx512_vnni"
    told.write_text("flags : sse2\n")
    assert bench._units().startswith("none of avx2")
    told.unlink()
    assert bench._units() == "not told by this system"


def test_the_least_effort_that_reaches_the_target_is_taken() -> None:
    true = np.arange(10)[np.newaxis]
    assert measuring.tuned(Climbing(), np.zeros((1, data.DIM), np.float32), true) == 10
