"""The second stage of Mask R-CNN: torchvision's heads, with two things that fashion data needs.

Attributes: a multi-label head on the pooled box, whose loss counts only where a garment's
attributes were labelled. Unmarked garments: where a photo's tags name a category that has no mask,
proposals taken for background are not punished for that category.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection.roi_heads import (
    RoIHeads,
    fastrcnn_loss,
    maskrcnn_inference,
    maskrcnn_loss,
)
from torchvision.models.detection.rpn import RPNHead

Features: TypeAlias = dict[str, Tensor]
"""Pyramid level -> (B, C, h, w)."""
Target: TypeAlias = dict[str, Tensor]
"""`boxes` (N, 4) xyxy, `labels` (N,) from 1, `masks` (N, H, W); and perhaps `attributes` (N, A) of
0, 1 and NaN for unlabelled, and `unmarked` (K,) class numbers."""


class GarmentHeads(RoIHeads):  # type: ignore[misc]  # torchvision is untyped
    """Boxes, masks and attributes of proposals. Begin from torchvision's by `around`."""

    attribute_predictor: nn.Linear | None

    @classmethod
    def around(cls, heads: RoIHeads, width: int, attributes: int) -> GarmentHeads:
        """Return heads made of the parts of torchvision's, with `attributes` outputs more.

        Args:
            heads: what `MaskRCNN` built.
            width: of the box head's output.
            attributes: how many; 0 for none.
        """
        ours = cls.__new__(cls)
        nn.Module.__init__(ours)
        ours.__dict__.update(heads.__dict__)
        ours.attribute_predictor = nn.Linear(width, attributes) if attributes else None
        return ours

    def forward(
        self,
        features: Features,
        proposals: list[Tensor],
        image_shapes: list[tuple[int, int]],
        targets: list[Target] | None = None,
    ) -> tuple[list[dict[str, Tensor]], dict[str, Tensor]]:
        """Return detections in evaluation, losses in training; the other one is empty."""
        if self.training:
            assert targets is not None
            return [], self._losses(features, proposals, image_shapes, targets)
        found = self.boxes(features, proposals, image_shapes)
        self.add_masks(features, found, image_shapes)
        return found, {}

    def boxes(
        self, features: Features, proposals: list[Tensor], image_shapes: list[tuple[int, int]]
    ) -> list[dict[str, Tensor]]:
        """Return `boxes`, `scores` and `labels` of each image, best first."""
        pooled = self.box_head(self.box_roi_pool(features, proposals, image_shapes))
        answers = self.postprocess_detections(*self.box_predictor(pooled), proposals, image_shapes)
        return [
            {"boxes": boxes, "scores": scores, "labels": labels}
            for boxes, scores, labels in zip(*answers, strict=True)
        ]

    def shares(
        self, features: Features, boxes: list[Tensor], image_shapes: list[tuple[int, int]]
    ) -> Tensor:
        """Return (N, classes - 1) shares of the kinds at all images' boxes; background counts not."""
        pooled = self.box_head(self.box_roi_pool(features, boxes, image_shapes))
        scores, _ = self.box_predictor(pooled)
        shares: Tensor = scores[:, 1:].softmax(dim=1)
        return shares

    def add_masks(
        self,
        features: Features,
        found: list[dict[str, Tensor]],
        image_shapes: list[tuple[int, int]],
    ) -> None:
        """Add to each image's detections `masks` (N, 1, 28, 28), and `attributes` if there are any.

        The mask head costs a millisecond a garment: give it only those that will be reported.
        """
        boxes = [each["boxes"] for each in found]
        logits = self.mask_predictor(
            self.mask_head(self.mask_roi_pool(features, boxes, image_shapes))
        )
        masks = maskrcnn_inference(logits, [each["labels"] for each in found])
        for each, probabilities in zip(found, masks, strict=True):
            each["masks"] = probabilities
        if self.attribute_predictor is not None:
            pooled = self.box_head(self.box_roi_pool(features, boxes, image_shapes))
            scores = self.attribute_predictor(pooled).float().sigmoid()
            for each, rows in zip(found, scores.split([len(b) for b in boxes]), strict=True):
                each["attributes"] = rows

    def _losses(
        self,
        features: Features,
        proposals: list[Tensor],
        image_shapes: list[tuple[int, int]],
        targets: list[Target],
    ) -> dict[str, Tensor]:
        proposals, matched, labels, regression = self.select_training_samples(proposals, targets)
        pooled = self.box_head(self.box_roi_pool(features, proposals, image_shapes))
        logits, deltas = self.box_predictor(pooled)
        logits = forgive_unmarked(logits, labels, targets)
        classifier, box = fastrcnn_loss(logits, deltas, labels, regression)
        positive = [torch.where(each > 0)[0] for each in labels]
        at = [boxes[chosen] for boxes, chosen in zip(proposals, positive, strict=True)]
        owner = [each[chosen] for each, chosen in zip(matched, positive, strict=True)]
        mask_logits = self.mask_predictor(
            self.mask_head(self.mask_roi_pool(features, at, image_shapes))
        )
        losses = {
            "loss_classifier": classifier,
            "loss_box_reg": box,
            "loss_mask": maskrcnn_loss(
                mask_logits,
                at,
                [t["masks"] for t in targets],
                [t["labels"] for t in targets],
                owner,
            ),
        }
        if self.attribute_predictor is not None:
            chosen = pooled[torch.cat(labels) > 0]
            truth = torch.cat(
                [t["attributes"][rows] for t, rows in zip(targets, owner, strict=True)]
            )
            losses["loss_attributes"] = attribute_loss(self.attribute_predictor(chosen), truth)
        return losses


