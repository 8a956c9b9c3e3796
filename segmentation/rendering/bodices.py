"""Garments that hang from the shoulders: shirts, tops, knitwear, jackets, coats, dresses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from segmentation.rendering.body import CHEST_Y, HIP_Y, WAIST_Y, Body, Build
from segmentation.rendering.canvas import Mark, Part
from segmentation.rendering.collars import closure_marks, collar_parts, opening_edge, pocket_marks
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
)  # fmt: skip
from segmentation.rendering.cuts import Cut, cut_of
from segmentation.rendering.fabrics import Fabric
from segmentation.rendering.specs import GarmentSpec

Carry = Callable[[Points], Points]

_NECKLINES: dict[str, tuple[float, list[tuple[float, float]]]] = {
    "crew": (34, [(-22, 178), (0, 186), (22, 178)]),
    "scoop": (50, [(-38, 210), (0, 232), (38, 210)]),
    "v": (35, [(-18, 208), (0, 248), (18, 208)]),
    "deep v": (32, [(-16, 220), (0, 300), (16, 220)]),
    "boat": (64, [(-36, 182), (0, 187), (36, 182)]),
    "square": (52, [(-48, 220), (0, 223), (48, 220)]),
    "high": (28, [(-16, 164), (0, 168), (16, 164)]),
    "shirt": (30, [(-14, 178), (0, 198), (14, 178)]),
}
"""Neckline -> half-width at the shoulder, points between the two shoulder points."""


def shoulder_y(x: float) -> float:
    """Return the y of the shoulder line at |x|."""
    return 156 + (abs(x) - 24) * 0.30


def half_width(cut: Cut, build: Build, y: float) -> float:
    """Return the garment's half-width at a height below the armhole."""
    heights = [CHEST_Y, WAIST_Y, HIP_Y]
    widths = [build.chest + cut.ease[0], build.waist + cut.ease[1], build.hip + cut.ease[2]]
    if y <= HIP_Y:
        return float(np.interp(y, heights, widths))
    share = (y - HIP_Y) / max(cut.hem - HIP_Y, 60)
    return float(widths[2] + cut.flare * share**0.85)


def bodice_parts(spec: GarmentSpec, body: Body, z: float, cut: Cut | None = None) -> list[Part]:
    """Return the parts of a garment that hangs from the shoulders; `cut` replaces the style's."""
    cut, cloth = cut or cut_of(spec), spec.cloth
    rng = np.random.default_rng(spec.seed)
    parts = [_back(cut, body, cloth, z)]
    parts += _fronts(cut, body, cloth, z, rng)
    if cut.sleeve > 0:
        parts += sleeve_parts(cut, body, cloth, z + 0.3, rng)
    parts += collar_parts(cut, body, cloth, z)
    parts += _bands(cut, body, cloth, z)
    return parts


def _side(cut: Cut, build: Build) -> list[list[tuple[float, float]]]:
    """Return shoulder, armhole and side seam of the viewer's right half, top to hem."""
    shoulder = build.shoulder + cut.drop
    if cut.neck == "straps":
        top = [[(52.0, 222.0), (build.chest - 4, 250.0)]]
        under = (build.chest - 4, 250.0)
    elif cut.sleeve > 0:
        under = (build.chest + cut.ease[0], 256.0)
        top = [
            [
                (shoulder - 3, shoulder_y(shoulder) - 1),
                (shoulder - 1, shoulder_y(shoulder) + 7),
                (min(shoulder - 6, under[0]), 214.0),
                under,
            ]
        ]
    else:
        edge = build.shoulder - 17 + cut.ease[0]
        under = (build.chest + cut.ease[0], 264.0)
        top = [[(edge, shoulder_y(edge)), (edge - 10, 212.0), under]]
    waist = (half_width(cut, build, WAIST_Y), WAIST_Y)
    hip = (half_width(cut, build, HIP_Y), HIP_Y)
    hem = (half_width(cut, build, cut.hem), cut.hem)
    seam = [under, (half_width(cut, build, 310) - 1, 310.0), waist]
    seam += [hip] if cut.hem > HIP_Y + 20 else []
    return [*top, [*seam, hem]]


