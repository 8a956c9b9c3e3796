from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.outfits.rank import diverse


@pytest.mark.parametrize("k", [0, 1, 3, 9])
def test_nothing_to_choose_from(k: int) -> None:
    assert diverse(np.zeros(0, np.float32), np.zeros((0, 4), np.float32), k) == []


def test_without_diversity_the_score_alone_orders() -> None:
    scores = np.array([0.2, 0.9, 0.5], np.float32)
    rows = np.eye(3, dtype=np.float32)
    assert diverse(scores, rows, 3, diversity=0.0, floor=0.0) == [1, 2, 0]


def test_a_twin_gives_way_to_another_kind_of_thing() -> None:
    rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert diverse(np.array([0.9, 0.89, 0.85], np.float32), rows, 2) == [0, 2]


def test_diversity_lifts_nothing_from_below_the_floor() -> None:
    rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert diverse(np.array([0.9, 0.89, 0.3], np.float32), rows, 3) == [0, 1, 2]


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=30), st.integers(1, 40))
def test_choice_is_unique_deterministic_and_led_by_the_best(scores: list[float], k: int) -> None:
    values = np.array(scores, np.float32)
    rows = np.random.default_rng(7).normal(size=(len(scores), 4)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    chosen = diverse(values, rows, k)
    assert chosen == diverse(values.copy(), rows.copy(), k)
    assert len(chosen) == len(set(chosen)) == min(k, len(scores))
    assert chosen[0] == int(np.argmax(values))
