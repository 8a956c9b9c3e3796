"""Geometry of boxes: pure functions on (N, 4) xyxy pixel arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask

REACH: Final = 0.25
"""How far beside a person's garments another may lie, as a share of the height of them all."""


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


def main_one(boxes_xyxy: NDArray[np.float64], width: int) -> int:
    """Return the box of the most, at least one given; at the picture's side it counts half as much.

    >>> main_one(np.array([[0.0, 0, 40, 40], [40, 0, 70, 40]]), 100)
    1
    """
    middles = (boxes_xyxy[:, 0] + boxes_xyxy[:, 2]) / 2
    sizes = (boxes_xyxy[:, 2] - boxes_xyxy[:, 0]) * (boxes_xyxy[:, 3] - boxes_xyxy[:, 1])
    aside = np.abs(2 * middles / width - 1).clip(0, 1)
    return int((sizes * (1 - aside / 2)).argmax())


def with_those_near(boxes_xyxy: NDArray[np.float64], worn: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (N,): what a person wears, given some of it and all (N, 4) boxes.

    A garment whose middle lies within the person's garments, or beside them no farther than `REACH`, is
    worn too; above and below, as far as they are high.
    """
    middles = (boxes_xyxy[:, :2] + boxes_xyxy[:, 2:]) / 2
    worn = worn.copy()
    while True:
        left_top, right_bottom = boxes_xyxy[worn, :2].min(axis=0), boxes_xyxy[worn, 2:].max(axis=0)
        height = right_bottom[1] - left_top[1]
        reach = np.array([REACH * height, height])
        near = ((middles >= left_top - reach) & (middles <= right_bottom + reach)).all(axis=1)
        if not (near & ~worn).any():
            return worn
        worn |= near


def people(boxes_xyxy: NDArray[np.float64], width: int) -> list[NDArray[np.intp]]:
    """Return the numbers of each person's garments, the main person first.

    Whose the largest garment is, is the main person; of what is left, the next is found alike.

    >>> two = np.array([[10.0, 10, 40, 90], [70, 20, 95, 60], [12, 92, 30, 100]])
    >>> [numbers.tolist() for numbers in people(two, 100)]
    [[0, 2], [1]]
    """
    left, found = np.arange(len(boxes_xyxy)), []
    while len(left):
        there = boxes_xyxy[left]
        one = np.arange(len(left)) == main_one(there, width)
        worn = with_those_near(there, one)
        found.append(left[worn])
        left = left[~worn]
    return found
