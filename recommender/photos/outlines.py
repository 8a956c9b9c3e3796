"""Masks -> outlines that a screen can draw. Pure geometry."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask
from segmentation.common.taxonomy import Category

TOLERANCE: Final = 0.002
"""An outline keeps this close to its mask's border, as a share of the photo's longer side."""
SMOOTH: Final = 0.008
"""Steps narrower than this share of the photo's longer side are rounded off."""
SMALLEST: Final = 0.04
"""A piece smaller than this share of the garment's largest is a speck and not drawn."""

MAIN: Final = 0.3
"""A piece smaller than this share of the largest says nothing where a garment stands alone."""
THIN: Final = 0.11
"""Mean width of what is seen of a garment, as a share of its longer side, below which it is scraps."""
SPARSE: Final = 0.1
"""Share of its box below which what is seen of a garment is scraps."""
NARROW: Final = frozenset(
    {
        Category.BELT, Category.TIE, Category.GLASSES, Category.SCARF, Category.WATCH,
        Category.HEADBAND, Category.TIGHTS, Category.LEG_WARMER, Category.SOCK,
    }
)  # fmt: skip
"""Kinds that are thin when all of them is seen."""


def cutout(pieces: list[list[float]], category: Category) -> list[list[float]]:
    """Return the pieces of an outline along which its garment can be cut out and shown alone.

    None where only scraps of it are seen: a bag's straps over a shoulder, the seams of a sweater
    under a coat. Bounds chosen on 150 garments of sample outfits and street photos, looked at one by one.

    Args:
        pieces: as `outline` returns them.
        category: the garment's.

    >>> cutout([[0, 0, 0, 9, 9, 9, 9, 0], [20, 20, 20, 22, 22, 22, 22, 20]], Category.BAG)
    [[0, 0, 0, 9, 9, 9, 9, 0]]
    >>> cutout([[0, 0, 0, 90, 4, 90, 4, 0]], Category.BAG)
    []
    """
    shapes = [np.asarray(piece, np.float32).reshape(-1, 2) for piece in pieces]
    areas = [cv2.contourArea(shape) for shape in shapes]
    if not areas or not max(areas):
        return []
    corners = np.concatenate(shapes)
    wide, tall = (float(side) for side in np.ptp(corners, axis=0))
    main = [at for at, area in enumerate(areas) if area >= MAIN * max(areas)]
    area = sum(areas[at] for at in main)
    around = sum(cv2.arcLength(shapes[at], True) for at in main)
    thin = 2 * area / around < THIN * max(wide, tall) and category not in NARROW
    if thin or area < SPARSE * wide * tall:
        return []
    return [pieces[at] for at in main]


def outline(mask: Mask) -> list[list[float]]:
    """Return a mask's border as closed polygons `[x1, y1, x2, y2, …]` in pixels, largest first.

    It is smoothed, because it is drawn: who needs every pixel takes the mask. Holes are not
    known; each polygon has at least three corners; an empty mask has none.

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