def _neckline(cut: Cut) -> list[list[tuple[float, float]]]:
    if cut.neck == "straps":
        return [[(-52, 222), (-28, 226), (0, 244)], [(0, 244), (28, 226), (52, 222)]]
    width, inner = _NECKLINES[cut.neck]
    left, right = (-width, shoulder_y(width)), (width, shoulder_y(width))
    if cut.neck in ("v", "deep v", "shirt"):
        return [[left, inner[0], inner[1]], [inner[1], inner[2], right]]
    if cut.neck == "square":
        return [[left, inner[0]], [inner[0], inner[2]], [inner[2], right]]
    return [[left, *inner, right]]


def _outline(cut: Cut, body: Body) -> Points:
    side = _side(cut, body.build)
    hem_x = side[-1][-1][0]
    hem = [(hem_x, cut.hem), (0.0, cut.hem + cut.hem_curve), (-hem_x, cut.hem)]
    right = path(*side)
    return np.concatenate([path(*_neckline(cut)), right, path(hem), mirror(right)])


def _back(cut: Cut, body: Body, cloth: Fabric, z: float) -> Part:
    """Return the inside of the back, seen through the neck and an open front."""
    build = body.build
    if cut.neck == "straps":
        outline = path([(-52, 236), (0, 232), (52, 236)], [(52, 236), (0, 300), (-52, 236)])
        return Part(body.torso(outline), cloth.solid(0.62), 1.5, 8, 0.2, rumple=0.2, shadow=0)
    width = _NECKLINES[cut.neck][0]
    nape = shoulder_y(width) - (6 if cut.collar else 1)
    bottom = 560.0 if cut.front in ("open", "single", "double", "biker") else 330.0
    bottom = cut.hem - 5 if cut.front == "open" else min(bottom, cut.hem - 12)
    edge = half_width(cut, build, bottom) * 0.94 if cut.front == "open" else build.chest * 0.8
    outline = path(
        [(-width, shoulder_y(width)), (0, nape + 3), (width, shoulder_y(width))],
        [(width, shoulder_y(width)), (build.chest * 0.9, 250), (edge, bottom)],
        [(edge, bottom), (-edge, bottom)],
        [(-edge, bottom), (-build.chest * 0.9, 250), (-width, shoulder_y(width))],
    )
    neck = [(-width, shoulder_y(width) + 6), (0, nape + 10), (width, shoulder_y(width) + 6)]
    marks = (Mark(body.torso(stroke(neck, 2.0)), None, 0.3),)
    lining = cloth.solid(0.66)
    return Part(body.below(outline), lining, 1.5 + z / 100, 10, 0.2, marks=marks, shadow=0)


def _fronts(cut: Cut, body: Body, cloth: Fabric, z: float, rng: np.random.Generator) -> list[Part]:
    folds = _folds(cut, body, rng)
    if cut.front in ("open", "single", "double", "biker") and cut.neck != "straps":
        return _panels(cut, body, cloth, z, folds)
    marks = closure_marks(cut, body, cloth) + pocket_marks(cut, body, cloth) + _seams(cut, body)
    outline = body.below(_outline(cut, body))
    parts = [Part(outline, cloth, z, 26, 0.5, folds, cut.rumple, marks)]
    if cut.neck == "straps":
        for side in (-1, 1):
            strap = stroke([(side * 49, 226), (side * 47, 190), (side * 42, shoulder_y(42) - 1)], 5)
            parts.append(Part(body.torso(strap), cloth.solid(), z, 2, 0.3, rumple=0))
    return parts


