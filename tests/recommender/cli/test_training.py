"""`train` and `evaluate`: what they hand to the rooms below, and what they print."""

from __future__ import annotations

import builtins
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from segmentation.training.baselines.loading import LOADERS
from tests.recommender.cli.conftest import Shell

Call = tuple[tuple[Any, ...], dict[str, Any]]


def spy(monkeypatch: pytest.MonkeyPatch, where: str, answer: object = None) -> list[Call]:
    """Replace a function by one that remembers how it was called."""
    calls: list[Call] = []

    def remember(*words: Any, **named: Any) -> object:
        calls.append((words, named))
        return answer

    monkeypatch.setattr(where, remember)
    return calls


def folders(shell: Shell, *names: str) -> list[Path]:
    made = [shell.folder / name for name in names]
    for each in made:
        each.mkdir()
    return made


def test_train_segmentation(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spy(monkeypatch, "segmentation.training.train.train_detector")
    one, two, three = folders(shell, "one", "two", "three")
    words = ("train", "segmentation", "--data", one, two, "--data", three, "--steps", "7")
    [record] = shell.ok(*words, "--rate", "0.5", "--resume")
    out = shell.home / "models" / "maskrcnn.safetensors"
    assert record == {"weights": str(out)} and out.parent.is_dir()
    [(given, named)] = calls
    assert (set(given[0]), given[1]) == ({one, two, three}, out)
    assert (named["schedule"].steps, named["schedule"].peak) == (7, 0.5)
    assert (named["resume"], named["start_from"]) == (True, None)


@pytest.mark.parametrize(
    ("model", "more", "given"),
    [
        ("unet", (), {"from_scratch": False}),
        ("unet", ("--from-scratch",), {"from_scratch": True}),
        ("yolact", (), {"start_from": None}),
        ("yolact", ("--from", "mine.safetensors"), {"start_from": Path("mine.safetensors")}),
    ],
)
def test_train_a_compared_model(
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    more: tuple[str, ...],
    given: dict[str, object],
) -> None:
    calls = spy(monkeypatch, f"segmentation.training.baselines.{model}_training.train_{model}")
    [one] = folders(shell, "one")
    words = ("train", "segmentation", "--model", model, "--data", one, "--steps", "7")
    [record] = shell.ok(*words, *more)
    assert record == {"weights": str(shell.home / "models" / f"{model}.safetensors")}
    [(folder, named)] = calls
    assert folder == ([one], Path(record["weights"])) and named["resume"] is False
    assert named["schedule"].steps == 7 and given.items() <= named.items()


@pytest.mark.parametrize(
    "words",
    [
        ("--from-scratch",),
        ("--model", "yolact", "--from-scratch"),
        ("--model", "unet", "--from", "x"),
    ],
)
def test_a_beginning_that_a_model_does_not_have_is_refused(
    shell: Shell, words: tuple[str, ...]
) -> None:
    [one] = folders(shell, "one")
    said = shell.refused("train", "segmentation", "--data", one, *words)
    assert "cannot begin so" in said and words[-1 if words[-1] != "x" else -2] in said


def test_train_encoder(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spy(monkeypatch, "index.training.train.train_encoder")
    [one] = folders(shell, "one")
    [record] = shell.ok("train", "encoder", "--data", one, "--out", "mine/encoder")
    assert record == {"weights": "mine/encoder"} and Path("mine/encoder").is_dir()
    [(given, named)] = calls
    assert given == ([one], Path("mine/encoder")) and named["resume"] is False


def test_evaluate_segmentation(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    where = "segmentation.training.evaluate.evaluate_detector"
    calls = spy(monkeypatch, where, {"ap": 0.2})
    [one] = folders(shell, "one")
    words = ("evaluate", "segmentation", "--data", one, "--split", "train")
    assert shell.ok(*words) == [{"ap": 0.2}]
    monkeypatch.setenv("RECOMMENDER_DETECTOR", "/mine.safetensors")
    shell.ok(*words, "--weights", "/theirs.safetensors")
    shell.ok(*words)
    assert [call[0][1].name for call in calls] == [
        "maskrcnn.safetensors",
        "theirs.safetensors",
        "mine.safetensors",
    ]
    assert calls[0][1]["split"] == "train"


def test_evaluate_a_compared_model(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = spy(monkeypatch, "segmentation.training.evaluate.photos_of", ["photo"])
    answer = SimpleNamespace(figures={"miou": 0.3})
    calls = spy(monkeypatch, "segmentation.training.evaluate.measure", answer)
    monkeypatch.setitem(LOADERS, "yolact", lambda path, size: (path, size))
    [one] = folders(shell, "one")
    words = ("evaluate", "segmentation", "--model", "yolact", "--data", one)
    assert shell.ok(*words, "--weights", "mine.safetensors") == [{"miou": 0.3}]
    assert photos == [(([one], "val"), {})]
    assert calls[0][0][:2] == ((Path("mine.safetensors"), None), ["photo"])
    assert "not shipped" in shell.refused(*words)


def test_evaluate_encoder(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spy(monkeypatch, "index.training.evaluate.evaluate_encoder", {"kind_p1": 0.9})
    [one] = folders(shell, "one")
    assert shell.ok("evaluate", "encoder", "--data", one) == [{"kind_p1": 0.9}]
    assert calls[0][0][0] == [one] and calls[0][0][1].name == "weights"


def test_the_missing_extra_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_torchmetrics(name: str, *words: Any, **named: Any) -> Any:
        if name == "segmentation.training.evaluate":
            raise ModuleNotFoundError("No module named 'torchmetrics'", name="torchmetrics")
        return real(name, *words, **named)

    monkeypatch.setattr(builtins, "__import__", without_torchmetrics)
    said = shell.refused("evaluate", "segmentation", "--data", shell.folder)
    assert "no torchmetrics" in said and "complete-the-look[train]" in said
