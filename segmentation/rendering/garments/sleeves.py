"""Sleeves along posed arms, and where they meet the body."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Body, Build
from segmentation.rendering.garments.cuts import Cut, half_width, tip_y
from segmentation.rendering.paint.curves import (  # fmt: skip
    Points,
    along,
    normals,
    path,
    points,
    smooth,
    spindle,
    stroke,
    tube,
)
from segmentation.rendering.paint.fabrics import Fabric
from segmentation.rendering.paint.parts import Mark, Part


def sleeve_parts(
    cut: Cut, body: Body, cloth: Fabric, z: float, rng: np.random.Generator
) -> list[Part]:
    """Return both sleeves, with their cuffs, along the posed arms."""
    parts: list[Part] = []
    for side in (-1, 1):
        line = _sleeve_line(cut, body, side)
        top, elbow, cuff = (width * body.build.limb for width in cut.sleeve_width)
        middle = 0.55 if cut.sleeve > 0.6 else 0.7
        widths = [
            (0.0, top * 0.66),
            (0.1, top * 0.84),
            (0.24, top * 0.93),
            (middle, elbow),
            (1.0, cuff),
        ]
        if cut.sleeve > 0.6 and cuff > 30:
            widths[-1:] = [(0.9, cuff), (1.0, cuff * 0.5)]
        turn = float(-np.arctan2(*(line[-1] - line[0])))
        hole = _armhole(cut, body.build)
        seam = Mark(body.torso(stroke(hole * (side, 1), 1.4)), None, 0.24)
        folds, marks = _sleeve_folds(line, cut, rng), (seam, *_hem(line, cuff, cut))
        parts.append(
            Part(tube(line, widths, 36), cloth, z, 17, 0.6, folds, cut.rumple * 0.8, marks, turn,
                 clip=sleeve_region(cut, body, side), shadow=0.22)
        )  # fmt: skip
        if cut.sleeve > 0.5 and (cut.rib or cut.collar == "shirt"):
            parts.append(_cuff(cut, body, line, cloth, z, turn))
    return parts


def _sleeve_line(cut: Cut, body: Body, side: int) -> Points:
    arm = body.arm(side)
    first = (arm[1] - arm[0]) / np.hypot(*(arm[1] - arm[0]))
    start = arm[0] - first * 22 - np.array([side * (2 - cut.drop), 0])
    return along(path([start, arm[1] * 0.5 + arm[0] * 0.5, arm[1], arm[2]]), 0, cut.sleeve, 30)


def _armhole(cut: Cut, build: Build) -> Points:
    """Return the seam between body and sleeve, upright, at the viewer's right."""
    tip = build.shoulder + cut.drop
    under = build.chest + cut.ease[0]
    return path(
        [
            (tip - 3, tip_y(cut, tip) - 2),
            (tip - 2, tip_y(cut, tip) + 7),
            (min(tip - 9, under), 214.0),
            (under, 258.0),
        ]
    )


def sleeve_region(cut: Cut, body: Body, side: int) -> Points:
    """Return where an arm shows outside a garment: beyond the armhole, and all below the chest."""
    hole = body.torso(_armhole(cut, body.build) * (side, 1))
    over = ((318.0, 1.0), (350.0, 5.0), (390.0, 16.0), (440.0, 44.0))  # y, how far over the body
    waist = [(half_width(cut, body.build, y) - more, y) for y, more in over]
    flank = body.torso(points([*waist, (-300.0, 520.0)]) * (side, 1))
    line = _sleeve_line(cut, body, side)
    at = 9 if cut.sleeve > 0.6 else 18
    outside = line[at] - normals(line)[at] * side * cut.sleeve_width[0] * body.build.limb * 0.94
    shares = points([(0, 0), (0.32, 0.17), (0.62, 0.42), (0.86, 0.72), (1, 1)])
    crown = smooth(hole[0] + (outside - hole[0]) * shares)
    far = points([(-300.0, 1200.0), (700.0, 1200.0), (700.0, outside[1])]) * (side, 1)
    return np.concatenate([crown[::-1], hole, flank, far])


def _cuff(  # noqa: PLR0917
    cut: Cut, body: Body, line: Points, cloth: Fabric, z: float, turn: float
) -> Part:
    band = along(line, 1 - max(cut.rib, 17) / 310 / cut.sleeve, 1.0, 8)
    material = Fabric(cloth.colour, material="knit") if cut.rib else cloth.solid()
    width = cut.sleeve_width[2] * body.build.limb + (-2 if cut.rib and cut.collar != "shirt" else 1)
    return Part(tube(band, [width, width], 8), material, z + 0.02, 10, 0.5, rumple=0.1, shadow=0.25,
                grain_turn=turn)  # fmt: skip


def _hem(line: Points, cuff: float, cut: Cut) -> tuple[Mark, ...]:
    if cut.rib or cut.sleeve > 0.9:
        return ()
    near = along(line, 0.0, 0.93, 20)[-2:]
    across = near[1] - near[0]
    across = np.array([-across[1], across[0]]) / max(float(np.hypot(*across)), 1e-9)
    return (
        Mark(
            stroke([near[1] - across * cuff * 1.1, near[1] + across * cuff * 1.1], 1.2), None, 0.22
        ),
    )


def _sleeve_folds(
    line: Points, cut: Cut, rng: np.random.Generator
) -> tuple[tuple[Points, float], ...]:
    folds = []
    spots = [0.2, 0.34] if cut.sleeve < 0.6 else [0.14, 0.26, 0.42, 0.48, 0.54, 0.62, 0.8, 0.9]
    width = cut.sleeve_width[1]
    for at in spots:
        place = _point_at(line, at + float(rng.uniform(-0.03, 0.03)))
        sign = float(rng.choice([-1.0, 1.0]))
        a = place + np.array([sign * width * 0.95, rng.uniform(-10, 2)])
        b = place + np.array([-sign * width * rng.uniform(0.1, 0.6), rng.uniform(6, 22)])
        folds.append((spindle(a, b, float(rng.uniform(6, 10)), 3 * sign), 1.5 + cut.rumple))
    return tuple(folds)


def _point_at(line: Points, share: float) -> Points:
    """Return the point at a fraction of a polyline's samples."""
    return np.asarray(line[int(np.clip(share, 0, 1) * (len(line) - 1))])
