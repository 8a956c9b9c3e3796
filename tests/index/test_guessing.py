"""Guesses of kinds: shares that add up, a confidence that was measured, a file that is checked."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.encoder import WEIGHTS
from index.encoders.zero_shot_classifier import (
    FILE,
    UNCALIBRATED,
    WORDS,
    Calibration,
    CategoryGuesser,
    calibration_of,
)
from segmentation.common.errors import WeightsError
from segmentation.common.taxonomy import Category

DIM = 40


class Axes:
    """Words that lie on axes of their own: a vector on a word's axis shows just that."""

    def __init__(self, scale: float | None = None) -> None:
        self.asked = 0
        if scale is not None:
            self.logit_scale = scale

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += 1
        return np.eye(len(texts), DIM, dtype=np.float32)


def _calibration(temperature: float = 0.1) -> Calibration:
    words = {Category.SHIRT: ["shirt", "blouse"], Category.DRESS: ["dress"]}
    return Calibration(temperature=temperature, least=0.6, words=words)


def test_the_likeliest_kind_is_guessed_with_the_share_of_its_words() -> None:
    guesser = CategoryGuesser(Axes(), _calibration())
    rows = np.eye(3, DIM, dtype=np.float32)
    (shirt, sure), (blouse, _), (dress, less) = guesser.guess(rows)
    assert (shirt, blouse, dress) == (Category.SHIRT, Category.SHIRT, Category.DRESS)
    top, rest = np.exp(10.0), 1.0
    assert sure == pytest.approx((top + rest) / (top + 2 * rest))
    assert less == pytest.approx(top / (top + 2 * rest))


def test_words_are_encoded_once_and_nothing_is_asked_of_nothing() -> None:
    axes = Axes()
    guesser = CategoryGuesser(axes, _calibration())
    assert guesser.guess(np.zeros((0, DIM), dtype=np.float32)) == []
    assert axes.asked == 0
    for _ in range(2):
        guesser.guess(np.eye(1, DIM, dtype=np.float32))
    assert axes.asked == 1


def test_a_higher_temperature_is_less_sure() -> None:
    row = np.eye(1, DIM, dtype=np.float32)
    sure = [CategoryGuesser(Axes(), _calibration(t)).guess(row)[0][1] for t in (0.05, 0.5, 5)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.99 > 0.7 > sure[-1]


def test_the_least_confidence_is_the_calibrations_or_the_callers() -> None:
    assert CategoryGuesser(Axes(), _calibration()).least == 0.6
    assert CategoryGuesser(Axes(), _calibration(), least=0.3).least == 0.3
    assert CategoryGuesser(Axes()).least == UNCALIBRATED


@pytest.mark.parametrize(("scale", "temperature"), [(20.0, 0.05), (None, 0.01)])
def test_an_encoder_without_a_calibration_is_asked_at_its_own_scale(
    scale: float | None, temperature: float
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        guesser = CategoryGuesser(Axes(scale))
        assert guesser.calibration.temperature == temperature
        assert guesser.calibration.words[Category.SHOE][0] == "a photo of shoes"
    assert set(guesser.calibration.words) == set(Category)


def test_every_kind_has_words_that_no_other_has() -> None:
    words = [word for kind in Category for word in WORDS[kind]]
    assert len(words) == len(set(words)) <= DIM + 10


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"temperature": 0, "least": 0.5, "words": {"shirt": ["a"], "top": ["b"]}}',
     '{"temperature": 0.1, "least": 1.5, "words": {"shirt": ["a"], "top": ["b"]}}',
     '{"temperature": 0.1, "least": 0.5, "words": {"shirt": ["a"]}}',
     '{"temperature": 0.1, "least": 0.5, "words": {"sofa": ["a"], "top": ["b"]}}',
     '{"temperature": 0.1, "least": 0.5, "words": {"shirt": [], "top": ["b"]}}',
     '{"temperature": 1e999, "least": 0.5, "words": {"shirt": ["a"], "top": ["b"]}}'],
)  # fmt: skip
def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(WeightsError, match=r"index\.training\.measuring\.guessing"):
        calibration_of(str(tmp_path))


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert calibration_of(str(tmp_path)) is None
    assert calibration_of("ViT-B-32/openai") is None
    (tmp_path / FILE).write_text(_calibration().model_dump_json())
    assert calibration_of(f"local-dir:{tmp_path}") == _calibration()


def test_the_shipped_encoder_has_a_calibration_for_every_kind() -> None:
    shipped = calibration_of(str(WEIGHTS))
    assert shipped is not None
    assert list(shipped.words) == list(Category)
    assert 0.01 < shipped.temperature < 0.2
    assert 0.3 <= shipped.least < 0.95
    record = json.loads((WEIGHTS / FILE).read_text())
    assert {name for name, words in record["words"].items() if words} == set(Category)
