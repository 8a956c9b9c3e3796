"""Masks -> outlines that a screen can draw. Pure geometry."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from segmentation.garments import Mask

TOLERANCE: Final = 0.002
"""An outline keeps this close to its mask's border, as a share of the photo's longer side."""
SMALLEST: Final = 0.04
"""A piece smaller than this share of the garment's largest is a speck and not drawn."""


def outline(mask: Mask) -> list[list[float]]:
    """Return a mask's border as closed polygons `[x1, y1, x2, y2, …]` in pixels, largest first.

    Holes are not told; each polygon has at least three corners; an empty mask has none.

    >>> outline(np.ones((3, 4), dtype=bool))
    [[0.0, 0.0, 0.0, 2.0, 3.0, 2.0, 3.0, 0.0]]
    >>> outline(np.zeros((3, 4), dtype=bool))
    []
    """
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pieces = sorted(found, key=cv2.contourArea, reverse=True)
    if not pieces:
        return []
    least = SMALLEST * cv2.contourArea(pieces[0])
    near = TOLERANCE * max(mask.shape)
    simple = [cv2.approxPolyDP(piece, near, True) for piece in pieces]
    return [
        [float(number) for number in corners.reshape(-1)]
        for piece, corners in zip(pieces, simple, strict=True)
        if len(corners) >= 3 and cv2.contourArea(piece) >= least
    ]
