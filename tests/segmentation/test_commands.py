"""Development commands tell a refusal in one line on stderr, and end with 1."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
import typer

from segmentation.common.commands import run
from segmentation.common.errors import DatasetError
from segmentation.datasets.export import write_imaterialist
from segmentation.training.challenges.__main__ import submit

TRAINING = "segmentation.training"


@pytest.mark.parametrize(
    ("module", "words", "answer"),
    [
        ("segmentation.datasets.export", ["imaterialist", "none", "out"], "no data set"),
        (
            f"{TRAINING}.labelling",
            ["tags", "none", "out", "--weights", "none.safetensors"],
            "cannot be read",
        ),
        (f"{TRAINING}.measuring.thresholds", ["none", "none.safetensors"], "cannot be read"),
        (f"{TRAINING}.challenges", ["score", "none"], "no data set"),
        (f"{TRAINING}.challenges", ["submit", "none", "out.csv"], "none"),
        (f"{TRAINING}.comparison", ["--results", "none"], "none"),
        (
            f"{TRAINING}.baselines.compare",
            ["--model", "unet", "--data", "none", "--out", "out"],
            "a model without its file",
        ),
        (
            f"{TRAINING}.baselines.outlines",
            ["--model", "unet", "--out", "out"],
            "a model without its file",
        ),
    ],
)
def test_a_refusal_is_told_and_ends_the_command_with_1(
    module: str,
    words: list[str],
    answer: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [module, *words])
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.delitem(sys.modules, f"{module}.__main__", raising=False)
    with pytest.raises(SystemExit) as end:
        runpy.run_module(module, run_name="__main__")
    said = capsys.readouterr()
    assert end.value.code == 1 and said.out == ""
    assert answer in said.err and "; expected " in said.err and "Traceback" not in said.err


def test_a_command_that_is_done_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def double(number: int) -> None:
        typer.echo(str(2 * number))

    monkeypatch.setattr(sys, "argv", ["double", "4"])
    with pytest.raises(SystemExit) as end:
        run(double)
    assert end.value.code == 0 and capsys.readouterr().out == "8\n"


def test_a_submission_of_no_photos_is_refused_and_not_written(tmp_path: Path) -> None:
    write_imaterialist([], tmp_path)
    with pytest.raises(DatasetError, match="no photos to hand in"):
        submit(tmp_path, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