def _panels(
    cut: Cut, body: Body, cloth: Fabric, z: float, folds: tuple[tuple[Points, float], ...]
) -> list[Part]:
    side = _side(cut, body.build)
    parts = []
    for sign in (-1, 1):
        edge = opening_edge(cut, sign)
        hem_x = side[-1][-1][0]
        start = (edge[0][0], shoulder_y(edge[0][0]))
        outline = path(
            [start, side[0][0]], *side, [(hem_x, cut.hem), (edge[-1][0], cut.hem + cut.hem_curve)]
        )
        outline = np.concatenate([outline, path(*_corners(edge))[::-1]])
        if sign < 0:
            outline = mirror(outline)
        marks = closure_marks(cut, body, cloth, sign) + pocket_marks(cut, body, cloth, sign)
        marks += _seams(cut, body)
        layer = z + (0.05 if sign > 0 else 0)
        own = tuple(f for f in folds if float(f[0][:, 0].mean()) * sign > -8)
        parts.append(Part(body.below(outline), cloth, layer, 22, 0.45, own, cut.rumple, marks))
    return parts


def _corners(edge: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    return [edge] if len(edge) < 4 else [edge[:3], edge[2:]]


def _seams(cut: Cut, body: Body) -> tuple[Mark, ...]:
    """Return hem stitching and the waist seam."""
    hem_x = half_width(cut, body.build, cut.hem)
    lines = []
    if not cut.rib and cut.hem > 420:
        curve = [(-hem_x, cut.hem - 7), (0, cut.hem + cut.hem_curve - 7), (hem_x, cut.hem - 7)]
        lines.append(stroke(curve, 1.1))
    if cut.waist == "seam":
        waist = half_width(cut, body.build, WAIST_Y)
        lines.append(stroke([(-waist, WAIST_Y), (0, WAIST_Y + 5), (waist, WAIST_Y)], 1.6))
    return tuple(Mark(body.below(line), None, 0.22) for line in lines)


def _folds(cut: Cut, body: Body, rng: np.random.Generator) -> tuple[tuple[Points, float], ...]:
    """Return the folds that hang from chest, waist and hip."""
    folds: list[tuple[Points, float]] = []
    build, loose = body.build, 0.6 + cut.rumple
    for sign in (-1, 1):
        for k in range(3):
            start = (sign * (build.chest + cut.ease[0] - 8), 258 + 15 * k + rng.uniform(-5, 5))
            end = (sign * rng.uniform(14, 40), 268 + 34 * k + rng.uniform(0, 22))
            folds.append(
                (body.torso(spindle(start, end, rng.uniform(7, 12), sign * 5)), 1.7 * loose)
            )
        for k in range(3):
            y = WAIST_Y - 20 + 17 * k + rng.uniform(-4, 4)
            start = (sign * (half_width(cut, build, y) - 3), y)
            end = (sign * rng.uniform(12, 34), y + rng.uniform(6, 34))
            folds.append((body.torso(spindle(start, end, rng.uniform(5, 9), 4)), 1.8 * loose))
    if cut.hem < 560:
        for x in rng.uniform(-0.85, 0.85, 5):
            y = rng.uniform(395, 430)
            fold = spindle(
                (x * build.waist, y), (x * (build.hip + 4), cut.hem - 3), rng.uniform(7, 12)
            )
            folds.append((body.torso(fold), 1.3 * loose))
    folds += _drape(cut, body, rng)
    return tuple(folds)


def _drape(cut: Cut, body: Body, rng: np.random.Generator) -> list[tuple[Points, float]]:
    folds = []
    top = WAIST_Y if cut.waist or cut.flare > 40 else HIP_Y - 30
    for k in range(cut.drape):
        share = (k + 0.5 + rng.uniform(-0.25, 0.25)) / cut.drape * 2 - 1
        x0 = share * half_width(cut, body.build, top) * 0.86
        x1 = share * half_width(cut, body.build, cut.hem) * 0.92
        start = top + rng.uniform(0, 0.25) * (cut.hem - top)
        fold = tube(
            [(x0 + (x1 - x0) * 0.1, start), (x1, cut.hem + 14)],
            [1, 0.09 * (x1 - x0) ** 0 * 60 + 3],
            20,
        )
        folds.append((body.below(fold), rng.uniform(3.0, 5.0)))
    return folds


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
        seam = Mark(body.torso(stroke(hole * (side, 1), 1.6)), None, 0.3)
        folds, marks = _sleeve_folds(line, cut, rng), (seam, *_hem(line, cuff, cut))
        parts.append(
            Part(tube(line, widths, 36), cloth, z, 17, 0.6, folds, cut.rumple * 0.8, marks, turn,
                 clip=sleeve_region(cut, body, side), shadow=0.3)
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
            (tip - 3, shoulder_y(tip) - 2),
            (tip - 2, shoulder_y(tip) + 7),
            (min(tip - 9, under), 214.0),
            (under, 258.0),
        ]
    )


