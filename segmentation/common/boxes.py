"""Geometry of boxes: pure functions on (N, 4) xyxy pixel arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask


def box_of(mask: Mask) -> tuple[float, float, float, float] | None:
    """Return the tight xyxy box of a mask, right and bottom exclusive; None for an empty one.

    >>> box_of(np.array([[0, 0, 0], [0, 1, 1]], dtype=bool))
    (1.0, 1.0, 3.0, 2.0)
    >>> box_of(np.zeros((2, 2), dtype=bool)) is None
    True
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(mask.any(axis=0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def pad_box(
    box_xyxy: Sequence[float], margin: float, size_wh: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return the box grown by a share of its longer side, in whole pixels inside the picture.

    >>> pad_box((10, 10, 20, 30), 0.1, (100, 31))
    (8, 8, 22, 31)
    """
    left, top, right, bottom = box_xyxy
    pad = margin * max(right - left, bottom - top)
    width, height = size_wh
    return (
        max(0, int(np.floor(left - pad))),
        max(0, int(np.floor(top - pad))),
        min(width, int(np.ceil(right + pad))),
        min(height, int(np.ceil(bottom + pad))),
    )


def begins_below_middle(box_xyxy: Sequence[float], other_xyxy: Sequence[float]) -> bool:
    """Whether a box begins lower than another one's middle, and beneath it, not beside it.

    >>> begins_below_middle((2, 16, 8, 40), (0, 0, 10, 20))
    True
    >>> begins_below_middle((2, 2, 8, 40), (0, 0, 10, 20))
    False
    >>> begins_below_middle((9, 16, 30, 40), (0, 0, 10, 20))
    False
    """
    left, right = max(box_xyxy[0], other_xyxy[0]), min(box_xyxy[2], other_xyxy[2])
    narrower = min(box_xyxy[2] - box_xyxy[0], other_xyxy[2] - other_xyxy[0])
    beneath = box_xyxy[1] > (other_xyxy[1] + other_xyxy[3]) / 2
    return beneath and right - left >= 0.5 * narrower


def areas(boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (N,) areas in square pixels.

    >>> areas(np.array([[0, 0, 2, 3]], dtype=np.float32)).tolist()
    [6.0]
    """
    return (boxes_xyxy[:, 2] - boxes_xyxy[:, 0]) * (boxes_xyxy[:, 3] - boxes_xyxy[:, 1])
