"""The shipped encoder answers what it answered when it was trained, whichever way a picture comes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from index.encoders.encoder import OpenClipEncoder
from recommender.cli.app import app
from recommender.settings import PREFIX, Settings
from segmentation.common.cutouts import cut_whole
from segmentation.common.garments import Photo, Rgb
from segmentation.common.photo import decode
from tests.index.golden import COMMAND, PICTURES, TEXTS, stored

TOLERANCE = 1e-3
"""In float32, of every number."""
BF16_TOLERANCE, BF16_COSINE = 0.03, 0.995
"""In bfloat16, of every number and of every row: its eight bits leave 0.4 % at each layer."""
RETRAINED = f"if the encoder was trained again on purpose, run `{COMMAND}`"


def from_bytes() -> list[Rgb]:
    return [cut_whole(decode(path.read_bytes())) for path in PICTURES]


def from_arrays() -> list[Rgb]:
    arrays = [np.asarray(Image.open(path).convert("RGB")) for path in PICTURES]
    return [cut_whole(Photo(array)) for array in arrays]


def agree(found: NDArray[np.float32], wanted: NDArray[np.float32], tolerance: float) -> None:
    assert found.shape == wanted.shape, RETRAINED
    np.testing.assert_allclose(found, wanted, rtol=0, atol=tolerance, err_msg=RETRAINED)


def test_what_is_kept_are_unit_rows_that_differ() -> None:
    for name, count in (("pictures", len(PICTURES)), ("texts", len(TEXTS))):
        rows = stored(name)
        assert len(rows) == count and rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(count), abs=1e-5)
        assert (rows @ rows.T - np.eye(count)).max() < 0.999


def test_pictures_and_texts_in_float32() -> None:
    encoder = OpenClipEncoder.load(dtype=torch.float32)
    agree(encoder.encode_images(from_bytes()), stored("pictures"), TOLERANCE)
    agree(encoder.encode_texts(TEXTS), stored("texts"), TOLERANCE)
    alone = np.concatenate([encoder.encode_images([rgb]) for rgb in from_arrays()])
    agree(alone, stored("pictures"), TOLERANCE)


def test_pictures_in_bfloat16() -> None:
    found = OpenClipEncoder.load(dtype=torch.bfloat16).encode_images(from_bytes())
    agree(found, stored("pictures"), BF16_TOLERANCE)
    assert ((found * stored("pictures")).sum(axis=1) > BF16_COSINE).all()


def test_file_bytes_and_array_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("RECOMMENDER_HOME", str(tmp_path / "home"))
    out = tmp_path / "vectors.npy"
    words = ["embed", "--whole", "--out", str(out), *map(str, PICTURES)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    by_file = np.load(out)
    encoder = OpenClipEncoder.load()
    agree(encoder.encode_images(from_bytes()), by_file, TOLERANCE)
    agree(encoder.encode_images(from_arrays()), by_file, TOLERANCE)
