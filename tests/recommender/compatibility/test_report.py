"""The page on completing the look says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from recommender.compatibility.training.report import HIDDEN, PAGE, PLOT, RESULTS, plot, written

ROOT = Path(__file__).parents[3]


def test_the_page_and_its_plot_show_the_results() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    figures, hidden = (
        json.loads((ROOT / file).read_text(encoding="utf-8")) for file in (RESULTS, HIDDEN)
    )
    assert written(page, figures, hidden) == page, (
        "run python -m recommender.compatibility.training.report"
    )
    masks = figures["models"]["(b) masks"]["binary_accuracy"]
    assert f"| (b) masks | {masks:.3f} (" in page
    assert plot(figures) == (ROOT / PLOT).read_text(encoding="utf-8")


def test_other_figures_would_change_it() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    figures = json.loads((ROOT / RESULTS).read_text(encoding="utf-8"))
    assert written(page, {**figures, "seeds": 99}, figures) != page
