"""Random views of a garment picture: what may change without it being another garment."""

from __future__ import annotations

import math

import cv2
import numpy as np

from segmentation.cutouts import NEUTRAL, SIDE
from segmentation.garments import Rgb


def view(rgb: Rgb, rng: np.random.Generator, *, strength: float = 1.0) -> Rgb:
    """Return a `SIDE` x `SIDE` view: crop, turn, mirror, light, white balance, blur, JPEG.

    Args:
        rgb: `SIDE` x `SIDE` x 3 uint8.
        rng: source of chance.
        strength: 0 changes nothing but the mirror, 1 is the training strength.
    """
    scale = math.exp(rng.uniform(-0.25, 0.35) * strength)
    angle = math.radians(rng.uniform(-18, 18) * strength)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    turn[:, 0] *= mirror
    middle = np.full(2, SIDE / 2)
    shift = middle + rng.uniform(-0.1, 0.1, 2) * SIDE * strength - turn @ middle
    matrix = np.column_stack([turn, shift])
    moved = cv2.warpAffine(rgb, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=NEUTRAL)
    lit = _relit(np.asarray(moved, np.float32), rng, strength)
    lit[(moved == NEUTRAL).all(axis=-1)] = (
        NEUTRAL  # the cut-out's background has no light of its own
    )
    if rng.random() < 0.3 * strength:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.5, 1.8)), np.uint8)
    if rng.random() < 0.4 * strength:
        quality = int(rng.integers(30, 85))
        _, packed = cv2.imencode(".jpg", lit, [cv2.IMWRITE_JPEG_QUALITY, quality])
        lit = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return lit


def _relit(rgb: np.ndarray, rng: np.random.Generator, strength: float) -> Rgb:
    gain = 1 + rng.uniform(-0.25, 0.25) * strength
    balance = 1 + rng.uniform(-0.06, 0.06, 3) * strength
    mean = rgb.mean()
    contrast = 1 + rng.uniform(-0.2, 0.2) * strength
    out = ((rgb - mean) * contrast + mean) * gain * balance
    return np.asarray(np.clip(out, 0, 255), np.uint8)
