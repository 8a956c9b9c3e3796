"""`train` and `evaluate`: what they hand to the rooms below, and what they print."""

from __future__ import annotations

import builtins
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.encoders.encoder import WEIGHTS
from segmentation.training.baselines.loading import LOADERS
from tests.recommender.cli.conftest import Shell
from tests.tiny_encoder import write_encoder

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
    [record] = shell.ok(*words, "--batch", "9", "--rate", "0.5", "--resume")
    out = shell.home / "models" / "maskrcnn.safetensors"
    assert record == {"weights": str(out)} and out.parent.is_dir()
    [(given, named)] = calls
    assert (set(given[0]), given[1]) == ({one, two, three}, out)
    assert (named["schedule"].steps, named["schedule"].peak) == (7, 0.5)
    assert (named["batch"], named["resume"], named["start_from"]) == (9, True, None)


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
    module = {"unet": "unet_training", "yolact": "yolact.training"}[model]
    calls = spy(monkeypatch, f"segmentation.training.baselines.{module}.train_{model}")
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
    where = "segmentation.training.measuring.evaluate.evaluate_detector"
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
    photos = spy(monkeypatch, "segmentation.training.measuring.evaluate.photos_of", ["photo"])
    answer = SimpleNamespace(figures={"miou": 0.3})
    calls = spy(monkeypatch, "segmentation.training.measuring.evaluate.measure", answer)
    monkeypatch.setitem(LOADERS, "yolact", lambda path, size: (path, size))
    [one] = folders(shell, "one")
    words = ("evaluate", "segmentation", "--model", "yolact", "--data", one)
    assert shell.ok(*words, "--weights", "mine.safetensors") == [{"miou": 0.3}]
    assert photos == [(([one], "val"), {})]
    assert calls[0][0][:2] == ((Path("mine.safetensors"), None), ["photo"])
    assert "not shipped" in shell.refused(*words)


def test_evaluate_encoder(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spy(monkeypatch, "index.training.measuring.evaluate.evaluate_encoder", {"kind_p1": 0.9})
    monkeypatch.setattr("index.encoders.encoder.OpenClipEncoder", lambda name: f"loaded {name}")
    [one] = folders(shell, "one")
    words = ("evaluate", "encoder", "--data", one)
    assert shell.ok(*words) == [{"kind_p1": 0.9}]
    assert shell.ok(*words, "--weights", "mine") == [{"kind_p1": 0.9}]
    both = shell.ok(*words, "--encoder", "ViT-B-32/openai", "--encoder", "shipped")
    assert both == [{"models": {"ViT-B-32/openai": {"kind_p1": 0.9}, "shipped": {"kind_p1": 0.9}}}]
    assert [call[0][0] for call in calls] == [[one]] * 4
    assert [call[0][1] for call in calls] == [
        f"loaded {WEIGHTS}", "loaded local-dir:mine", "loaded ViT-B-32/openai", f"loaded {WEIGHTS}",
    ]  # fmt: skip


def test_encoders_are_compared_on_the_catalogue_in_force(
    stocked: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (write_encoder(stocked.folder / f"tiny{n}", seed=n) for n in range(2))
    before = stocked.ok("index", "status")
    words = ("--encoder", first, "--encoder", f"local-dir:{second}", "--limit", "6")
    [answer] = stocked.ok("evaluate", "encoder", *words)
    assert set(answer) == {"catalogue", "models"} and answer["catalogue"]["items"] == 6
    assert {str(first), f"local-dir:{second}", "random"} <= set(answer["models"])
    for name in (str(first), f"local-dir:{second}"):
        figures = answer["models"][name]
        assert figures["dim"] == 16 and len(figures["fingerprint"]) == 16
        assert 0 <= figures["category_p10"] <= 1 and 1 <= figures["title_median_rank"] <= 6
    assert stocked.ok("index", "status") == before


def test_a_comparison_of_nothing_or_on_nothing_is_refused(shell: Shell) -> None:
    assert shell.run("evaluate", "encoder").exit_code == 2
    said = shell.refused("evaluate", "encoder", "--encoder", "shipped")
    assert "catalog import" in said


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ViT-B-32", "22 pretrained sets"),
        ("ViT-B-32/openai", "not in Hugging Face's cache"),
        ("hf-hub:nobody/nothing", "not in Hugging Face's cache"),
        ("local-dir:/nowhere", "/nowhere"),
    ],
)
def test_a_wrong_name_is_refused_before_anything_is_cut_out(
    stocked: Shell, name: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(stocked.folder))
    before = stocked.detector.calls
    said = stocked.refused("evaluate", "encoder", "--encoder", "shipped", "--encoder", name)
    assert why in said and stocked.detector.calls == before


def test_the_missing_extra_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_torchmetrics(name: str, *words: Any, **named: Any) -> Any:
        if name == "segmentation.training.measuring.evaluate":
            raise ModuleNotFoundError("No module named 'torchmetrics'", name="torchmetrics")
        return real(name, *words, **named)

    monkeypatch.setattr(builtins, "__import__", without_torchmetrics)
    said = shell.refused("evaluate", "segmentation", "--data", shell.folder)
    assert "no torchmetrics" in said and "complete-the-look[train]" in said
