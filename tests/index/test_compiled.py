"""The encoder's image tower in OpenVINO: torch's answers, and torch where it cannot be."""

from __future__ import annotations

import logging

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from index.encoders import compiled
from index.encoders.compiled import TOLERANCE, CompiledTower, tower
from index.encoders.encoder import WEIGHTS, OpenClipEncoder
from segmentation.common.backbone import fold_batch_norms
from segmentation.engines.choice import Engine
from segmentation.engines.graph import GraphUnfit

PICTURES = [
    np.random.default_rng(n).integers(0, 255, (90 + 40 * n, 80, 3), dtype=np.uint8)
    for n in range(3)
]


class Pooled(nn.Module):
    """A tower of a few layers, with a trunk and a head as open_clip's have them."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.trunk = nn.Sequential(*layers)
        self.head = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        rows: Tensor = self.head(self.trunk(pictures))
        return rows


def test_the_shipped_tower_answers_as_in_torch() -> None:
    exact = OpenClipEncoder.load(dtype=torch.float32)
    visual = fold_batch_norms(exact._model.visual)
    pixels = torch.randn(3, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected = visual(pixels)
    for bf16, far in ((False, 1e-5), (True, TOLERANCE)):
        rows = CompiledTower(visual, 224, bf16=bf16)(pixels)
        assert rows.shape == (3, 256) and rows.dtype == torch.float32
        assert (rows - expected).norm() < far * expected.norm()


def test_the_engine_that_is_set_serves() -> None:
    made = OpenClipEncoder(str(WEIGHTS), engine=Engine.INT8)
    plain = OpenClipEncoder(str(WEIGHTS), engine=Engine.FLOAT32)
    assert made._tower is not None and plain._tower is None
    assert OpenClipEncoder(str(WEIGHTS))._tower is None
    assert made.fingerprint == plain.fingerprint
    cosines = (made.encode_images(PICTURES) * plain.encode_images(PICTURES)).sum(axis=1)
    assert cosines == pytest.approx(np.ones(3), abs=2e-3)
    assert made.encode_images([]).shape == (0, 256)


@pytest.mark.parametrize(
    ("layer", "match"),
    [
        (nn.GELU(), "GELU"),
        (nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"), "padding"),
        (nn.Conv2d(3, 4, 3, padding="same"), "padding same"),
    ],
)
def test_what_is_not_known_stays_in_torch(layer: nn.Module, match: str) -> None:
    with pytest.raises(GraphUnfit, match=match):
        CompiledTower(Pooled(layer), 8, bf16=False)


def test_a_tower_that_answers_wrongly_or_slowly_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visual = Pooled(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU6()).eval().requires_grad_(False)
    with pytest.raises(GraphUnfit, match="float32 is set"):
        tower(visual, 8, Engine.FLOAT32)
    monkeypatch.setattr(CompiledTower, "__call__", lambda _self, pictures: 2 * visual(pictures))
    with pytest.raises(GraphUnfit, match=r"differ from torch's by 1\.00"):
        tower(visual, 8, Engine.AUTO)


def test_without_openvino_torch_serves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> object:
        raise GraphUnfit("OpenVINO cannot be imported: none")

    monkeypatch.setattr(compiled, "openvino", missing)
    with caplog.at_level(logging.INFO):
        encoder = OpenClipEncoder(str(WEIGHTS), engine=Engine.INT8)
    assert encoder._tower is None and "runs in torch" in caplog.text
    assert encoder.encode_images(PICTURES).shape == (3, 256)
