"""Mask R-CNN on an EfficientNet-Lite0 pyramid: the network built, and its weights in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from torch import Tensor
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import TwoMLPHead
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.transform import GeneralizedRCNNTransform

from segmentation.common.backbone import PyramidBackbone
from segmentation.common.taxonomy import Category
from segmentation.common.weight_files import read_tensors, unfit_refused, write_tensors
from segmentation.detector.heads import BoxPredictor, Float32RPNHead, GarmentHeads

ARCHITECTURE: Final = "maskrcnn-efficientnet-lite0-fpn"


@dataclass(frozen=True)
class Spec:
    """All that must be known to rebuild a detector from its weights.

    Attributes:
        categories: what label 1, 2, ... of the heads mean: garments, or parts of them.
        attributes: what the outputs of the attribute head mean; none, no head.
        short_side, long_side: the photo is scaled to fit both, in pixels.
        channels: of the pyramid and the mask head.
        box_width: of the two-layer box head.
        thresholds: lowest score at which a category is reported, by its name.
        default_threshold: for categories that `thresholds` lacks.
        photos: how many it was trained on.
        evidence: what tells pictures of clothes from others: see `segmentation.detector.evidence`.
    """

    categories: tuple[str, ...] = tuple(category.value for category in Category)
    attributes: tuple[str, ...] = ()
    short_side: int = 448
    long_side: int = 688
    channels: int = 128
    box_width: int = 512
    thresholds: dict[str, float] = field(default_factory=dict)
    default_threshold: float = 0.4
    photos: int = 0
    evidence: dict[str, float] = field(default_factory=dict)

    def threshold(self, category: Category) -> float:
        """Return the lowest score at which a category is reported."""
        return self.thresholds.get(category.value, self.default_threshold)


def build(spec: Spec, *, pretrained: bool = False) -> MaskRCNN:
    """Return the network; with `pretrained`, its backbone holds ImageNet weights."""
    backbone = PyramidBackbone(spec.channels, pretrained=pretrained)
    classes = len(spec.categories) + 1
    sizes = tuple((size,) for size in (24, 48, 96, 192, 384))
    model = MaskRCNN(
        backbone,
        num_classes=None,
        rpn_anchor_generator=AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * len(sizes)),
        box_head=TwoMLPHead(spec.channels * 49, spec.box_width),
        box_predictor=BoxPredictor(spec.box_width, classes),
        mask_head=MaskRCNNHeads(spec.channels, [spec.channels] * 4, 1),
        mask_predictor=MaskRCNNPredictor(spec.channels, spec.channels, classes),
        rpn_head=Float32RPNHead(spec.channels, 3),
        rpn_pre_nms_top_n_train=1000,
        rpn_post_nms_top_n_train=400,
        rpn_pre_nms_top_n_test=300,
        rpn_post_nms_top_n_test=120,
        rpn_batch_size_per_image=128,
        box_batch_size_per_image=64,
        box_detections_per_img=40,
        box_score_thresh=0.05,
    )
    model.roi_heads = GarmentHeads.around(model.roi_heads, spec.box_width, len(spec.attributes))
    model.transform = GeneralizedRCNNTransform(
        spec.short_side,
        spec.long_side,
        image_mean=[127 / 255] * 3,
        image_std=[128 / 255] * 3,
        size_divisible=32,
        _skip_resize=True,
    )
    return model


def write_weights(path: Path, state: Mapping[str, Tensor], spec: Spec) -> None:
    """Write a network's state as fp16 weights with the spec in their header."""
    write_tensors(path, state, ARCHITECTURE, asdict(spec))


def read_weights(path: Path) -> tuple[Spec, dict[str, Tensor]]:
    """Return the spec and float32 tensors of a weights file.

    Raises:
        WeightsError: no file, a damaged one, or one of another architecture.
    """
    given, state = read_tensors(path, ARCHITECTURE)
    with unfit_refused(path):
        words = {key: tuple(given.get(key, ())) for key in ("categories", "attributes")}
        return Spec(**{**given, **words}), state
