"""A run's learning curve: written, taken up again, and read from the lines of a log."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from segmentation.training.runs.progress import Point, Progress, points_of_log, read_history


def tell(history: Path, first: int, last: int, steps: int = 40) -> list[str]:
    """Report the steps from `first` to `last`, each with the loss of its number."""
    lines = list[str]()
    progress = Progress(history, first, steps, lines.append)
    for step in range(first, last):
        progress.tell(step, {"mask": torch.tensor(float(step))}, 0.001)
    return lines


def test_a_run_that_never_was_has_no_curve(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none.history.jsonl") == []


def test_every_tenth_step_and_the_last_are_points(tmp_path: Path) -> None:
    history = tmp_path / "new" / "a.history.jsonl"
    lines = tell(history, 0, 25, steps=25)
    points = read_history(history)
    assert [point.step for point in points] == [10, 20, 25] and len(lines) == 3
    assert points[0].rate == 0.001 and 0 < points[0].losses["mask"] < 9


def test_a_point_knows_how_many_samples_were_seen(tmp_path: Path) -> None:
    history = tmp_path / "a.history.jsonl"
    progress = Progress(history, 0, 20, lambda _line: None, batch_size=16)
    for step in range(20):
        progress.tell(step, {"mask": torch.tensor(1.0)}, 0.001)
    assert [point.seen for point in read_history(history)] == [160, 320]


def test_a_resumed_run_continues_the_curve_and_its_time(tmp_path: Path) -> None:
    history = tmp_path / "a.history.jsonl"
    history.write_text("")
    tell(history, 0, 30)
    early = read_history(history)
    history.write_text(history.read_text().replace('"seconds": 0.0', '"seconds": 100.0'))
    tell(history, 20, 40)  # the checkpoint was older than the last point
    points = read_history(history)
    assert [point.step for point in points] == [10, 20, 30, 40]
    assert points[0].losses == early[0].losses and points[-1].seconds >= points[1].seconds >= 100


def test_a_run_from_the_start_forgets_the_old_curve(tmp_path: Path) -> None:
    history = tmp_path / "a.history.jsonl"
    tell(history, 0, 30)
    tell(history, 0, 10)
    assert [point.step for point in read_history(history)] == [10]


def test_a_half_written_last_line_is_left_out(tmp_path: Path) -> None:
    history = tmp_path / "a.history.jsonl"
    tell(history, 0, 30)
    history.write_text(history.read_text()[:-9])
    assert [point.step for point in read_history(history)] == [10, 20]
    tell(history, 20, 40)
    assert [point.step for point in read_history(history)] == [10, 20, 30, 40]


def test_the_lines_of_a_log_make_the_same_curve(tmp_path: Path) -> None:
    history = tmp_path / "a.history.jsonl"
    lines = tell(history, 0, 20)
    result = points_of_log(["../data: clothing-co-parsing, 748 photos", *lines, "done"])
    for point, same in zip(read_history(history), result, strict=True):
        assert (point.step, point.rate) == (same.step, same.rate)
        assert same.losses["mask"] == pytest.approx(point.losses["mask"], abs=1e-3)


def test_all_losses_of_a_line_are_read() -> None:
    line = "step 30/2400 1.50 s/step eta 59.2 min lr 1.55e-04 rpn_box_reg 0.031 mask 0.512"
    assert points_of_log([line]) == [
        Point(30, 45.0, 1.55e-4, {"rpn_box_reg": 0.031, "mask": 0.512})
    ]
