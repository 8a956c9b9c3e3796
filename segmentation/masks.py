"""Geometry of masks: pure functions on H x W bool arrays, and their run-length form."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from pycocotools import mask as coco

from segmentation.garments import Garments, Mask

REPEAT_IOU = 0.7
"""Two masks that overlap more than this are one garment named twice."""


class Rle(TypedDict):
    """COCO's compressed run lengths: column-major counts as text, size as [height, width]."""

    size: list[int]
    counts: str


def encode(mask: Mask) -> Rle:
    """Return a mask as COCO RLE.

    >>> encode(np.eye(2, dtype=bool))["size"]
    [2, 2]
    """
    packed = coco.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {"size": [int(side) for side in packed["size"]], "counts": packed["counts"].decode()}


def decode(rle: Rle) -> Mask:
    """Return the H x W bool mask of a COCO RLE.

    >>> decode(encode(np.eye(2, dtype=bool))).tolist()
    [[True, False], [False, True]]
    """
    unpacked = coco.decode({"size": rle["size"], "counts": rle["counts"].encode()})
    return np.asarray(unpacked, dtype=bool)


def iou(one: Mask, other: Mask) -> float:
    """Return intersection over union, 0 where both are empty.

    >>> iou(np.array([[True, True]]), np.array([[True, False]]))
    0.5
    >>> iou(np.array([[False]]), np.array([[False]]))
    0.0
    """
    union = int(np.count_nonzero(one | other))
    return int(np.count_nonzero(one & other)) / union if union else 0.0


def drop_repeats(garments: Garments, threshold: float = REPEAT_IOU) -> Garments:
    """Return the garments without those whose mask repeats that of a better-scored one."""
    kept: list[int] = []
    small = [garment.mask[::2, ::2] for garment in garments]  # a quarter of the work, same answer
    for number in range(len(garments)):
        if all(iou(small[number], small[earlier]) <= threshold for earlier in kept):
            kept.append(number)
    return garments.where([number in kept for number in range(len(garments))])
