"""Photo + Garments -> RGB cut-outs: each garment alone, square, on the encoder's neutral grey."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from segmentation.common.boxes import pad_box
from segmentation.common.garments import Garment, Garments, Mask, Photo, Rgb

NEUTRAL: Final = (127, 127, 127)
"""The background that the shipped encoder was trained with: zero after normalisation."""
SIDE: Final = 224
MARGIN: Final = 0.06
"""Space around the garment, as a share of its box's longer side."""

LEAST_CLEAR: Final = 0.05
"""Of a picture that was cut out; rounded corners are less."""
LOSS: Final = 2
"""Levels by which JPEG and WebP may change a plain grey."""


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


def alone(photo: Photo) -> Mask | None:
    """Return where the garment of a picture is that was cut out already, or None.

    It was, if a share of `LEAST_CLEAR` of the picture is transparent, or if its border is `NEUTRAL`
    all along, give or take what a lossy file changes.
    """
    if photo.alpha is not None and (photo.alpha < 16).mean() >= LEAST_CLEAR:
        mask = np.asarray(photo.alpha >= 128)
        return mask if mask.any() else None
    rgb = photo.rgb
    border = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    if not _neutral(border).mean() >= 1 - LEAST_CLEAR:
        return None
    mask = ~_neutral(rgb)
    return mask if mask.mean() >= LEAST_CLEAR else None


def cut_alone(photo: Photo, mask: Mask) -> Rgb:
    """Return the cut-out of a picture that shows one garment alone, where the mask is."""
    rgb = photo.rgb
    if photo.alpha is not None:  # from white to grey: what is half transparent has half of it
        clear = (255 - photo.alpha.astype(np.float32))[..., None] / 255
        moved = rgb - clear * (255 - np.asarray(NEUTRAL, np.float32))
        rgb = np.asarray(np.clip(np.rint(moved), 0, 255), np.uint8)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    left, top, right, bottom = pad_box(box, MARGIN, (photo.width, photo.height))
    return square(rgb[top:bottom, left:right])


def cut_whole(photo: Photo) -> Rgb:
    """Return the whole picture as one cut-out, background included."""
    return square(photo.rgb)


def _neutral(rgb: Rgb) -> Mask:
    """Return which pixels of (..., 3) are the neutral grey."""
    far = np.abs(rgb.astype(np.int16) - np.asarray(NEUTRAL, np.int16)).max(axis=-1)
    return np.asarray(far <= LOSS, np.bool_)


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
