"""Scarves, ties, belts, gloves, watches, umbrellas and capes."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import (
    Points,
    along,
    ellipse,
    mirror,
    path,
    points,
    spindle,
    stroke,
    tube,
)
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part, moved

GOLD = (204, 172, 110)

STEEL = (186, 188, 192)


def scarf_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return a scarf round the neck, both ends hanging."""
    cloth, rng = spec.cloth, np.random.default_rng(spec.seed)
    parts = []
    for sign, low in ((-1, 352 + rng.uniform(-20, 30)), (1, 396 + rng.uniform(-20, 30))):
        line = [(sign * 20, 176), (sign * 26, 240), (sign * 29, low)]
        tail = tube(line, [15, 22, 24])
        folds = tuple(
            (tube([(sign * 18 + x, 178), (sign * 28 + x * 1.3, low)], [1, 4, 3]), 3.0)
            for x in (-7, 6)
        )
        tail_turn = 0.05 * sign
        parts.append(
            Part(body.torso(tail), cloth, z, 12, 0.5, folds, 0.5, grain_turn=tail_turn, shadow=0.45)
        )
        fringe = [
            stroke([(sign * 29 + x, low - 1), (sign * 29 + x * 1.08, low + 13)], 1.7)
            for x in np.arange(-22, 23, 4.4)
        ]
        parts += [
            Part(body.torso(line), cloth.solid(), z, 1, 0.3, rumple=0, shadow=0.1)
            for line in fringe
        ]
    ring = path([(-38, 160), (-50, 148), (-40, 132), (0, 126), (40, 132), (50, 148), (38, 160)],
                [(38, 160), (52, 178), (30, 204), (0, 212), (-30, 204), (-52, 178), (-38, 160)])  # fmt: skip
    inside = ellipse((0, 134), (33, 10))
    folds = (
        (tube([(-46, 150), (-10, 186), (44, 158)], [1, 7, 1]), 4.0),
        (tube([(-44, 172), (0, 202), (46, 178)], [1, 6, 1]), 3.5),
        (tube([(-30, 142), (10, 168), (40, 146)], [1, 6, 1]), 3.5),
    )
    parts.append(
        Part(body.torso(ring), cloth, z + 0.05, 20, 0.65, folds, 0.6, grain_turn=0.5, shadow=0.5)
    )
    parts.append(Part(body.torso(inside), cloth.solid(0.5), z + 0.06, 6, 0.2, rumple=0, shadow=0))
    return parts


def tie_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return a tie hanging from a shirt's collar."""
    cloth = spec.cloth
    knot = path(
        [(-10, 190), (0, 188), (10, 190)],
        [(10, 190), (6, 210)],
        [(6, 210), (-6, 210)],
        [(-6, 210), (-10, 190)],
    )
    blade = path([(-6, 208), (6, 208)], [(6, 208), (12, 300), (17, 398)], [(17, 398), (0, 422)],
                 [(0, 422), (-17, 398)], [(-17, 398), (-12, 300), (-6, 208)])  # fmt: skip
    fold = (spindle((0, 212), (2, 270), 5), 2.0)
    return [
        Part(body.torso(blade), cloth, z, 8, 0.4, (fold,), 0.2, grain_turn=0.6, shadow=0.4),
        Part(body.torso(knot), cloth, z + 0.02, 7, 0.6, rumple=0.1, grain_turn=-0.6, shadow=0.35),
    ]


def belt_parts(spec: GarmentSpec, body: Body, z: float, waist: float = 384.0) -> list[Part]:
    """Return a belt at the waist; without a body it lies flat, see `flat_belt`."""
    half = float(np.interp(waist, [372, 478], [body.build.waist + 8, body.build.hip + 5]))
    band = tube([(-half, waist + 7), (0, waist + 12), (half, waist + 7)], [7, 7])
    x = -2.0
    buckle = frame(x, waist + 12, 9, 10, 2.6)
    return [
        Part(body.torso(band), spec.cloth, z, 5, 0.45, rumple=0.05, shadow=0.3),
        Part(
            body.torso(buckle),
            Fabric(GOLD, material="metal"),
            z + 0.01,
            2,
            0.6,
            rumple=0,
            shadow=0.3,
        ),
    ]


