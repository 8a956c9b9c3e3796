"""Colours by name: the palette, the nearest name, and the main colours of a garment's pixels.

Serving measures `attributes["colour"]` with `main_colours`; numpy and OpenCV only.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask, Rgb

PALETTE: Final[dict[str, tuple[int, int, int]]] = {
    "black": (30, 30, 33), "charcoal": (68, 70, 76), "grey": (140, 142, 146),
    "light grey": (198, 199, 202), "white": (246, 245, 242), "cream": (243, 233, 212),
    "beige": (221, 203, 176), "camel": (193, 149, 99), "tan": (168, 119, 76),
    "brown": (101, 69, 49), "khaki": (153, 141, 104), "olive": (98, 100, 58),
    "green": (55, 119, 81), "mint": (176, 217, 194), "teal": (28, 112, 117),
    "navy": (36, 46, 78), "blue": (52, 92, 168), "denim blue": (84, 113, 150),
    "light blue": (163, 196, 226), "purple": (100, 64, 122), "lilac": (196, 178, 217),
    "burgundy": (110, 29, 46), "red": (192, 40, 48), "coral": (236, 122, 103),
    "pink": (239, 178, 190), "magenta": (197, 58, 120), "orange": (223, 122, 46),
    "mustard": (208, 158, 52), "yellow": (243, 214, 98),
}  # fmt: skip
"""Fashion's colour names -> sRGB, 0 to 255."""

_NAMES: Final = tuple(PALETTE)


def lab_of(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return CIELAB (D65; L 0 to 100) of sRGB uint8 colours, (n, 3) -> (n, 3) float32."""
    scaled = np.ascontiguousarray(rgb, dtype=np.float32).reshape(-1, 1, 3) / np.float32(255)
    lab = np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), dtype=np.float32)
    return lab.reshape(-1, 3)


_PALETTE_LAB: Final = lab_of(np.array(list(PALETTE.values()), dtype=np.uint8))
_WEIGHT: Final = np.array([0.6, 1.15, 1.15], dtype=np.float32)
"""Folds and light move L far more than a and b, so L counts less."""


def nearest_colour(rgb: tuple[int, int, int] | NDArray[np.uint8]) -> str:
    """Return the palette name nearest to one sRGB colour.

    >>> nearest_colour((250, 250, 250)), nearest_colour((200, 30, 40))
    ('white', 'red')
    """
    return _nearest(lab_of(np.asarray(rgb, dtype=np.uint8).reshape(1, 3))[0])


def _nearest(lab: NDArray[np.float32]) -> str:
    difference = (_PALETTE_LAB - lab) * _WEIGHT
    return _NAMES[int(np.argmin((difference**2).sum(1)))]


def main_colours(rgb: Rgb, mask: Mask, *, second_share: float = 0.2) -> tuple[str, ...]:
    """Return a garment's main colour, then its second where it is there.

    Groups of `colour_groups` that bear the same name count together.

    Args:
        rgb: H x W x 3 uint8 sRGB.
        mask: H x W bool, True on the garment.
        second_share: the least share of the pixels that makes a second colour, 0 to 1.

    Returns:
        One or two names of `PALETTE`; none for an empty mask.
    """
    named: dict[str, float] = {}
    for centre, share in colour_groups(rgb, mask):
        name = _nearest(centre)
        named[name] = named.get(name, 0.0) + share
    ordered = sorted(named.items(), key=lambda pair: -pair[1])
    second = [name for name, share in ordered[1:2] if share >= second_share]
    return (*(name for name, _ in ordered[:1]), *second)


def colour_groups(rgb: Rgb, mask: Mask) -> list[tuple[NDArray[np.float32], float]]:
    """Return a garment's colours as (CIELAB, share of its pixels), the largest first.

    The pixels are clustered in CIELAB; clusters that differ by light alone count together, and
    blends of two others count to these. Nothing for an empty mask.
    """
    where = np.flatnonzero(mask)
    if where.size == 0:
        return []
    chosen = where[np.linspace(0, where.size - 1, min(where.size, 900)).astype(np.int64)]
    centres, counts = _clusters(lab_of(rgb.reshape(-1, 3)[chosen]))
    total = float(counts.sum())
    groups = [(lab, count / total) for lab, count in _unmixed(_merge(centres, counts))]
    return sorted(groups, key=lambda group: -group[1])


def _clusters(
    lab: NDArray[np.float32], count: int = 5, rounds: int = 6
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return k-means centres (k, 3) and sizes (k,), started at far points: deterministic."""
    points = lab * _WEIGHT
    centres = [points[int(np.argmin(((points - np.median(points, 0)) ** 2).sum(1)))]]
    nearest = ((points - centres[0]) ** 2).sum(1)
    for _ in range(count - 1):
        # the 95th percentile of distance, not the farthest point, which is often a stray pixel
        far = int(np.argsort(nearest)[int(0.95 * (len(points) - 1))])
        centres.append(points[far])
        nearest = np.minimum(nearest, ((points - points[far]) ** 2).sum(1))
    centre = np.stack(centres)
    label = np.zeros(len(points), np.int64)
    for _ in range(rounds):
        label = np.argmin((centre**2).sum(1)[None] - 2 * points @ centre.T, axis=1)
        sizes = np.bincount(label, minlength=count)
        for axis in range(3):
            sums = np.bincount(label, points[:, axis], count)
            centre[:, axis] = np.where(sizes > 0, sums / np.maximum(sizes, 1), centre[:, axis])
    return np.asarray(centre / _WEIGHT, dtype=np.float32), np.bincount(label, minlength=count)


def _merge(
    centres: NDArray[np.float32], counts: NDArray[np.int64]
) -> list[tuple[NDArray[np.float32], float]]:
    """Join clusters that light alone tells apart; a group's colour is its clusters' mean."""
    groups: list[tuple[NDArray[np.float32], float]] = []
    for index in np.argsort(-counts):
        centre, count = centres[index], float(counts[index])
        if count == 0:
            continue
        for at, (other, weight) in enumerate(groups):
            near = centre - other
            if abs(near[0]) < 17 and np.hypot(near[1], near[2]) < 11:
                mean = (other * weight + centre * count) / (weight + count)
                groups[at] = (mean.astype(np.float32), weight + count)
                break
        else:
            groups.append((centre, count))
    return groups


def _unmixed(
    groups: list[tuple[NDArray[np.float32], float]],
) -> list[tuple[NDArray[np.float32], float]]:
    """Give a blend of two colours, as where the bands of a check cross, to the two it lies between."""
    total = sum(weight for _, weight in groups)
    weights = [weight for _, weight in groups]
    for k, (centre, weight) in enumerate(groups):
        ends = [j for j in range(len(groups)) if j != k and groups[j][1] >= 0.1 * total]
        for first, second in ((i, j) for i in ends for j in ends if i < j):
            a, b = groups[first][0], groups[second][0]
            span = float(((b - a) ** 2).sum())
            share = float(((centre - a) * (b - a)).sum()) / max(span, 1e-6)
            off = float(np.linalg.norm(centre - a - share * (b - a)))
            if 0.25 < share < 0.75 and span > 900 and off < 0.2 * span**0.5:
                weights[k] = 0.0
                weights[first] += weight * (1 - share)
                weights[second] += weight * share
                break
    return [(centre, weight) for (centre, _), weight in zip(groups, weights, strict=True) if weight]
