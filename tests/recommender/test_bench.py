"""What `make bench` says of the encoder; how long anything takes is not tested here."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from recommender.bench import performance
from recommender.bench.performance import CUTOUTS, TEXTS, encoder_ms, encoder_table, megabytes
from recommender.sample import outfit_paths
from recommender.timing import Stopwatch
from tests.fakes import FakeEncoder


def test_the_encoder_is_timed_on_one_batch_and_on_texts_alone() -> None:
    encoder = FakeEncoder()
    pictures = [path.read_bytes() for path in outfit_paths()[:2]]
    batch, text = encoder_ms(encoder, pictures, 3)
    assert encoder.calls == 4 and encoder.pictures == 8  # one round warms up
    assert batch > 0 and text > 0


def test_sizes_are_of_what_is_shipped(tmp_path: Path) -> None:
    (tmp_path / "inner" / "__pycache__").mkdir(parents=True)
    (tmp_path / "inner" / "weights").write_bytes(b"x" * 3_000)
    (tmp_path / "inner" / "__pycache__" / "a.pyc").write_bytes(b"x" * 9_000)
    (tmp_path / "code.py").write_bytes(b"x" * 1_000)
    assert megabytes(tmp_path) == pytest.approx(0.004)
    assert megabytes(tmp_path, tmp_path / "inner") == pytest.approx(0.007)


def test_each_cost_stands_beside_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performance, "encoder_ms", lambda *_: (79.9, 15.1))
    console = Console(width=90, record=True)
    console.print(encoder_table(FakeEncoder(), 1, "a pretended device"))
    rows = [line for line in console.export_text().splitlines() if "MB" in line or "ms" in line]
    assert [cell.strip() for cell in rows[0].split("│")[2:5]] == ["79.9", "80", "met"]
    assert "15.1" in rows[1] and "MISSED" in rows[1]
    assert " 30 " in rows[2] and "met" in rows[2]  # the shipped encoder keeps to its 30 MB
    assert "wheel" in rows[3]


def test_the_batch_is_of_eight_different_pictures() -> None:
    encoder = FakeEncoder()
    encoder_table(encoder, 1, "")
    assert encoder.pictures == 2 * CUTOUTS and len(set(TEXTS)) == len(TEXTS)


def test_a_gpu_is_waited_for_before_a_clock_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(performance, "synchronize", lambda: done.append("waited"))
    performance._ms(lambda: done.append("asked"))
    watch = Stopwatch(lambda: done.append("settled"))
    with watch.stage("encode"):
        done.append("encoded")
    assert done == ["waited", "asked", "waited", "settled", "encoded", "settled"]
    assert list(watch.ms) == ["encode"]
