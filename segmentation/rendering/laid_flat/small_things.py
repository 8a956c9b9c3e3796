"""Belts, gloves and watches laid flat."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.garments.extras import GOLD, STEEL, frame
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import Points, ellipse, path, stroke, tube
from segmentation.rendering.paint.fabrics import Fabric
from segmentation.rendering.paint.parts import Mark, Part


def flat_belt(spec: GarmentSpec) -> list[Part]:
    """Return a belt rolled into a loop, buckle in front."""
    cloth = spec.cloth
    turn = np.linspace(0.0, np.pi, 15)
    far = tube(np.stack([-78 * np.cos(turn), -34 * np.sin(turn)], axis=1), [9, 7.5, 9], 40)
    within = tube(
        np.stack([-66 * np.cos(turn), 2 - 24 * np.sin(turn)], axis=1), [7.5, 6.5, 7.5], 40
    )
    near = tube(np.stack([-78 * np.cos(turn), 34 * np.sin(turn)], axis=1), [9, 10.5, 9], 48)
    tail = tube([(-22, 33), (24, 34), (66, 25), (98, 8)], [9.5, 9.5, 9, 4.5], 30)
    buckle = frame(-30, 34, 14, 16, 4)
    edge = tube(np.stack([-78 * np.cos(turn), 27 * np.sin(turn)], axis=1), [0.5, 0.5], 48)
    holes = tuple(
        Mark(ellipse((x, y), (1.7, 1.7)), (26, 22, 20), 0.9)
        for x, y in ((34, 32), (50, 29), (66, 25))
    )
    pin = stroke([(-42, 34), (-16, 34)], 2.6)
    return [
        Part(far, cloth.solid(0.8), 0, 5, 0.4, rumple=0.05),
        Part(within, cloth.solid(0.62), 0.1, 5, 0.3, rumple=0.05, shadow=0.2),
        Part(near, cloth, 0.2, 6, 0.4, rumple=0.05, marks=(Mark(edge, None, 0.2),)),
        Part(tail, cloth, 0.3, 6, 0.5, rumple=0.05, marks=holes, shadow=0.4),
        Part(buckle, Fabric(GOLD, material="metal"), 0.4, 3, 0.7, rumple=0, shadow=0.4),
        Part(pin, Fabric(GOLD, material="metal"), 0.5, 1.5, 0.7, rumple=0, shadow=0.3),
    ]


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


def flat_watch(spec: GarmentSpec) -> list[Part]:
    """Return a watch laid flat, strap up and down."""
    cloth, metal = spec.cloth, Fabric(GOLD if spec.seed % 2 else STEEL, material="metal")
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
              Mark(stroke([(0, 0), (15, -14)], 1.9), (40, 40, 44), 0.95), Mark(ellipse((0, 0), (2, 2)), GOLD, 1.0)]  # fmt: skip
    holes = tuple(Mark(ellipse((0, y), (1.5, 1.5)), (26, 22, 20), 0.8) for y in (84, 96, 108))
    edge = Mark(np.concatenate([up * (0.8, 1.0), up[::-1] * (0.74, 1.0)]), None, 0.12)
    buckle = frame(0, -118, 15, 7, 3)
    crown = ellipse((37, 0), (4, 5))
    return [
        Part(up, cloth, 0, 6, 0.5, rumple=0.1, marks=(edge,)), Part(down, cloth, 0, 6, 0.5, rumple=0.1, marks=holes),
        Part(buckle, metal, 0.5, 2, 0.6, rumple=0), Part(crown, metal, 0.6, 3, 0.6, rumple=0),
        Part(ellipse((0, 0), (36, 36)), metal, 1, 7, 0.7, rumple=0, marks=tuple(marks), shadow=0.4),
    ]  # fmt: skip
