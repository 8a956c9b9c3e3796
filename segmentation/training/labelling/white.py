"""Masks of products on white ground: what differs from the ground that the border shows."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from segmentation.common.colours import lab_of
from segmentation.common.garments import Mask, Rgb
from segmentation.training.labelling.products import tidied

LIGHT: Final = 88.0
"""CIELAB lightness from which a ground counts as white."""
FAR: Final = 6.0
"""CIELAB distance from the ground that makes a pixel product."""
SHARES: Final = (0.02, 0.75)
"""A product that fills less or more of its picture is a mistake."""
MOST_AT_EDGE: Final = 0.12
"""A product that covers more of the picture's edge than this is worn by somebody, or cut off."""


def white_mask(rgb: Rgb) -> Mask | None:
    """Return the H x W mask of a product that lies alone on white; None where it does not."""
    mask = foreground(rgb)
    if mask is None:
        return None
    edge = np.concatenate([mask[1], mask[-2], mask[:, 1], mask[:, -2]])
    lies = SHARES[0] <= mask.mean() <= SHARES[1] and edge.mean() <= MOST_AT_EDGE
    return mask if lies else None


def foreground(rgb: Rgb) -> Mask | None:
    """Return H x W, where a picture differs from its white ground; None without a white ground."""
    height, width = rgb.shape[:2]
    lab = lab_of(rgb.reshape(-1, 3)).reshape(height, width, 3)
    border = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    light = border[border[:, 0] >= LIGHT]
    if len(light) < 0.4 * len(border):
        return None
    far = np.linalg.norm(lab - np.median(light, axis=0), axis=2) > FAR
    solid = cv2.morphologyEx(far.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return tidied(solid > 0) if solid.any() else None
