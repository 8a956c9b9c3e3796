"""Masks for photos of single garments: GrabCut from the middle, kept only where it is sure.

GrabCut (Rother, Kolmogorov, Blake, SIGGRAPH 2004) is run twice, from a wide and from a narrow
ellipse. Where the two answers agree, the colours alone tell garment from floor, and the mask is
kept; where they do not, the photo is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from segmentation.common.garments import Mask, Rgb
from segmentation.common.masks import iou

LONG_SIDE: Final = 208
"""GrabCut's time grows with the pixels; garments on floors need no more."""
WIDE, NARROW, CERTAIN = 0.75, 0.55, 0.15
"""Radii of the ellipses, as shares of half the picture."""
LEAST_AGREEMENT: Final = 0.93
SHARES: Final = (0.06, 0.85)
"""A garment that fills less or more of its photo is a mistake."""
MOST_AT_EDGE: Final = 0.10
"""A mask that covers more of the picture's edge than this is floor."""


def product_mask(rgb: Rgb) -> Mask | None:
    """Return the H x W mask of the garment in the middle of a photo, None where it is unsure."""
    small = shrunk(rgb)
    wide, narrow = (tidied(grab_cut(small, radius)) for radius in (WIDE, NARROW))
    sure = is_garment(wide, [narrow], LEAST_AGREEMENT, MOST_AT_EDGE)
    return at_size(wide, rgb.shape[:2]) if sure else None


def shrunk(rgb: Rgb) -> Rgb:
    """Return the picture with a longer side of `LONG_SIDE` pixels."""
    height, width = rgb.shape[:2]
    scale = LONG_SIDE / max(height, width)
    size_wh = max(8, round(width * scale)), max(8, round(height * scale))
    return np.asarray(cv2.resize(rgb, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def at_size(mask: Mask, size_hw: tuple[int, ...]) -> Mask:
    """Return a mask scaled to a height and width, its border smooth."""
    height, width = size_hw
    smooth = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth > 0.5, dtype=np.bool_)


def is_garment(mask: Mask, answers: Sequence[Mask], agreement: float, at_edge: float) -> bool:
    """Whether a mask fills a garment's share, keeps off the edge, and all answers agree with it.

    Args:
        mask: H x W.
        answers: H x W masks found in other ways.
        agreement: least IoU with each of them.
        at_edge: largest share of the picture's edge that it may cover.
    """
    edge = np.concatenate([mask[3], mask[-4], mask[:, 3], mask[:, -4]])
    return bool(
        all(iou(answer, mask) >= agreement for answer in answers)
        and SHARES[0] <= mask.mean() <= SHARES[1]
        and edge.mean() <= at_edge
    )


def grab_cut(rgb: Rgb, radius: float) -> Mask:
    """Return GrabCut's foreground, begun from an ellipse that probably holds the garment."""
    height, width = rgb.shape[:2]
    state = np.full((height, width), cv2.GC_PR_BGD, dtype=np.uint8)
    state[ellipse((height, width), radius)] = cv2.GC_PR_FGD
    rim = max(2, round(0.02 * min(height, width)))
    state[:rim] = state[-rim:] = cv2.GC_BGD
    state[:, :rim] = state[:, -rim:] = cv2.GC_BGD
    state[ellipse((height, width), CERTAIN)] = cv2.GC_FGD
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(rgb, state, None, *models, 4, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    except cv2.error:  # a picture of one colour has no two models
        return np.zeros((height, width), dtype=np.bool_)
    return np.asarray((state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD))


def ellipse(size_hw: tuple[int, ...], radius: float) -> Mask:
    """Return an H x W mask of a centred ellipse; its radius is a share of half the picture.

    >>> ellipse((3, 3), 0.5).astype(int).tolist()
    [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    """
    height, width = size_hw
    down, across = np.mgrid[:height, :width] + 0.5
    distance = (2 * down / height - 1) ** 2 + (2 * across / width - 1) ** 2
    return np.asarray(distance < radius**2, dtype=np.bool_)


def tidied(mask: Mask) -> Mask:
    """Return a mask without specks, small gaps and small holes; both shoes of a pair stay."""
    solid = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(solid)
    sizes = stats[:, cv2.CC_STAT_AREA]
    large = [n for n in range(1, len(sizes)) if sizes[n] > 0.15 * sizes[1:].max()]
    kept = np.isin(pieces, large)
    _, gaps, stats, _ = cv2.connectedComponentsWithStats((~kept).astype(np.uint8))
    holes = [n for n, row in enumerate(stats) if row[cv2.CC_STAT_AREA] < 0.004 * mask.size]
    return np.asarray(kept | np.isin(gaps, holes), dtype=np.bool_)
