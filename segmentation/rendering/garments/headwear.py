"""Hats, headbands and glasses, for a head whose middle is (0, 68)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import Points, ellipse, mirror, path, stroke, tube
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part

Carry = Callable[[Points], Points]


def headwear_parts(spec: GarmentSpec, carry: Carry, z: float) -> list[Part]:
    """Return a hat, headband or pair of glasses; `carry` takes head coordinates to the pose."""
    parts = []
    for part in _HEAD[spec.style](spec):
        marks = tuple(replace(mark, outline=carry(mark.outline)) for mark in part.marks)
        folds = tuple((carry(fold), amount) for fold, amount in part.folds)
        parts.append(
            replace(
                part, outline=carry(part.outline), z=z + part.z * 0.01, marks=marks, folds=folds
            )
        )
    return parts


def _beanie(spec: GarmentSpec) -> list[Part]:
    cloth = Fabric(spec.cloth.colour, spec.cloth.second, spec.pattern, "knit", spec.seed)
    dome = path(
        [(-45, 46), (-46, 16), (-26, -12), (0, -18), (26, -12), (46, 16), (45, 46)],
        [(45, 46), (0, 52), (-45, 46)],
    )
    cuff = path(
        [(-47, 24), (0, 32), (47, 24)],
        [(47, 24), (47, 48)],
        [(47, 48), (0, 57), (-47, 48)],
        [(-47, 48), (-47, 24)],
    )
    folds = tuple((tube([(x * 0.3, -16), (x, 28)], [1, 4]), 2.5) for x in (-30, -10, 12, 31))
    parts = [
        Part(dome, cloth, 1, 24, 0.6, folds, 0.4),
        Part(cuff, Fabric(spec.cloth.colour, material="knit"), 2, 12, 0.5, rumple=0.2, shadow=0.4),
    ]
    if spec.seed % 2:
        parts.append(
            Part(
                ellipse((0, -24), (17, 16)),
                Fabric(cloth.contrast().colour, material="wool"),
                0,
                12,
                0.7,
                rumple=2.5,
            )
        )
    return parts


def _fedora(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    straw = spec.style == "straw hat"
    wide = 98 if straw else 84
    brim = path(
        [(-wide, 44), (-58, 32), (0, 30), (58, 32), (wide, 44)],
        [(wide, 44), (56, 58), (0, 63), (-56, 58), (-wide, 44)],
    )
    top = (-22, -18) if straw else (-26, -14)
    crown = path([(-47, 44), (-43, 4), (-28, top[0])], [(-28, top[0]), (0, top[1]), (28, top[0])],
                 [(28, top[0]), (43, 4), (47, 44)], [(47, 44), (0, 54), (-47, 44)])  # fmt: skip
    band = path(
        [(-46, 28), (0, 37), (46, 28)],
        [(46, 28), (47, 44)],
        [(47, 44), (0, 54), (-47, 44)],
        [(-47, 44), (-46, 28)],
    )
    tone = (
        cloth.contrast()
        if spec.second_colour and spec.pattern == "plain"
        else Fabric(shade(cloth.colour, 0.45), material="silk")
    )
    dent = () if straw else ((tube([(0, -18), (1, 12)], [9, 2]), -6.0),)
    return [
        Part(brim, cloth, 0, 10, 0.4, rumple=0.3),
        Part(crown, cloth, 1, 24, 0.55, dent, 0.3, shadow=0.4),
        Part(band, tone, 2, 8, 0.4, rumple=0.1, shadow=0.15),
    ]


def _cap(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    dome = path(
        [(-46, 42), (-44, 10), (-22, -12), (0, -15), (22, -12), (44, 10), (46, 42)],
        [(46, 42), (0, 46), (-46, 42)],
    )
    brim = path(
        [(-47, 40), (0, 34), (47, 40)],
        [(47, 40), (56, 54), (36, 66), (0, 70), (-36, 66), (-56, 54), (-47, 40)],
    )
    tone = cloth.contrast() if spec.second_colour else cloth.solid(0.92)
    seams = [
        stroke([(0, -15), (0, 38)], 1.2),
        stroke([(-4, -14), (-26, 6), (-31, 40)], 1.1),
        stroke([(4, -14), (26, 6), (31, 40)], 1.1),
    ]
    marks = (
        *(Mark(seam, None, 0.25) for seam in seams),
        Mark(ellipse((0, -14), (4, 3)), shade(cloth.colour, 0.8), 0.9, relief=True),
    )
    stitch = tuple(
        Mark(
            stroke(
                [(-50 + d, 52), (-32 + d, 62 - d), (0, 66 - d), (32 - d, 62 - d), (50 - d, 52)], 0.9
            ),
            None,
            0.18,
        )
        for d in (2, 8)
    )
    return [
        Part(dome, cloth, 0, 26, 0.6, rumple=0.2, marks=marks),
        Part(brim, tone, 1, 12, 0.5, rumple=0, marks=stitch, shadow=0.4),
    ]


def _headband(spec: GarmentSpec) -> list[Part]:
    band = tube([(-44, 50), (-38, 20), (0, 4), (38, 20), (44, 50)], [4.5, 7, 8.5, 7, 4.5], 40)
    knot = path(
        [(-12, -6), (0, -2), (12, -8)],
        [(12, -8), (9, 8), (13, 20)],
        [(13, 20), (0, 14), (-13, 20)],
        [(-13, 20), (-9, 8), (-12, -6)],
    )
    parts = [Part(band, spec.cloth, 0, 8, 0.6, rumple=0.4)]
    if spec.seed % 2:
        parts.append(Part(knot, spec.cloth, 1, 9, 0.7, rumple=0.4, shadow=0.4))
    return parts


def _glasses(spec: GarmentSpec) -> list[Part]:
    frame = Fabric(spec.cloth.colour, material="metal" if spec.fabric == "metal" else "patent")
    dark = spec.style == "sunglasses"
    tint = spec.cloth.second if spec.second_colour else ((38, 36, 40) if dark else (226, 232, 238))
    parts: list[Part] = []
    thick = 1.7 if spec.fabric == "metal" else 2.7
    for sign in (-1, 1):
        if dark:
            lens = path(
                [(4, 62), (20, 58), (37, 60)],
                [(37, 60), (37, 74), (26, 82), (12, 82), (5, 74), (4, 62)],
            )
        else:
            lens = ellipse((20, 70), (15.5, 14.5))
        shape = lens if sign > 0 else mirror(lens)
        ring = np.concatenate([shape, shape[:1]])
        middle = shape.mean(0)
        outer = middle + (ring - middle) * (1 + thick / 14)
        rim = np.concatenate([outer, (middle + (ring - middle) * 0.96)[::-1]])
        glint = Mark(
            tube([(sign * 12 + 4, 62), (sign * 18 + 2, 76)], [1.2, 2.8, 1]), (255, 255, 255), 0.22
        )
        parts.append(Part(shape, Fabric(tint, material="glass"), 0, 8, 0.3, rumple=0, opacity=0.93 if dark else 0.26,
                          marks=(glint,), shadow=0.15))  # fmt: skip
        parts.append(Part(rim, frame, 1, 1.5, 0.6, rumple=0, shadow=0.2))
        temple = tube([(sign * 36, 63), (sign * 42, 64)], [thick * 0.8, thick * 0.6])
        parts.append(Part(temple, frame, 0.5, 1.5, 0.5, rumple=0, shadow=0))
    bridge = tube([(-5, 65), (0, 62.5), (5, 65)], [thick * 0.7, thick * 0.7])
    parts.append(Part(bridge, frame, 1.1, 1.5, 0.5, rumple=0, shadow=0.1))
    return parts


_HEAD = {
    "beanie": _beanie, "fedora": _fedora, "straw hat": _fedora, "cap": _cap, "headband": _headband,
    "sunglasses": _glasses, "round glasses": _glasses,
}  # fmt: skip
