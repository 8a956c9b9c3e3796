"""A garment that a person pointed at with a box, and what a detector makes of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from segmentation.common.boxes import pad_box
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.taxonomy import Category, Label

LEAST_FILLED: Final = 0.05
"""A mask that fills less than this of its box is an error of the mask head, not a thin garment."""


def filled(photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
    """Return the garment that fills a box, as far as that lies in the photo; its score is 1.

    Raises:
        ValueError: no pixel of the photo lies in the box.

    >>> photo = Photo(np.zeros((4, 4, 3), np.uint8))
    >>> belt = filled(photo, (1, 2, 9, 4), Category.BELT)
    >>> belt.box_xyxy, int(belt.mask.sum())
    ((1.0, 2.0, 4.0, 4.0), 6)
    """
    left, top, right, bottom = pad_box(box_xyxy, 0.0, (photo.width, photo.height))
    mask = np.zeros((photo.height, photo.width), dtype=np.bool_)
    mask[top:bottom, left:right] = True
    box = float(left), float(top), float(right), float(bottom)
    return Garment(category, 1.0, box, mask)


def seen_in(plain: Garment, found: Garments) -> Garment:
    """Return what was found in a garment's box, or that garment itself where that is next to nothing.

    Args:
        plain: what fills the box.
        found: what a detector saw there: one garment, or none.
    """
    area = np.count_nonzero(plain.mask)
    for garment in found:
        if np.count_nonzero(garment.mask) >= LEAST_FILLED * area:
            return garment
    return plain


def likeliest(labels: Sequence[Label], shares: Sequence[float]) -> list[tuple[Category, float]]:
    """Return the kinds of garment among some labels, likeliest first; their shares add up to 1.

    Args:
        labels: kinds, and parts of garments, which count for nothing.
        shares: of each, 0 or more, not all of them 0.

    >>> from segmentation.common.taxonomy import Part
    >>> likeliest([Category.HAT, Part.HOOD, Category.SCARF], [0.125, 0.5, 0.375])
    [(<Category.SCARF: 'scarf'>, 0.75), (<Category.HAT: 'hat'>, 0.25)]
    """
    kinds = [
        (label, share)
        for label, share in zip(labels, shares, strict=True)
        if isinstance(label, Category)
    ]
    total = sum(share for _, share in kinds)
    scaled = [(kind, share / total) for kind, share in kinds]
    return sorted(scaled, key=lambda each: each[1], reverse=True)
