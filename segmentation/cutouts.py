"""Photo + Garments -> RGB cut-outs: each garment alone, square, on the encoder's neutral grey."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from segmentation.boxes import pad_box
from segmentation.garments import Garment, Garments, Photo, Rgb

NEUTRAL: Final = (127, 127, 127)
"""The background that the shipped encoder was trained with: zero after normalisation."""
SIDE: Final = 224
MARGIN: Final = 0.06
"""Space around the garment, as a share of its box's longer side."""


def cut(photo: Photo, garments: Garments) -> list[Rgb]:
    """Return one `SIDE` x `SIDE` x 3 uint8 RGB cut-out for each garment, in their order."""
    return [cut_one(photo.rgb, garment) for garment in garments]


def cut_one(rgb: Rgb, garment: Garment) -> Rgb:
    """Return one garment of an H x W x 3 picture, the rest of it painted neutral."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = pad_box(garment.box_xyxy, MARGIN, (width, height))
    piece = rgb[top:bottom, left:right].copy()
    piece[~garment.mask[top:bottom, left:right]] = NEUTRAL
    return square(piece)


def cut_whole(photo: Photo) -> Rgb:
    """Return the whole picture as one cut-out, background included."""
    return square(photo.rgb)


def square(rgb: Rgb, side: int = SIDE, ground: tuple[int, int, int] = NEUTRAL) -> Rgb:
    """Return the picture scaled to fit `side` x `side`, centred on neutral grey or another ground.

    >>> square(np.zeros((10, 20, 3), dtype=np.uint8))[0, 0].tolist()
    [127, 127, 127]
    """
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    size_wh = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    fitted = cv2.resize(rgb, size_wh, interpolation=how)
    canvas = np.full((side, side, 3), ground, dtype=np.uint8)
    left, top = (side - size_wh[0]) // 2, (side - size_wh[1]) // 2
    canvas[top : top + size_wh[1], left : left + size_wh[0]] = fitted
    return canvas
