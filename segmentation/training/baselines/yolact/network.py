"""YOLACT on the detector's backbone and pyramid: the network.

Source: Bolya et al., YOLACT, ICCV 2019. What differs from the paper: the backbone; the prototypes
are made from the pyramid's finest map, which has their size already, by two convolutions of half
the width, where the paper enlarges the next coarser one; boxes are found from stride 8 upwards, as
in the paper.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList

from segmentation.common.backbone import PyramidBackbone
from segmentation.common.taxonomy import Category
from segmentation.common.weight_files import read_tensors, unfit_refused, write_tensors

ARCHITECTURE: Final = "yolact-efficientnet-lite0-fpn"
SIZES: Final = (24, 48, 96, 192, 384)
"""Sides of the anchors at strides 8, 16, 32, 64 and 128."""
RATIOS: Final = (0.5, 1.0, 2.0)
BOXES: Final = BoxCoder((10.0, 10.0, 5.0, 5.0))
"""The paper's variances, 0.1 for centres and 0.2 for sides."""


@dataclass(frozen=True)
class Spec:
    """All that must be known to rebuild a YOLACT from its weights.

    Attributes:
        categories: what class 1, 2, ... mean; 0 is background.
        short_side, long_side: the photo is scaled to fit both, in pixels.
        channels: of the pyramid and the prediction head.
        prototypes: how many masks each garment's mask is summed up from.
        threshold: lowest score at which a garment is reported.
        photos: how many it was trained on.
    """

    categories: tuple[str, ...] = tuple(category.value for category in Category)
    short_side: int = 352
    long_side: int = 544
    channels: int = 128
    prototypes: int = 32
    threshold: float = 0.4
    photos: int = 0


@dataclass(frozen=True)
class Output:
    """What the network says of B photos, A anchors each; all of it float32.

    Attributes:
        classes: (B, A, C + 1) logits, background first.
        boxes: (B, A, 4) deltas of the anchors, coded by `BOXES`.
        coefficients: (B, A, k), -1 to 1.
        prototypes: (B, k, H / 4, W / 4).
        anchors_xyxy: (A, 4) pixels of the input.
        semantic: (B, C, H / 8, W / 8) logits; in training only.
    """

    classes: Tensor
    boxes: Tensor
    coefficients: Tensor
    prototypes: Tensor
    anchors_xyxy: Tensor
    semantic: Tensor | None = None


class Yolact(nn.Module):
    """(B, 3, H, W) normalised pixels, sides divisible by 32 -> `Output`."""

    def __init__(self, spec: Spec, *, pretrained: bool) -> None:
        """Begin with random weights; with `pretrained`, the backbone holds ImageNet's."""
        super().__init__()
        wide, narrow, kinds = spec.channels, spec.channels // 2, len(spec.categories)
        self.backbone = PyramidBackbone(wide, pretrained=pretrained)
        self.prototypes = nn.Sequential(
            _conv(wide, narrow), nn.ReLU(), _conv(narrow, narrow), nn.ReLU(),
            _conv(narrow, spec.prototypes, 1), nn.ReLU(),
        )  # fmt: skip
        self.head = PredictionHead(wide, kinds + 1, spec.prototypes)
        self.semantic = _last(wide, kinds, 1)
        self._anchors = AnchorGenerator(tuple((side,) for side in SIZES), (RATIOS,) * len(SIZES))

    def forward(self, pixels: Tensor) -> Output:
        """Return what the network says of a (B, 3, H, W) batch."""
        maps: OrderedDict[str, Tensor] = self.backbone(pixels)
        coarsest = functional.max_pool2d(maps["pool"], kernel_size=1, stride=2)
        levels = [maps["1"], maps["2"], maps["3"], maps["pool"], coarsest]
        answers = zip(*(self.head(level) for level in levels), strict=True)
        classes, boxes, coefficients = (torch.cat(parts, dim=1).float() for parts in answers)
        sizes = [(int(pixels.shape[2]), int(pixels.shape[3]))]
        # Boxes are coded in float32: bfloat16 knows only every second pixel above 256.
        [anchors] = self._anchors(ImageList(pixels[:1].float(), sizes), [m.float() for m in levels])
        return Output(
            classes=classes,
            boxes=boxes,
            coefficients=coefficients,
            prototypes=self.prototypes(maps["0"]).float(),
            anchors_xyxy=anchors,
            semantic=self.semantic(maps["1"]).float() if self.training else None,
        )


class PredictionHead(nn.Module):
    """One head for all levels: class logits, box deltas and mask coefficients of each anchor."""

    def __init__(self, channels: int, classes: int, prototypes: int) -> None:
        super().__init__()
        each = len(RATIOS)
        self.tower = nn.Sequential(_conv(channels, channels), nn.ReLU())
        self.classes = _last(channels, each * classes)
        self.boxes = _last(channels, each * 4)
        self.coefficients = _last(channels, each * prototypes)

    def forward(self, level: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (B, A, classes), (B, A, 4) and (B, A, k) of a (B, channels, h, w) map."""
        shared = self.tower(level)
        return (
            _by_anchor(self.classes(shared)),
            _by_anchor(self.boxes(shared)),
            _by_anchor(self.coefficients(shared)).tanh(),
        )


def _by_anchor(answer: Tensor) -> Tensor:
    """Return (B, anchors * K, h, w) as (B, h * w * anchors, K), the order of torchvision's anchors."""
    batch, height, width = answer.shape[0], answer.shape[2], answer.shape[3]
    return answer.permute(0, 2, 3, 1).reshape(batch, height * width * len(RATIOS), -1)


def _conv(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Conv2d:
    return nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)


def _last(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Conv2d:
    """Return a convolution whose answers are near 0 at first, as torchvision's heads begin.

    The pyramid's maps are not normalised: with the paper's larger weights the first class losses
    are tens of times too large.
    """
    conv = nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)
    assert conv.bias is not None
    nn.init.normal_(conv.weight, std=0.01)
    nn.init.zeros_(conv.bias)
    return conv


def write_weights(path: Path, model: nn.Module, spec: Spec) -> None:
    """Write fp16 weights with the spec in their header."""
    write_tensors(path, model.state_dict(), ARCHITECTURE, asdict(spec))


def read_weights(path: Path) -> tuple[Spec, dict[str, Tensor]]:
    """Return the spec and float32 tensors of a weights file.

    Raises:
        WeightsError: no file, a damaged one, or one of another architecture.
    """
    given, state = read_tensors(path, ARCHITECTURE)
    with unfit_refused(path):
        words: dict[str, Any] = {"categories": tuple(given["categories"])}
        return Spec(**{**given, **words}), state
