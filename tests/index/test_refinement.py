"""A picture's vector moved by words."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.composed_retrieval import refined
from index.stores import check_rows

EYE: NDArray[np.float32] = np.eye(3, dtype=np.float32)


@pytest.mark.parametrize("rows", [0, 1, 50])
@pytest.mark.parametrize("one", [True, False])
def test_what_comes_out_passes_the_stores_door(rows: int, one: bool) -> None:
    drawn = np.random.default_rng(0).normal(size=(2, rows + 1, 24)).astype(np.float32)
    pictures, words = drawn / np.linalg.norm(drawn, axis=2, keepdims=True)
    moved = refined(pictures[:rows], words[:1] if one else words[:rows])
    assert moved.dtype == np.float32 and moved.shape == (rows, 24)
    check_rows(moved, 24)


def test_it_lies_between_picture_and_words_and_nearer_to_the_words() -> None:
    [moved] = refined(EYE[:1], EYE[1:2])
    assert EYE @ moved == pytest.approx([0.1**0.5, 0.9**0.5, 0])


def test_opposite_words_win() -> None:
    moved = refined(EYE[:1], -EYE[:1])
    check_rows(moved, 3)
    assert moved[0].tolist() == [-1, 0, 0]
