"""What a YOLACT is trained on: classes, boxes, masks, and a semantic side line.

Source: Bolya et al., YOLACT, ICCV 2019, with the weights of its four losses.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.models.detection._utils import Matcher
from torchvision.ops import box_iou

from segmentation.detector.heads import Target, forgive_unmarked
from segmentation.training.baselines.yolact.network import BOXES, Output
from segmentation.training.baselines.yolact.prototypes import assemble, inside

BOX_WEIGHT, MASK_WEIGHT = 1.5, 6.125
NEGATIVES = 3
"""Hard background anchors for each anchor of a garment."""
MOST_MASKS = 60
"""Anchors of a photo whose masks are learned from in one step."""
STRIDE = 4
"""Pixels of the input for each pixel of a prototype."""
_MATCHER = Matcher(0.5, 0.4, allow_low_quality_matches=True)
_BACKGROUND = -1


def yolact_loss(output: Output, targets: Sequence[Target]) -> dict[str, Tensor]:
    """Return the losses `classes`, `boxes`, `mask` and `semantic` of a batch."""
    assert output.semantic is not None
    owners = [matched(output.anchors_xyxy, target["boxes"]) for target in targets]
    positives = max(1, sum(int((owner >= 0).sum()) for owner in owners))
    quarter = [_shrunk(target["masks"], STRIDE) for target in targets]
    boxes, masks = output.boxes.sum() * 0, output.prototypes.sum() * 0
    for number, (owner, target) in enumerate(zip(owners, targets, strict=True)):
        at = torch.where(owner >= 0)[0]
        deltas = BOXES.encode_single(target["boxes"][owner[at]], output.anchors_xyxy[at])
        boxes = boxes + functional.smooth_l1_loss(output.boxes[number, at], deltas, reduction="sum")
        if len(at):
            at = at[:: -(-len(at) // MOST_MASKS)]
            logits = assemble(output.prototypes[number], output.coefficients[number, at])
            true = quarter[number][owner[at]]
            masks = masks + mask_loss(logits, true, target["boxes"][owner[at]] / STRIDE)
    return {
        "classes": class_loss(output.classes, owners, targets) / positives,
        "boxes": BOX_WEIGHT * boxes / positives,
        "mask": MASK_WEIGHT * masks / len(targets),
        "semantic": _semantic_loss(output.semantic, quarter, targets),
    }


def matched(anchors_xyxy: Tensor, boxes_xyxy: Tensor) -> Tensor:
    """Return (A,) the garment each anchor stands for; -1 is background, -2 is left out.

    An anchor stands for the garment it overlaps most if that is by half; every garment has the
    anchor nearest to it in any case. Background overlaps nothing by 0.4.
    """
    if not len(boxes_xyxy):
        return torch.full((len(anchors_xyxy),), _BACKGROUND)
    owner: Tensor = _MATCHER(box_iou(boxes_xyxy, anchors_xyxy))
    return owner


def class_loss(logits: Tensor, owners: Sequence[Tensor], targets: Sequence[Target]) -> Tensor:
    """Return the summed cross-entropy of all garments' anchors and the hardest background ones.

    A photo gives three times as many background anchors as garments' ones, and three if it has
    none.

    Args:
        logits: (B, A, C + 1).
        owners: for each photo, what `matched` returned.
        targets: for each photo, `labels` from 1, and perhaps `unmarked`.
    """
    labels = [
        torch.where(owner >= 0, _taken(target["labels"], owner), 0)
        for owner, target in zip(owners, targets, strict=True)
    ]
    rows = forgive_unmarked(logits.flatten(end_dim=1), labels, targets)
    losses = functional.cross_entropy(rows, torch.cat(labels), reduction="none")
    total = logits.sum() * 0
    for each, owner in zip(losses.view(logits.shape[:2]), owners, strict=True):
        garments, background = each[owner >= 0], each[owner == _BACKGROUND]
        hardest = min(len(background), NEGATIVES * max(1, len(garments)))
        total = total + garments.sum() + background.topk(hardest).values.sum()
    return total


def _taken(labels: Tensor, owner: Tensor) -> Tensor:
    return labels[owner.clamp(min=0)] if len(labels) else torch.zeros_like(owner)


def mask_loss(logits: Tensor, masks: Tensor, boxes_xyxy: Tensor) -> Tensor:
    """Return the mean cross-entropy of masks within their boxes, every garment counting alike.

    Args:
        logits: (N, h, w), N at least 1.
        masks: (N, h, w) shares of garment, 0 to 1.
        boxes_xyxy: (N, 4) in pixels of the masks.
    """
    cut = inside(boxes_xyxy, (logits.shape[1], logits.shape[2]))
    each = functional.binary_cross_entropy_with_logits(logits, masks, reduction="none")
    return ((each * cut).sum(dim=(1, 2)) / cut.sum(dim=(1, 2)).clamp(min=1)).mean()


def _semantic_loss(logits: Tensor, quarter: Sequence[Tensor], targets: Sequence[Target]) -> Tensor:
    """Return the cross-entropy of "is this category here?", summed over categories, mean of pixels."""
    truth = torch.zeros_like(logits)
    for picture, masks, target in zip(truth, quarter, targets, strict=True):
        halves = _shrunk(masks, 2) > 0.5
        for mask, label in zip(halves, target["labels"].tolist(), strict=True):
            picture[label - 1].masked_fill_(mask, 1.0)
    pixels = logits.shape[0] * logits.shape[2] * logits.shape[3]
    loss = functional.binary_cross_entropy_with_logits(logits, truth, reduction="sum")
    return loss / pixels


def _shrunk(masks: Tensor, factor: int) -> Tensor:
    """Return (N, H, W) masks as the share of garment in each `factor` x `factor` square."""
    count, height, width = masks.shape
    squares = masks.view(count, height // factor, factor, width // factor, factor)
    return squares.float().mean(dim=(2, 4))
