"""What is fitted for guesses: an honest temperature, and a least confidence that is not too bold."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.encoders.encoder import Encoder
from index.encoders.zero_shot_classifier import WORDS
from index.training.measuring.calibration import BELIEVED
from index.training.measuring.evaluate import Encoded
from index.training.measuring.guessing import NEVER, calibrated, figures, least_believed
from segmentation.common.taxonomy import Category

KINDS = list(Category)
PHRASES = [word for kind in KINDS for word in WORDS[kind]]


class Words:
    """Every word on an axis of its own."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(len(texts), dtype=np.float32)


def _garments(count: int, scale: float, seed: int = 3) -> Encoded:
    """Return garments whose kind is drawn with just the chances that a temperature of 1/scale gives."""
    rng = np.random.default_rng(seed)
    cosines = rng.uniform(0, 1, (count, len(PHRASES))).astype(np.float32)
    chances = np.exp((cosines.astype(np.float64) - 1) * scale)
    chances /= chances.sum(axis=1, keepdims=True)
    owners = [kind for kind in KINDS for _ in WORDS[kind]]
    kinds = [owners[rng.choice(len(PHRASES), p=row)] for row in chances]
    examples = [
        SimpleNamespace(source="products", facts=SimpleNamespace(category=kind)) for kind in kinds
    ]
    return Encoded(cast(Any, examples), cosines)


@pytest.mark.parametrize("scale", [10.0, 40.0])
def test_the_temperature_that_made_the_garments_is_found(scale: float) -> None:
    encoded = _garments(800, scale)
    fitted = calibrated(encoded, cast(Encoder, Words()))
    assert fitted.temperature == pytest.approx(1 / scale, rel=0.25)
    result = figures(encoded.examples, encoded.vectors, fitted)
    assert result["calibration_error"] < 0.05
    assert result["garments"] == 800


def test_what_is_believed_is_right_often_enough_on_other_garments() -> None:
    fitted = calibrated(_garments(800, 150.0), cast(Encoder, Words()))
    others = _garments(1500, 150.0, seed=8)
    result = figures(others.examples, others.vectors, fitted)
    believed = result["precision"][f"{fitted.least:g}"]
    assert believed["right"] >= BELIEVED
    assert 0 < believed["of"] < 1


def test_guesses_that_are_never_right_are_never_believed() -> None:
    assert least_believed(np.linspace(1, 0, 500), np.zeros(500, dtype=bool)) == NEVER


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80))
def test_the_least_is_never_below_what_the_share_alone_would_say(
    answer: list[tuple[float, bool]],
) -> None:
    sure = np.array([each for each, _ in answer], dtype=np.float64)
    right = np.array([each for _, each in answer], dtype=np.bool_)
    least = least_believed(sure, right)
    if least < NEVER:
        assert right[np.argsort(-sure, kind="stable")][: (sure > least).sum() + 1].mean() > 0
        assert (sure >= least).sum() >= 25  # so few cannot prove nine of ten
