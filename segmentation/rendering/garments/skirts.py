"""Skirts."""

from __future__ import annotations

from typing import Final

import numpy as np

from segmentation.rendering.figure.body import HIP_Y, Body
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.garments.trousers import LegCut, waistband
from segmentation.rendering.paint.curves import Points, ellipse, path, spindle, stroke, tube
from segmentation.rendering.paint.fabrics import shade
from segmentation.rendering.paint.parts import Mark, Part

_SKIRTS: Final[dict[str, tuple[float, float, float, int]]] = {
    "mini skirt": (380, 592, 20, 4),
    "pencil skirt": (372, 706, -6, 0),
    "A-line skirt": (374, 690, 52, 6),
    "pleated midi skirt": (372, 800, 58, 15),
}
"""Style -> waist y, hem y, flare at the hem, folds."""


def skirt_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return the parts of a skirt."""
    waist_y, hem, flare, drape = _SKIRTS[spec.style]
    hem = {"mini": 592.0, "knee": 700.0, "midi": 800.0, "maxi": 915.0}.get(spec.length, hem)
    build, rng = body.build, np.random.default_rng(spec.seed + 2)
    waist, hip, low = build.waist + 5, build.hip + 6, build.hip + 6 + flare
    side = [(waist, waist_y), (hip - 3 + flare * 0.12, 440), (hip + flare * 0.2, 500), (low, hem)]
    left = [(-x, y) for x, y in reversed(side)]
    wave = [(low, hem), *_wave(low, hem, drape, rng), (-low, hem)]
    outline = path(side, wave, left, [left[-1], (0, waist_y + 4), side[0]])
    folds = _skirt_folds(waist_y, hem, waist, low, drape, body, rng)
    marks = _skirt_marks(spec, body, waist_y, hem, low)
    cut = LegCut(waist=waist_y, ease=3, details="rib" if spec.fabric == "knit" else "bare")
    band = waistband(cut, body, spec.cloth, z)
    return [Part(body.below(outline), spec.cloth, z, 26, 0.5, folds, 0.45, marks), band]


def _wave(
    low: float, hem: float, drape: int, rng: np.random.Generator
) -> list[tuple[float, float]]:
    if drape == 0:
        return [(0.0, hem + 5)]
    count = max(drape, 5)
    return [
        (
            low * (1 - 2 * (k + 1) / (count + 1)),
            hem + 6 + (4.0 if k % 2 else 0.0) + rng.uniform(-1, 1),
        )
        for k in range(count)
    ]


def _skirt_folds(  # noqa: PLR0917 - a drawing's measures
    top: float,
    hem: float,
    waist: float,
    low: float,
    drape: int,
    body: Body,
    rng: np.random.Generator,
) -> tuple[tuple[Points, float], ...]:
    folds: list[tuple[Points, float]] = []
    jitter = 0.05 if drape > 10 else 0.3
    for k in range(drape):
        share = (k + 0.5 + rng.uniform(-jitter, jitter)) / drape * 2 - 1
        start = top + 12 if drape > 10 else HIP_Y - rng.uniform(-30, 50)
        x0 = share * float(np.interp(start, [top, hem], [waist, low])) * 0.95
        wide = low / drape * (0.62 if drape > 10 else 0.5)
        fold = tube([(x0, start), (share * low * 0.97, hem + 16)], [1.2, wide])
        folds.append((body.below(fold), 4.6 if drape > 10 else rng.uniform(3.2, 5.0)))
    for sign in (-1, 1):
        for k in range(2):
            a, b = (sign * (waist + 12), 432 + 20 * k), (sign * 20, 446 + 26 * k)
            folds.append((body.torso(spindle(a, b, 7, 4)), 1.3))
    return tuple(folds)


def _skirt_marks(
    spec: GarmentSpec, body: Body, top: float, hem: float, low: float
) -> tuple[Mark, ...]:
    marks = [
        Mark(body.below(stroke([(-low, hem - 7), (0, hem - 1), (low, hem - 7)], 1.1)), None, 0.22)
    ]
    if spec.fabric == "denim" or spec.closure == "buttons":
        tone = (176, 142, 88) if spec.fabric == "denim" else shade(spec.cloth.colour, 0.6)
        marks.append(Mark(body.below(stroke([(-8, top + 15), (-8, hem)], 1.1)), None, 0.25))
        for y in np.arange(top + 28, hem - 14, 34):
            marks.append(Mark(body.below(ellipse((0, y), (3.4, 3.4))), tone, 0.95, relief=True))
    elif spec.style == "pencil skirt":
        marks.append(Mark(body.below(stroke([(26, hem - 92), (27, hem + 4)], 1.6)), None, 0.45))
    return tuple(marks)
