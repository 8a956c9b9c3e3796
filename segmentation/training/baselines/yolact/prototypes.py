"""YOLACT's masks: sums of prototypes, each garment with its own coefficients, cut to its box."""

from __future__ import annotations

import torch
from torch import Tensor


def assemble(prototypes: Tensor, coefficients: Tensor) -> Tensor:
    """Return (N, h, w) mask logits.

    Args:
        prototypes: (k, h, w).
        coefficients: (N, k).

    >>> assemble(torch.ones(2, 1, 1), torch.tensor([[1.0, -3.0]])).tolist()
    [[[-2.0]]]
    """
    return torch.einsum("khw,nk->nhw", prototypes, coefficients)


def inside(boxes_xyxy: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Return (N, h, w) bool: whether a pixel's middle lies in the box.

    Args:
        boxes_xyxy: (N, 4) in pixels of the masks.
        size_hw: of the masks.

    >>> inside(torch.tensor([[1.0, 0.0, 3.0, 1.0]]), (2, 3)).int().tolist()
    [[[0, 1, 1], [0, 0, 0]]]
    """
    left, top, right, bottom = boxes_xyxy[:, :, None, None].unbind(dim=1)
    ys = torch.arange(size_hw[0], device=boxes_xyxy.device)[None, :, None] + 0.5
    xs = torch.arange(size_hw[1], device=boxes_xyxy.device)[None, None, :] + 0.5
    return (xs >= left) & (xs < right) & (ys >= top) & (ys < bottom)
