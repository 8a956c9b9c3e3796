"""Bare legs and feet: outlines that shoes, socks and skin share."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.paint.curves import Points, path, points

_LIMB = [(505, 43, 36), (560, 42, 35), (620, 38, 33), (680, 30, 29), (722, 25, 26), (760, 27, 25), (800, 30, 26),
         (850, 25, 22), (900, 16, 15.5), (930, 13.5, 13.5), (952, 14.5, 15)]  # fmt: skip
"""y -> how far a bare leg reaches outwards and inwards of its middle."""


def limb_outline(body: Body, side: int, top: float, bottom: float, ease: float = 0.0) -> Points:
    """Return the outline of a bare leg between two heights, in the pose."""
    heights = np.linspace(top, bottom, 24)
    table = np.asarray(_LIMB, dtype=np.float64)
    far, near = (
        np.interp(heights, table[:, 0], table[:, k]) * body.build.limb + ease for k in (1, 2)
    )
    centre = np.interp(heights, [520, 722, 930], [43, 47, 45])
    outer = np.stack([centre + far, heights], axis=1)
    inner = np.stack([np.maximum(centre - near, 1.5), heights], axis=1)
    return body.leg(np.concatenate([outer, inner[::-1]]) * (side, 1), side)


def place_foot(shape: Points, body: Body, side: int) -> Points:
    """Carry a foot drawn at (0, 0) = middle of the ankle, toes down, on to one posed leg."""
    turned = points(shape) * (side, 1)
    turned[:, 0] += side * 0.13 * np.clip(turned[:, 1], 0, None)
    base = body.leg([(side * 45.0, 928.0)], side)[0]
    return np.asarray(turned + base)


def foot_outline(top: float, wide: float, toe: float, pointed: float) -> Points:
    """Return a foot's outline from the ankle: top y, half-width, toe y, pointedness 0 to 1."""
    tip = wide * (1 - 0.55 * pointed)
    right = [(15, top), (16, 10), (wide, 34), (tip + 2, toe - 9), (tip * 0.45, toe)]
    left = [(-tip * 0.4, toe), (-tip, toe - 8), (-wide + 1.5, 34), (-16, 10), (-15, top)]
    return path([(-15, top), (0, top + 4), (15, top)], right, [right[-1], left[0]], left)