def sleeve_region(cut: Cut, body: Body, side: int) -> Points:
    """Return where an arm shows outside a garment: beyond the armhole, and all below the chest."""
    hole = _armhole(cut, body.build)
    flank = [(half_width(cut, body.build, y) - 1, y) for y in (318.0, 372.0, 405.0)]
    tip, y = hole[0]
    cap = path([(tip + 62, y + 46), (tip + 20, y + 15), (tip + 8, y + 5), (tip, y)])
    inner = np.concatenate([cap, hole, flank, [(-300.0, 409.0)]])
    far = [(-300.0, 1200.0), (700.0, 1200.0), (700.0, y + 46)]
    return np.concatenate([body.torso(inner * (side, 1)), points(far) * (side, 1)])


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
        place = resample_at(line, at + float(rng.uniform(-0.03, 0.03)))
        sign = float(rng.choice([-1.0, 1.0]))
        a = place + np.array([sign * width * 0.95, rng.uniform(-10, 2)])
        b = place + np.array([-sign * width * rng.uniform(0.1, 0.6), rng.uniform(6, 22)])
        folds.append((spindle(a, b, float(rng.uniform(6, 10)), 3 * sign), 1.5 + cut.rumple))
    return tuple(folds)


def resample_at(line: Points, share: float) -> Points:
    """Return the point at a fraction of a polyline's samples."""
    return np.asarray(line[int(np.clip(share, 0, 1) * (len(line) - 1))])


def _bands(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    """Return ribbed hems, belts and ties."""
    parts: list[Part] = []
    build = body.build
    if cut.rib and cut.front != "open":
        top, hem = cut.hem - cut.rib, cut.hem + 3
        a, b = half_width(cut, build, top) - 1, half_width(cut, build, hem) - 3
        band = path([(-a, top), (0, top + 4), (a, top)], [(a, top), (b, hem)],
                    [(b, hem), (0, hem + cut.hem_curve), (-b, hem)], [(-b, hem), (-a, top)])  # fmt: skip
        rib = Fabric(cloth.colour, material="denim" if cloth.material == "denim" else "knit")
        parts.append(Part(body.below(band), rib, z + 0.1, 12, 0.35, rumple=0.15, shadow=0.2))
    if cut.waist in ("tie", "belt"):
        w = half_width(cut, build, WAIST_Y) + 1
        deep = 9 if cut.waist == "belt" else 7
        band = tube([(-w, WAIST_Y + 8), (0, WAIST_Y + 13), (w, WAIST_Y + 8)], [deep, deep])
        parts.append(Part(body.torso(band), cloth.solid(0.93), z + 0.12, 6, 0.5, rumple=0.2))
        for sign, drop in ((-1, 86), (1, 104)):
            tail = tube([(8, WAIST_Y + 14), (8 + sign * 9, WAIST_Y + 50), (8 + sign * 14, WAIST_Y + drop)],
                        [4, 6.5, 7])  # fmt: skip
            parts.append(Part(body.torso(tail), cloth.solid(0.95), z + 0.14, 5, 0.5, rumple=0.3))
        knot = ellipse((8, WAIST_Y + 13), (8, 9))
        parts.append(
            Part(body.torso(points(knot)), cloth.solid(0.97), z + 0.15, 7, 0.6, rumple=0.1)
        )
    return parts
