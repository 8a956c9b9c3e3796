"""The encoder on a CUDA device, a pretended one: pictures and words go there, rows come back the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from index.encoders.encoder import WEIGHTS, OpenClipEncoder
from segmentation.engines.choice import Engine
from segmentation.engines.device import CUDA_BATCH, Device
from tests.fake_cuda import Away, FakeCuda, pretended
from tests.tiny_encoder import write_encoder

PICTURES = [
    np.random.default_rng(n).integers(0, 255, (90 + 40 * n, 80, 3), dtype=np.uint8)
    for n in range(3)
]
TEXTS = ["a red hat", "navy striped shirt"]


@pytest.fixture(scope="module")
def gpu() -> Iterator[FakeCuda]:
    with pytest.MonkeyPatch.context() as patch, pretended(patch, bf16=False) as cuda:
        yield cuda


@pytest.fixture(scope="module", params=["shipped", "ViT"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return WEIGHTS if request.param == "shipped" else write_encoder(tmp_path_factory.mktemp("vit"))


@pytest.fixture(scope="module")
def there(gpu: FakeCuda, folder: Path) -> OpenClipEncoder:
    with gpu:
        return OpenClipEncoder(str(folder))


def test_rows_are_the_processors(gpu: FakeCuda, there: OpenClipEncoder, folder: Path) -> None:
    here = OpenClipEncoder(str(folder), engine=Engine.FLOAT32)
    assert (there.engine, there.batch, here.batch) == (Engine.CUDA, CUDA_BATCH, 32)
    assert there.fingerprint == here.fingerprint and there.logit_scale == here.logit_scale
    gpu.moves.clear()
    with gpu:
        pictures, texts = there.encode_images(PICTURES), there.encode_texts(TEXTS)
        none = there.encode_images([])
    assert gpu.moves[4] == 1, "a batch is moved once"
    np.testing.assert_array_equal(pictures, here.encode_images(PICTURES))
    np.testing.assert_array_equal(texts, here.encode_texts(TEXTS))
    assert none.shape == (0, there.dim)


@pytest.mark.parametrize("forgotten", ["input", "answer"])
def test_what_is_not_moved_is_found_out(
    gpu: FakeCuda, there: OpenClipEncoder, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    if forgotten == "input":
        monkeypatch.setattr(Device, "taking", lambda _, inputs: inputs)
    else:
        monkeypatch.setattr(Away, "cpu", lambda self: self)
    with gpu, pytest.raises(RuntimeError, match=r"device|numpy"):
        there.encode_images(PICTURES)
    with gpu, pytest.raises(RuntimeError, match=r"device|numpy"):
        there.encode_texts(TEXTS)


def test_pictures_are_seen_in_bfloat16_and_words_read_in_float32() -> None:
    with pytest.MonkeyPatch.context() as patch, pretended(patch, bf16=True) as cuda, cuda:
        encoder = OpenClipEncoder(str(WEIGHTS))
        rows, words = encoder.encode_images(PICTURES), encoder.encode_texts(TEXTS)
        assert cuda.dtypes == {torch.bfloat16}
    here = OpenClipEncoder(str(WEIGHTS), engine=Engine.FLOAT32)
    assert (rows * here.encode_images(PICTURES)).sum(axis=1) == pytest.approx(np.ones(3), abs=2e-3)
    np.testing.assert_array_equal(words, here.encode_texts(TEXTS))
