"""The encoder's card says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from index.training.card import BEGIN, CARD, END, RESULTS, written

ROOT = Path(__file__).parents[3]


def test_the_card_shows_the_results() -> None:
    card = (ROOT / CARD).read_text(encoding="utf-8")
    figures = json.loads((ROOT / RESULTS).read_text(encoding="utf-8"))
    assert BEGIN in card and END in card
    assert written(card, figures) == card, "run python -m index.training.card"
    assert f"| {figures['kind_p1']:.3f} |" in card


def test_other_figures_would_change_it() -> None:
    figures = json.loads((ROOT / RESULTS).read_text(encoding="utf-8"))
    card = (ROOT / CARD).read_text(encoding="utf-8")
    assert written(card, {**figures, "kind_p1": 0.111}) != card
