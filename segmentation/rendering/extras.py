"""Scarves, ties, belts, gloves, watches, umbrellas and capes."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.bags import moved
from segmentation.rendering.body import Body
from segmentation.rendering.canvas import Mark, Part
from segmentation.rendering.curves import (
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
from segmentation.rendering.fabrics import Fabric, shade
from segmentation.rendering.specs import GarmentSpec

_GOLD = (204, 172, 110)
_STEEL = (186, 188, 192)


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
    frame = _frame(x, waist + 12, 9, 10, 2.6)
    return [
        Part(body.torso(band), spec.cloth, z, 5, 0.45, rumple=0.05, shadow=0.3),
        Part(
            body.torso(frame),
            Fabric(_GOLD, material="metal"),
            z + 0.01,
            2,
            0.6,
            rumple=0,
            shadow=0.3,
        ),
    ]


def _frame(x: float, y: float, wide: float, high: float, thick: float) -> Points:
    outer = points([(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high),
                    (x - wide, y - high)])  # fmt: skip
    inner = (outer - (x, y)) * ((wide - thick) / wide, (high - thick) / high) + (x, y)
    return np.concatenate([outer, inner[::-1]])


def flat_belt(spec: GarmentSpec) -> list[Part]:
    """Return a belt rolled into a loop, buckle in front."""
    cloth = spec.cloth
    far = tube([(-70, 4), (-62, -22), (0, -34), (62, -22), (70, 4)], [8, 8])
    inner = tube([(-48, 2), (-40, -12), (0, -20), (40, -12), (48, 2)], [7, 7])
    near = tube([(-70, 0), (-60, 24), (0, 36), (56, 26), (70, 0)], [10, 10], 40)
    tail = tube([(-22, 34), (30, 33), (78, 22), (100, 12)], [9, 9, 9, 5], 30)
    frame = _frame(-30, 34, 14, 16, 4)
    holes = tuple(
        Mark(ellipse((x, y), (1.7, 1.7)), (26, 22, 20), 0.9)
        for x, y in ((34, 32), (50, 29), (66, 25))
    )
    pin = stroke([(-42, 34), (-16, 34)], 2.6)
    return [
        Part(far, cloth.solid(0.8), 0, 5, 0.4, rumple=0.05),
        Part(inner, cloth.solid(0.7), 0.1, 5, 0.4, rumple=0.05),
        Part(near, cloth, 0.2, 6, 0.5, rumple=0.05),
        Part(tail, cloth, 0.3, 6, 0.5, rumple=0.05, marks=holes, shadow=0.4),
        Part(frame, Fabric(_GOLD, material="metal"), 0.4, 3, 0.7, rumple=0, shadow=0.4),
        Part(pin, Fabric(_GOLD, material="metal"), 0.5, 1.5, 0.7, rumple=0, shadow=0.3),
    ]


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


def hand_outline(arm: Points, side: int, ease: float = 0.0) -> Points:
    """Return a relaxed hand from wrist to finger tips, thumb towards the body."""
    wrist, tip = arm[2], arm[3]
    down = (tip - wrist) / np.hypot(*(tip - wrist))
    across = np.array([down[1], -down[0]]) * side
    outline = path(
        [(-4, -11), (18, -14), (36, -15), (56, -9), (66, -1)], [(66, -1), (62, 7), (44, 12)],
        [(44, 12), (30, 13), (40, 19), (36, 23)], [(36, 23), (20, 19), (8, 13), (-4, 11)],
    )  # fmt: skip
    local = outline * (1 + ease / 60, 1 + ease / 14)
    return np.asarray(wrist + local[:, :1] * down - local[:, 1:] * across)


def flat_gloves(spec: GarmentSpec) -> list[Part]:
    """Return a pair of gloves laid flat, fingers up."""
    parts = []
    for sign, tilt, layer in ((1, 0.16, 0.0), (-1, -0.1, 1.0)):
        palm = path([(-26, 66), (-27, 30), (-31, -2), (-31, -20)], [(-31, -20), (0, -26), (31, -16)],
                    [(31, -16), (29, 20), (26, 66)], [(26, 66), (0, 70), (-26, 66)])  # fmt: skip
        fingers = [tube([(x, 0), (x * 1.12, y)], [8.2, 8.4, 8.0, 4.5]) for x, y in
                   ((-23, -62), (-7.5, -78), (8.5, -76), (23, -60))]  # fmt: skip
        thumb = tube([(22, 34), (42, 10), (50, -14)], [11, 9.5, 5])
        cuff = path([(-28, 62), (0, 66), (28, 62)], [(28, 62), (30, 104)], [(30, 104), (0, 108), (-30, 104)],
                    [(-30, 104), (-28, 62)])  # fmt: skip
        knit = (
            Fabric(spec.cloth.colour, material="knit")
            if spec.fabric == "knit"
            else spec.cloth.solid(0.95)
        )
        cloth = spec.cloth
        lines = tuple(
            Mark(stroke([(x, -16), (x * 0.9, 24)], 1.5), None, 0.25) for x in (-10, 0, 10)
        )
        shapes = [
            (thumb, cloth, ()),
            *((f, cloth, ()) for f in fingers),
            (palm, cloth, lines),
            (cuff, knit, ()),
        ]
        aside = np.array([sign * 44.0, 0.0])
        for k, (shape, fabric, marks) in enumerate(shapes):
            move = _spin(shape * (sign, 1), tilt) + aside
            moved = tuple(
                Mark(_spin(m.outline * (sign, 1), tilt) + aside, None, 0.25) for m in marks
            )
            parts.append(Part(move, fabric, layer + k * 0.1, 10, 0.55, rumple=0.3, marks=moved,
                              shadow=0.12 if 0 < k < 6 else 0.3))  # fmt: skip
    return parts


def _spin(shape: Points, angle: float) -> Points:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack(
        [shape[:, 0] * cos - shape[:, 1] * sin, shape[:, 0] * sin + shape[:, 1] * cos], axis=1
    )


def watch_parts(spec: GarmentSpec, body: Body, z: float, side: int) -> list[Part]:
    """Return a watch on one wrist."""
    arm = body.arm(side)
    band = tube(along(arm[1:3], 0.9, 0.99, 6), [14.5, 14], 8)
    at = arm[1] * 0.055 + arm[2] * 0.945
    face = Fabric(_GOLD if spec.seed % 2 else _STEEL, material="metal")
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


def flat_watch(spec: GarmentSpec) -> list[Part]:
    """Return a watch laid flat, strap up and down."""
    cloth, metal = spec.cloth, Fabric(_GOLD if spec.seed % 2 else _STEEL, material="metal")
    up = tube([(0, -28), (0, -70), (0, -118)], [15, 13, 11])
    down = tube([(0, 28), (0, 80), (0, 134)], [15, 13, 9])
    marks = [Mark(ellipse((0, 0), (29, 29)), (250, 249, 246), 0.97)]
    for k in range(12):
        a = k * np.pi / 6
        long = 22 if k % 3 else 20
        tick = stroke(
            [(27 * np.sin(a), -27 * np.cos(a)), (long * np.sin(a), -long * np.cos(a))],
            1.5 if k % 3 else 2.4,
        )
        marks.append(Mark(tick, (60, 60, 64), 0.85))
    marks += [Mark(stroke([(0, 0), (-11, -10)], 2.6), (40, 40, 44), 0.95),
              Mark(stroke([(0, 0), (15, -14)], 1.9), (40, 40, 44), 0.95), Mark(ellipse((0, 0), (2, 2)), _GOLD, 1.0)]  # fmt: skip
    holes = tuple(Mark(ellipse((0, y), (1.5, 1.5)), (26, 22, 20), 0.8) for y in (84, 96, 108))
    edge = Mark(np.concatenate([up * (0.8, 1.0), up[::-1] * (0.74, 1.0)]), None, 0.12)
    frame = _frame(0, -118, 15, 7, 3)
    crown = ellipse((37, 0), (4, 5))
    return [
        Part(up, cloth, 0, 6, 0.5, rumple=0.1, marks=(edge,)), Part(down, cloth, 0, 6, 0.5, rumple=0.1, marks=holes),
        Part(frame, metal, 0.5, 2, 0.6, rumple=0), Part(crown, metal, 0.6, 3, 0.6, rumple=0),
        Part(ellipse((0, 0), (36, 36)), metal, 1, 7, 0.7, rumple=0, marks=tuple(marks), shadow=0.4),
    ]  # fmt: skip


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
        Part(tip, Fabric(_STEEL, material="metal"), 0, 2, 0.6, rumple=0),
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
        [(-32, 160), (-28, 140), (0, 135), (28, 140), (32, 160)], [(32, 160), (0, 172), (-32, 160)]
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
