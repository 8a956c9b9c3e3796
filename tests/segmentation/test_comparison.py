"""The page is what its text and result files make it, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import segmentation.training.comparison.__main__ as command
from segmentation.common.errors import Refusal
from segmentation.training.comparison import tables
from segmentation.training.comparison.results import read_results

DOCS = Path(__file__).parent.parent.parent / "docs"


def result(model: str, short_side: int, ap: float) -> dict[str, Any]:
    points = [
        {"step": n, "seconds": 60.0 * n, "rate": 0.1, "losses": {"a": 2 / n, "b": 1.0}}
        for n in (1, 2, 3)
    ]
    return {
        "model": model,
        "size": [short_side, 2 * short_side],
        "figures": {
            "ap": ap, "ap50": ap, "ap75": ap, "miou": ap, "slot_iou": ap, "pixel_accuracy": 0.9,
            "background_accuracy": 0.8, "ms_per_photo": 99.6, "per_class": {"hat": ap, "tie": 0.0},
        },
        "train": {"pixel_accuracy": 0.95, "background_accuracy": 0.81},
        "curve": {"recall": [0.0, 1.0], "overall": [1.0, ap], "per_class": {}},
        "weights": {"parameters": 7_900_000, "megabytes": 16.0},
        "training": {
            "steps": 3, "minutes": 3.0, "epochs": None, "final_losses": {"a": 0.7, "b": 1.0},
            "points": points,
        },
        "machine": {"processor": "a", "threads": 2, "dtype": "bfloat16", "torch": "2"},
        "command": f"measure {model.partition('-')[0]}",
    }  # fmt: skip


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    rows = (("unet-scratch", 32, 0.1), ("maskrcnn", 64, 0.3), ("maskrcnn", 32, 0.2))
    for number, row in enumerate(rows):
        (folder / f"{number}.json").write_text(json.dumps(result(*row)))
    return folder


def written(results: Path, out: Path) -> Result:
    text = results.parent / "text.md"
    text.write_text("# Page\n\n{{models}}\n\n{{papers}}\n\n{{per_class}}\n\n{{commands}}\n")
    return CliRunner().invoke(
        _app(), ["--results", str(results), "--text", str(text), "--out", str(out)]
    )


def _app() -> Any:
    import typer

    app = typer.Typer()
    app.command()(command.main)
    return app


def test_models_stand_in_their_order_and_each_at_its_better_size(results: Path) -> None:
    read = read_results(results)
    assert [(each.title, each.size[0]) for each in read] == [
        ("Mask R-CNN", 32), ("Mask R-CNN", 64), ("UNet, from scratch", 32),
    ]  # fmt: skip
    rows = tables.models(read).splitlines()
    assert rows[2] == "| Mask R-CNN | 32 x 64 | 0.200 | 0.200 | 0.200 | 0.200 | 0.200 | 100 | 7.9 |"
    papers = tables.papers(read).splitlines()
    assert papers[2] == "| Mask R-CNN | - | 3 | 3 | 1.700 | 0.950 | 0.900 | 0.300 |"
    assert papers[-1] == "| everything is background | - | - | - | - | 0.810 | 0.800 | - |"
    assert tables.per_class(read).splitlines()[2:] == [
        "| hat | 0.30 | 0.10 |",
        "| tie | 0.00 | 0.00 |",
    ]
    assert tables.commands(read).count("measure maskrcnn") == 1


def test_the_same_results_give_the_same_bytes(results: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert written(results, tmp_path / name / "page.md").exit_code == 0
    names = ["page.md", "page/learning.svg", "page/precision.svg"]
    one, two = ([(tmp_path / f / n).read_bytes() for n in names] for f in ("one", "two"))
    assert one == two
    assert b"{{" not in one[0] and b"Mask R-CNN" in one[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "no result files"), ("{}", "KeyError"), ('{"model": "sam"}', "unknown model")],
)
def test_what_is_no_result_is_refused(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "a.json").write_text(text)
    with pytest.raises(Refusal, match=says):
        read_results(tmp_path)
    assert written(tmp_path, tmp_path / "page.md").exit_code == 1


def test_the_page_in_docs_is_what_its_results_make_it() -> None:
    text = (DOCS / "results" / "segmentation.in.md").read_text()
    made = command.page(text, read_results(DOCS / "results" / "segmentation"))
    assert "{{" not in made
    assert made == (DOCS / "segmentation.md").read_text()


def test_a_blank_that_no_table_fills_is_refused() -> None:
    with pytest.raises(Refusal, match="verdict"):
        command.page("{{verdict}}", [])
