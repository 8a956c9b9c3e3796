"""What the second stage does beyond torchvision's: attributes, and garments nobody marked."""

from __future__ import annotations

import pytest
import torch

from segmentation.common.garments import Photo
from segmentation.common.taxonomy import Category
from segmentation.detector import maskrcnn
from segmentation.detector.heads import attribute_loss, forgive_unmarked
from segmentation.detector.network import Spec, build
from segmentation.engines.choice import Engine

NAN = float("nan")


def test_background_is_not_punished_for_what_is_worn_but_unmarked() -> None:
    logits = torch.zeros(4, 3)
    labels = [torch.tensor([0, 2]), torch.tensor([0, 1])]
    result = forgive_unmarked(logits, labels, [{"unmarked": torch.tensor([2])}, {}])
    assert result[0].tolist() == [0, 0, -1e4]  # background of the first photo
    assert torch.equal(result[1:], logits[1:])


@pytest.mark.parametrize(
    ("truth", "loss"),
    [
        (torch.zeros(0, 2), 0.0),
        (torch.full((2, 2), NAN), 0.0),
        (torch.tensor([[1.0, NAN], [NAN, 0.0]]), 0.6931),
    ],
    ids=["no garment", "none described", "some described"],
)
def test_only_described_garments_teach_attributes(truth: torch.Tensor, loss: float) -> None:
    logits = torch.zeros(truth.shape, requires_grad=True)
    got = attribute_loss(logits, truth)
    got.backward()  # type: ignore[no-untyped-call]
    assert got.item() == pytest.approx(loss, abs=1e-4)


def test_a_detector_that_knows_attributes_tells_them() -> None:
    torch.manual_seed(0)
    spec = Spec(
        categories=("shirt", "collar"), attributes=("plain", "striped"), short_side=64, long_side=96
    )
    model = build(spec)
    with torch.no_grad():
        model.roi_heads.box_predictor.cls_score.bias.copy_(torch.tensor([0.0, 3.0, 0.0]))
        model.roi_heads.attribute_predictor.weight.zero_()
        model.roi_heads.attribute_predictor.bias.copy_(torch.tensor([-5.0, 5.0]))
    noise = (torch.rand(96, 64, 3) * 255).to(torch.uint8).numpy()
    found = maskrcnn.Detector(model, spec, engine=Engine.FLOAT32).detect(Photo(noise))
    assert found.labels[0] is Category.SHIRT
    assert set(found.details) == {("striped",)}
    assert found.mask_probabilities.shape == (len(found.labels), 1, 28, 28)
