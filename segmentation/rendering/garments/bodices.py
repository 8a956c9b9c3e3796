"""Garments that hang from the shoulders: shirts, tops, knitwear, jackets, coats, dresses."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import HIP_Y, WAIST_Y, Body, Build
from segmentation.rendering.garments.collars import (
    closure_marks,
    collar_parts,
    opening_edge,
    pocket_marks,
)
from segmentation.rendering.garments.cuts import Cut, cut_of, half_width, shoulder_y, tip_y
from segmentation.rendering.garments.sleeves import sleeve_parts
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import (  # fmt: skip
    Points,
    ellipse,
    mirror,
    path,
    points,
    spindle,
    stroke,
    tube,
)
from segmentation.rendering.paint.fabrics import Fabric
from segmentation.rendering.paint.parts import Mark, Part

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
                (shoulder - 3, tip_y(cut, shoulder) - 1),
                (shoulder - 1, tip_y(cut, shoulder) + 7),
                (min(shoulder - 6, under[0]), 214.0),
                under,
            ]
        ]
    else:
        edge = build.shoulder - 17 + cut.ease[0]
        under = (build.chest + cut.ease[0], 264.0)
        top = [
            [
                (edge - 3, shoulder_y(edge) - 1),
                (edge - 1, shoulder_y(edge) + 7),
                (edge - 9, 216.0),
                under,
            ]
        ]
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
        for k in rng.permutation(4)[: rng.integers(1, 4)]:
            start = (sign * (build.chest + cut.ease[0] - 8), 256 + 13 * k + rng.uniform(-5, 5))
            end = (sign * rng.uniform(8, 46), 270 + 32 * k + rng.uniform(0, 34))
            fold = spindle(start, end, rng.uniform(8, 15), sign * rng.uniform(2, 9))
            folds.append((body.torso(fold), rng.uniform(0.8, 1.9) * loose))
        for k in rng.permutation(4)[: rng.integers(1, 4)]:
            y = WAIST_Y - 20 + 17 * k + rng.uniform(-4, 4)
            start = (sign * (half_width(cut, build, y) - 3), y)
            end = (sign * rng.uniform(12, 34), y + rng.uniform(6, 34))
            fold = spindle(start, end, rng.uniform(6, 12), rng.uniform(-3, 7))
            folds.append((body.torso(fold), rng.uniform(0.8, 1.9) * loose))
    if cut.hem < 560:
        for x in rng.uniform(-0.85, 0.85, int(rng.integers(2, 5))):
            y, low = rng.uniform(330, 420), cut.hem + rng.uniform(-20, 18)
            fold = spindle(
                (x * build.waist * 0.8, y),
                (x * (build.hip + 4), low),
                rng.uniform(8, 16),
                rng.uniform(-5, 5),
            )
            folds.append((body.torso(fold), rng.uniform(0.5, 1.2) * loose))
    folds += _drape(cut, body, rng) + _quilting(cut, body)
    return tuple(folds)


def _quilting(cut: Cut, body: Body) -> list[tuple[Points, float]]:
    """Return the padded bands between a quilted garment's seams."""
    if not cut.quilt:
        return []
    bands = []
    for y in np.arange(178.0, cut.hem - 8, cut.quilt):
        wide = half_width(cut, body.build, max(y, 250.0)) + 4
        line = [(-wide, y + cut.quilt / 2), (0, y + cut.quilt / 2 + 4), (wide, y + cut.quilt / 2)]
        bands.append((body.torso(stroke(line, cut.quilt - 3.5)), 4.2))
    return bands


def _drape(cut: Cut, body: Body, rng: np.random.Generator) -> list[tuple[Points, float]]:
    folds = []
    top = WAIST_Y if cut.waist or cut.flare > 40 else HIP_Y - 30
    for k in range(cut.drape):
        share = (k + 0.5 + rng.uniform(-0.25, 0.25)) / cut.drape * 2 - 1
        x0 = share * half_width(cut, body.build, top) * 0.86
        x1 = share * half_width(cut, body.build, cut.hem) * 0.92
        start = top + rng.uniform(0, 0.25) * (cut.hem - top)
        middle = ((x0 + x1) / 2 + rng.uniform(-7, 7), (start + cut.hem) / 2)
        fold = tube([(x0 + (x1 - x0) * 0.1, start), middle, (x1, cut.hem + 14)],
                    [0.2, 2.6, 5.5, rng.uniform(6.5, 10)], 24)  # fmt: skip
        folds.append((body.below(fold), rng.uniform(3.0, 5.2)))
    return folds


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
