"""Random views of a garment picture: what may change without it being another garment."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.boxes import box_of
from segmentation.common.cutouts import MARGIN, NEUTRAL, SIDE
from segmentation.common.garments import Mask, Rgb

KEPT, REPLACED = 0.25, 0.1
"""How often a view has the garment's own background, and another one, instead of neutral grey."""
COVERED: Final = 0.15
"""How often a corner of the garment is hidden, as by an arm or another garment."""


def view(
    rgb: Rgb,
    rng: np.random.Generator,
    *,
    strength: float = 1.0,
    side: int = SIDE,
    mask: Mask | None = None,
) -> Rgb:
    """Return a `side` x `side` x 3 view: crop, turn, mirror, background, light, blur, noise, JPEG.

    Args:
        rgb: S x S x 3 uint8.
        rng: source of chance.
        strength: 0 changes nothing but the mirror, 1 is the training strength.
        side: of the view, in pixels.
        mask: S x S bool, True on the garment; then the view is of its box, and its background may
            be its own, neutral or another one. Without it the view is of the whole picture.
    """
    matrix = _placement(rgb.shape[0], mask, rng, strength, side)
    size_wh = side, side
    moved = np.asarray(cv2.warpAffine(rgb, matrix, size_wh, borderValue=NEUTRAL), np.uint8)
    lit = relit(moved.astype(np.float32), rng, strength)
    if rng.random() < 0.3 * strength:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.5, 1.8) * side / SIDE))
    if rng.random() < 0.3 * strength:
        lit = lit + rng.normal(0, rng.uniform(2, 8) * strength, lit.shape).astype(np.float32)
    shown = np.clip(lit, 0, 255).astype(np.uint8)
    outside = _outside(moved, matrix, side, mask, rng)
    if outside is not None:
        shown[outside] = _ground(rng) if rng.random() < REPLACED * strength else NEUTRAL
    if rng.random() < COVERED * strength:
        _cover(shown, rng)
    if rng.random() < 0.4 * strength:
        quality = int(rng.integers(30, 85))
        _, packed = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])
        shown = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return shown


def _placement(
    size: int, mask: Mask | None, rng: np.random.Generator, strength: float, side: int
) -> NDArray[np.float64]:
    """Return the 2 x 3 matrix from the picture to the view: the garment's box, turned and scaled."""
    left, top, right, bottom = (box_of(mask) if mask is not None else None) or (0, 0, size, size)
    framed = max(right - left, bottom - top) * (1 + 2 * MARGIN * (mask is not None))
    scale = side / framed * math.exp(rng.uniform(-0.25, 0.35) * strength)
    angle = math.radians(rng.uniform(-18, 18) * strength)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    squeeze = math.exp(rng.uniform(-0.12, 0.12) * strength)
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    turn[:, 0] *= mirror * squeeze
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    shift = side / 2 + rng.uniform(-0.1, 0.1, 2) * side * strength - turn @ middle
    return np.column_stack([turn, shift])


def _outside(
    moved: Rgb,
    matrix: NDArray[np.float64],
    side: int,
    mask: Mask | None,
    rng: np.random.Generator,
) -> Mask | None:
    """Return where the view shows no garment and is to be painted over; None for nowhere."""
    if mask is None:
        return np.asarray((moved == NEUTRAL).all(axis=-1))  # what was cut out has no light
    if rng.random() < KEPT:
        return None
    garment = cv2.warpAffine(mask.astype(np.uint8), matrix, (side, side))
    return np.asarray(garment == 0)


def _ground(rng: np.random.Generator) -> NDArray[np.uint8]:
    return rng.integers(0, 256, 3).astype(np.uint8)


def _cover(shown: Rgb, rng: np.random.Generator) -> None:
    side = shown.shape[0]
    height, width = (rng.uniform(0.15, 0.35, 2) * side).astype(int)
    top, left = int(rng.integers(0, side - height)), int(rng.integers(0, side - width))
    shown[top : top + height, left : left + width] = NEUTRAL


def relit(
    rgb: NDArray[np.float32], rng: np.random.Generator, strength: float
) -> NDArray[np.float32]:
    """Return H x W x 3 pixels, 0 to 255 and unclipped, in another light, contrast and white balance."""
    gain = 1 + rng.uniform(-0.25, 0.25) * strength
    balance = 1 + rng.uniform(-0.06, 0.06, 3).astype(np.float32) * strength
    mean = rgb.mean()
    contrast = 1 + rng.uniform(-0.2, 0.2) * strength
    return np.asarray(((rgb - mean) * contrast + mean) * gain * balance, dtype=np.float32)