def frame(x: float, y: float, wide: float, high: float, thick: float) -> Points:
    """Return a buckle's frame: centre, half-width, half-height, thickness."""
    outer = points([(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high),
                    (x - wide, y - high)])  # fmt: skip
    inner = (outer - (x, y)) * ((wide - thick) / wide, (high - thick) / high) + (x, y)
    return np.concatenate([outer, inner[::-1]])


def glove_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return both gloves on the hands."""
    parts = []
    for side in (-1, 1):
        arm = body.arm(side)
        line = np.concatenate([along(arm[1:3], 0.72, 1.0, 6), arm[3:]])
        parts.append(Part(hand_outline(arm, side, 2.5), spec.cloth, z, 9, 0.6, rumple=0.3))
        cuff = tube(along(line[:6], 0.0, 0.95, 8), [18, 16.5], 10)
        parts.append(Part(cuff, spec.cloth, z + 0.01, 9, 0.6, rumple=0.2, shadow=0.25))
    return parts


def hand_outline(arm: Points, side: int, ease: float = 0.0, top: float = -4.0) -> Points:
    """Return a relaxed hand to its finger tips, thumb towards the body; it begins at `top`."""
    outline = path(
        [(top, -11.5), (-4, -10.5), (14, -12.5), (30, -12.5), (46, -9.5), (59, -5), (63, -1)],
        [(63, -1), (61, 4), (48, 8.5), (34, 10)], [(34, 10), (38, 13), (43, 16), (41, 19.5)],
        [(41, 19.5), (28, 18), (12, 13), (-4, 10.5), (top, 11.5)],
    )  # fmt: skip
    return _at_wrist(outline * (1 + ease / 60, 1 + ease / 14), arm, side)


def hand_clip(arm: Points, side: int) -> Points:
    """Return where a bare hand is painted: its light runs on from the forearm without an edge."""
    return _at_wrist(points([(-3, -40), (90, -40), (90, 40), (-3, 40)]), arm, side)


def _at_wrist(local: Points, arm: Points, side: int) -> Points:
    """Carry points along and across the forearm, from the wrist, on to a posed arm."""
    wrist, tip = arm[2], arm[3]
    down = (tip - wrist) / np.hypot(*(tip - wrist))
    across = np.array([down[1], -down[0]]) * side
    return np.asarray(wrist + local[:, :1] * down - local[:, 1:] * across)


def hand_lines(arm: Points, side: int) -> tuple[Mark, ...]:
    """Return the lines between the fingers of a relaxed hand."""
    marks = []
    for low, high in ((-6.5, -4.6), (-1.4, -1.2), (3.8, 2.2)):
        line = tube([(33, low), (46, (low + high) / 2), (58, high)], [0.3, 0.75, 0.5])
        marks.append(Mark(_at_wrist(line, arm, side), None, 0.24))
    return tuple(marks)


def watch_parts(spec: GarmentSpec, body: Body, z: float, side: int) -> list[Part]:
    """Return a watch on one wrist."""
    arm = body.arm(side)
    band = tube(along(arm[1:3], 0.9, 0.99, 6), [14.5, 14], 8)
    at = arm[1] * 0.055 + arm[2] * 0.945
    face = Fabric(GOLD if spec.seed % 2 else STEEL, material="metal")
    dial = (Mark(ellipse((at[0], at[1]), (6, 6)), (244, 243, 240), 0.95),)
    return [
        Part(band, spec.cloth, z, 7, 0.6, rumple=0),
        Part(
            ellipse((at[0], at[1]), (8.5, 8.5)),
            face,
            z + 0.01,
            3,
            0.6,
            rumple=0,
            marks=dial,
            shadow=0.3,
        ),
    ]


def umbrella_parts(spec: GarmentSpec, at: tuple[float, float], z: float) -> list[Part]:
    """Return a furled umbrella, handle up; `at` is where a hand holds it."""
    cloth = spec.cloth
    handle = tube([(16, -34), (14, -48), (0, -56), (-12, -46), (0, -30), (0, 26)], [3.4, 3.4], 40)
    handle = tube([(20, -30), (19, -46), (8, -54), (0, -44), (0, -20), (0, 26)], [3.6, 3.6], 40)
    canopy = path([(-5, 24), (-11, 90), (-12, 160), (-6, 262)], [(-6, 262), (6, 262)],
                  [(6, 262), (12, 160), (11, 90), (5, 24)], [(5, 24), (-5, 24)])  # fmt: skip
    tip = tube([(0, 258), (0, 296)], [2.6, 1.6])
    folds = tuple(
        (tube([(x * 0.5, 30), (x, 140), (x * 0.45, 256)], [1, 3, 1]), 4.5)
        for x in (-7.5, -2, 4, 8.5)
    )
    band = stroke([(-11.5, 118), (0, 122), (11.5, 118)], 6)
    parts = [
        Part(tip, Fabric(STEEL, material="metal"), 0, 2, 0.6, rumple=0),
        Part(handle, Fabric((122, 80, 50), material="leather"), 0.1, 3, 0.7, rumple=0),
        Part(canopy, cloth, 0.2, 9, 0.6, folds, 0.3, shadow=0.3),
        Part(band, cloth.solid(0.85), 0.3, 3, 0.4, rumple=0, shadow=0.3),
    ]
    return [moved(part, at, z) for part in parts]


def cape_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return a cape over shoulders and arms."""
    cloth, rng = spec.cloth, np.random.default_rng(spec.seed)
    wide, hem = 158.0, 505.0 + rng.uniform(-20, 25)
    half = path([(30, 156), (70, 168), (104, 190)], [(104, 190), (132, 270), (148, 380), (wide, hem - 22)],
                [(wide, hem - 22), (90, hem + 6), (3, hem + 12)], [(3, hem + 12), (-4, 320), (-4, 208)],
                [(-4, 208), (14, 186), (30, 156)])  # fmt: skip
    parts = []
    for sign in (-1, 1):
        folds = []
        for k in range(4):
            x = 18 + 34 * k + rng.uniform(-5, 5)
            folds.append(
                (tube([(sign * (24 + 18 * k), 215 + 22 * k), (sign * x, hem + 16)], [1, 12]), 4.5)
            )
        shape = half if sign > 0 else mirror(half)
        tone = (236, 226, 204) if sum(cloth.colour) < 250 else shade(cloth.colour, 0.55)
        marks: tuple[Mark, ...] = ()
        if sign > 0:
            marks = tuple(
                Mark(body.torso(ellipse((5, y), (5, 5))), tone, 0.95, relief=True)
                for y in (226, 268, 310)
            )
        own = tuple((body.torso(fold), amount) for fold, amount in folds)
        parts.append(
            Part(
                body.torso(shape),
                cloth,
                z + (0.01 if sign > 0 else 0),
                34,
                0.5,
                own,
                0.5,
                marks,
                shadow=0.45,
            )
        )
    collar = path(
        [(27, 140), (40, 158), (40, 184)],
        [(40, 184), (14, 204), (2, 200)],
        [(2, 200), (16, 172), (27, 140)],
    )
    back = path(
        [(-32, 160), (-28, 140), (0, 135), (28, 140), (32, 160)], [(32, 160), (0, 246), (-32, 160)]
    )
    parts.append(Part(body.torso(back), cloth.solid(0.7), 1.95, 6, 0.3, rumple=0.1, shadow=0.1))
    for sign in (-1, 1):
        parts.append(
            Part(
                body.torso(collar if sign > 0 else mirror(collar)),
                cloth,
                z + 0.1,
                8,
                0.5,
                rumple=0.2,
                shadow=0.45,
            )
        )
    return parts
