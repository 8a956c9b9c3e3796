"""Masks -> outlines that a screen can draw. Pure geometry."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask

TOLERANCE: Final = 0.002
"""An outline keeps this close to its mask's border, as a share of the photo's longer side."""
SMOOTH: Final = 0.008
"""Steps narrower than this share of the photo's longer side are rounded off."""
SMALLEST: Final = 0.04
"""A piece smaller than this share of the garment's largest is a speck and not drawn."""


def outline(mask: Mask) -> list[list[float]]:
    """Return a mask's border as closed polygons `[x1, y1, x2, y2, …]` in pixels, largest first.

    It is smoothed, because it is drawn: who needs every pixel takes the mask. Holes are not
    told; each polygon has at least three corners; an empty mask has none.

    >>> outline(np.ones((3, 4), dtype=bool))
    [[0.0, 0.0, 0.0, 2.0, 3.0, 2.0, 3.0, 0.0]]
    >>> outline(np.zeros((3, 4), dtype=bool))
    []
    """
    pieces = _borders(_rounded(mask)) or _borders(mask)  # what is thin may vanish by rounding
    if not pieces:
        return []
    least = SMALLEST * cv2.contourArea(pieces[0])
    near = TOLERANCE * max(mask.shape)
    return [_simple(piece, near) for piece in pieces if cv2.contourArea(piece) >= least]


def _simple(piece: NDArray[np.int32], near: float) -> list[float]:
    corners = cv2.approxPolyDP(piece, near, True)
    if len(corners) < 3:  # a line: its box can be drawn and pressed
        left, top, width, height = cv2.boundingRect(piece)
        right, bottom = left + width, top + height
        corners = np.asarray([(left, top), (left, bottom), (right, bottom), (right, top)])
    return [float(number) for number in corners.reshape(-1)]


def _rounded(mask: Mask) -> Mask:
    width = round(SMOOTH * max(mask.shape)) | 1
    blurred = cv2.GaussianBlur(mask.astype(np.float32), (width, width), 0)
    return np.asarray(blurred >= 0.5, dtype=bool)


def _borders(mask: Mask) -> list[NDArray[np.int32]]:
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    pieces = [np.asarray(piece, dtype=np.int32) for piece in found]
    return sorted(pieces, key=cv2.contourArea, reverse=True)
