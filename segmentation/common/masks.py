"""Geometry of masks: pure functions on H x W bool arrays, and their run-length form."""

from __future__ import annotations

import math
from typing import Final, TypedDict

import cv2
import numpy as np
from pycocotools import mask as coco

from segmentation.common.garments import Garments, Mask

REPEAT_IOU = 0.7
"""Two masks that overlap more than this are one garment named twice."""
PART_SHARE = 0.6
"""A mask of which more than this lies in another of its category is a part of that garment."""

BOUNDARY_SHARE: Final = 0.02
"""Width of a mask's boundary, as a share of the picture's diagonal."""


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


def boundary(mask: Mask, width_px: int) -> Mask:
    """Return a mask minus its erosion: its pixels no farther than `width_px` from its outside.

    Distance is counted in steps to the eight neighbours; what lies beyond the picture is outside.

    >>> boundary(np.ones((5, 5), dtype=bool), 2).sum()
    np.int64(24)
    """
    square = np.ones((2 * width_px + 1, 2 * width_px + 1), dtype=np.uint8)
    inner = cv2.erode(mask.astype(np.uint8), square, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(mask & (inner == 0), dtype=bool)


def boundary_iou(one: Mask, other: Mask) -> float:
    """Return the IoU of two masks' boundaries, 0 where both masks are empty.

    With M_d the pixels of M within d of its outside, and d = 2 % of the picture's diagonal, at
    least one pixel: |A_d & B_d| / |A_d | B_d|. Unlike IoU it tells a coarse outline of a large
    garment from a fine one. Source: Cheng et al., Boundary IoU, CVPR 2021.

    >>> square = np.zeros((100, 100), dtype=bool)
    >>> boundary_iou(square, square)
    0.0
    >>> square[20:80, 20:80] = True
    >>> boundary_iou(square, square), round(boundary_iou(square, np.roll(square, 1, axis=1)), 2)
    (1.0, 0.71)
    """
    width_px = max(1, round(BOUNDARY_SHARE * math.hypot(*one.shape)))
    return iou(boundary(one, width_px), boundary(other, width_px))


def contained(one: Mask, other: Mask) -> float:
    """Return the share of the smaller mask that lies in the other, 0 where one is empty.

    >>> contained(np.array([[True, True]]), np.array([[True, False]]))
    1.0
    """
    smaller = min(int(np.count_nonzero(one)), int(np.count_nonzero(other)))
    return int(np.count_nonzero(one & other)) / smaller if smaller else 0.0


def drop_repeats(garments: Garments) -> Garments:
    """Return the garments without those that a better-scored one covers already.

    A mask that repeats another is dropped whatever its category, and so is a part of a garment
    found once more under the same name: one shoe of the pair, half of a belt.
    """
    kept: list[int] = []
    small = [garment.mask[::2, ::2] for garment in garments]  # a quarter of the work, same answer
    kinds = [garment.category for garment in garments]
    for number, mask in enumerate(small):
        repeats = any(
            iou(mask, small[earlier]) > REPEAT_IOU
            or (kinds[earlier] is kinds[number] and contained(mask, small[earlier]) > PART_SHARE)
            for earlier in kept
        )
        if not repeats:
            kept.append(number)
    return garments.where([number in kept for number in range(len(garments))])