class Float32RPNHead(RPNHead):  # type: ignore[misc]  # torchvision is untyped
    """Objectness and deltas in float32 even under autocast.

    torchvision decodes boxes in the arithmetic of the deltas, and bfloat16 knows only every second
    pixel above 256: boxes would be coarse, some of them without width, and their loss NaN.
    """

    def forward(self, x: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return each level's objectness and deltas."""
        objectness, deltas = super().forward(x)
        return [level.float() for level in objectness], [level.float() for level in deltas]


class BoxPredictor(nn.Module):
    """Class scores and one box for each proposal and class, in float32 as the RPN's."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.cls_score = nn.Linear(width, classes)
        self.bbox_pred = nn.Linear(width, classes * 4)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return (N, classes) scores before softmax and (N, 4 classes) deltas."""
        return self.cls_score(features).float(), self.bbox_pred(features).float()


def forgive_unmarked(logits: Tensor, labels: Sequence[Tensor], targets: Sequence[Target]) -> Tensor:
    """Return class logits in which background proposals cannot be mistaken for unmarked garments.

    Args:
        logits: (P, classes) of all images' proposals, image after image.
        labels: for each image (P_i,) class numbers, 0 for background.
        targets: each image's; those without `unmarked` change nothing.
    """
    forgiven = torch.zeros_like(logits, dtype=torch.bool)
    start = 0
    for each, target in zip(labels, targets, strict=True):
        if "unmarked" in target:
            background = start + torch.where(each == 0)[0]
            forgiven[background[:, None], target["unmarked"][None]] = True
        start += len(each)
    return logits.masked_fill(forgiven, -1e4)


def attribute_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the mean binary cross-entropy over labelled attributes; 0 where there are none.

    Args:
        logits: (N, A).
        truth: (N, A) of 0, 1 and NaN, which is not labelled.

    >>> attribute_loss(torch.zeros(1, 2), torch.tensor([[float("nan"), 1.0]])).item()
    0.6931471824645996
    """
    known = ~truth.isnan()
    if not known.any():
        return logits.sum() * 0
    return functional.binary_cross_entropy_with_logits(logits[known].float(), truth[known])
