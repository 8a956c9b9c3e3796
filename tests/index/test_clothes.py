"""What tells pictures of clothes from others: fitted, read, refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.clothes import FILE, OPEN, ClothesGate, gate_in, gate_of
from index.training.clothes import PASSING, fitted
from segmentation.common.errors import WeightsError

RNG = np.random.default_rng(0)


def unit(count: int, towards: int) -> NDArray[np.float32]:
    rows = RNG.normal(0, 0.2, (count, 8)).astype(np.float32)
    rows[:, towards] += 1
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_what_was_never_fitted_lets_everything_pass(tmp_path: Path) -> None:
    assert gate_in(tmp_path, "f") is OPEN and gate_of("ViT-B-32/openai", "f") is OPEN
    assert all(OPEN.shows_clothes(row) for row in unit(5, 0))


def test_pictures_of_clothes_pass_and_others_do_not() -> None:
    rows = np.concatenate([unit(400, 0), unit(400, 1)])
    order = RNG.permutation(800)
    gate = fitted(rows[order], order < 400, "f")
    assert np.mean([gate.shows_clothes(row) for row in unit(400, 0)]) >= PASSING - 0.02
    assert np.mean([gate.shows_clothes(row) for row in unit(400, 1)]) < 0.05


def test_it_is_kept_beside_its_encoder_and_refused_beside_another(tmp_path: Path) -> None:
    gate = ClothesGate(fingerprint="f", weights=(1.5, -2.0), intercept=0.25, least=0.3)
    (tmp_path / FILE).write_text(gate.model_dump_json(), encoding="utf-8")
    assert gate_in(tmp_path, "f") == gate
    with pytest.raises(WeightsError, match="made for f, not for g"):
        gate_in(tmp_path, "g")


@pytest.mark.parametrize(
    "text", ["", "{}x", '{"weights": ["a"]}', '{"least": 2}', '{"weights": [NaN]}', '{"more": 1}']
)
def test_a_damaged_file_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError) as refused:
        gate_in(tmp_path, "f")
    assert "index.training.clothes" in refused.value.next_step and FILE in refused.value.got
