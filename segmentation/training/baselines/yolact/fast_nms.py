"""Fast NMS: every box is judged at once by one matrix, not one after the other."""

from __future__ import annotations

from torch import Tensor
from torchvision.ops import box_iou


def fast_nms(
    boxes_xyxy: Tensor, scores: Tensor, labels: Tensor, iou_threshold: float = 0.5
) -> Tensor:
    """Return the numbers of the boxes kept, best score first.

    A box is dropped if one of its own label and of a better score overlaps it by more than the
    threshold. Unlike in the usual suppression, that one need not have been kept itself, so a few
    boxes more are lost. Source: Bolya et al., YOLACT, ICCV 2019, section 5.

    Args:
        boxes_xyxy: (N, 4).
        scores: (N,).
        labels: (N,) class numbers.
        iou_threshold: largest overlap of two boxes of one label.

    >>> import torch
    >>> fast_nms(torch.zeros(0, 4), torch.zeros(0), torch.zeros(0, dtype=torch.int64)).tolist()
    []
    """
    order = scores.argsort(descending=True, stable=True)
    boxes, kinds = boxes_xyxy[order], labels[order]
    overlap = box_iou(boxes, boxes) * (kinds[:, None] == kinds)
    worst = overlap.triu(diagonal=1).amax(dim=0) if len(order) else overlap.new_zeros(0)
    return order[worst <= iou_threshold]
