"""Trousers and shorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import Points, ellipse, path, spindle, stroke, tube
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part

_STITCH = (205, 160, 104)


@dataclass(frozen=True)
class LegCut:
    """Measures of trousers, in units.

    Attributes:
        waist: y of the waistband.
        ease: added to the half-width at the hip.
        leg: half-widths of a leg at thigh, knee and hem.
        hem: y of the hem.
        details: any of jeans, crease, rib, turn-up, plain.
        rumple: irregular softness.
    """

    waist: float = 384
    ease: float = 4
    leg: tuple[float, float, float] = (43, 33, 29)
    hem: float = 930
    details: str = "plain"
    rumple: float = 0.45


_LEGS: Final[dict[str, LegCut]] = {
    "jeans": LegCut(leg=(42, 32, 27), details="jeans", rumple=0.6),
    "flared jeans": LegCut(waist=374, leg=(41, 30, 48), hem=952, details="jeans"),
    "chinos": LegCut(ease=5, leg=(44, 34, 26), hem=918, rumple=0.5),
    "wide-leg trousers": LegCut(waist=372, ease=7, leg=(48, 51, 58), hem=950, details="crease"),
    "leggings": LegCut(waist=374, ease=1, leg=(40, 27, 18), hem=922, details="bare", rumple=0.15),
    "tailored trousers": LegCut(waist=376, ease=5, leg=(44, 35, 28), hem=922, details="crease"),
    "joggers": LegCut(ease=8, leg=(46, 38, 28), hem=915, details="rib", rumple=0.8),
    "shorts": LegCut(ease=5, leg=(46, 49, 47), hem=612, details="plain"),
    "denim shorts": LegCut(waist=376, ease=5, leg=(45, 48, 45), hem=588, details="jeans turn-up"),
    "bermuda shorts": LegCut(ease=6, leg=(46, 44, 40), hem=688, details="crease"),
}

_HEMS: Final = {"cropped": 862.0, "ankle": 905.0}


def trouser_parts(spec: GarmentSpec, body: Body, z: float, cut: LegCut | None = None) -> list[Part]:
    """Return the parts of trousers or shorts."""
    cut = cut or _LEGS[spec.style]
    if spec.length in _HEMS and cut.hem > 880:
        cut = LegCut(cut.waist, cut.ease, cut.leg, _HEMS[spec.length], cut.details, cut.rumple)
    cloth, rng = spec.cloth, np.random.default_rng(spec.seed + 1)
    right, left = _half_outline(cut, body, 1), _half_outline(cut, body, -1)
    outline = np.concatenate([right, left[::-1]])
    folds = _leg_folds(cut, body, rng)
    marks = _trouser_marks(cut, body)
    gap = _between(cut, body)
    folds = (*folds, (gap, -6.0))
    marks = (*marks, Mark(gap, None, 0.34))
    parts = [Part(outline, cloth, z, 24, 0.58, folds, cut.rumple, marks)]
    parts.append(waistband(cut, body, cloth, z))
    if "jeans" in cut.details and "turn-up" not in cut.details and spec.style == "jeans":
        parts += _cuffs(cut, body, cloth.solid(1.12), z, 13)
    elif "turn-up" in cut.details:
        parts += _cuffs(cut, body, cloth.solid(1.1), z, 14)
    elif cut.details == "rib":
        parts += _cuffs(cut, body, Fabric(cloth.colour, material="knit"), z, 20, -6)
    return parts


def _between(cut: LegCut, body: Body) -> Points:
    """Return the dark line between the legs, from the crotch to where they part."""
    inner = _edges(cut, body)[1]
    left, right = body.leg(inner * (-1, 1), -1), body.leg(inner, 1)
    gap = np.maximum(right[:, 0] - left[:, 0], 0.8)
    last = int(np.argmax(gap[3:] > 7)) + 3 if (gap[3:] > 7).any() else len(gap) - 1
    half = np.maximum(gap[: last + 1] / 2, 1.0)[:, None] * (1, 0)
    middle = (left[: last + 1] + right[: last + 1]) / 2
    return np.concatenate([middle + half, (middle - half)[::-1]])


def _edges(cut: LegCut, body: Body) -> tuple[Points, Points]:
    """Return outer and inner edge of the viewer's right leg, top to bottom, upright."""
    build = body.build
    hip = build.hip + cut.ease
    waist = float(np.interp(cut.waist, [372, 478], [build.waist + 3, build.hip])) + cut.ease * 0.5
    knee_y = min(722.0, cut.hem - 20)
    thigh, knee, hem = (w * build.limb for w in cut.leg)
    centre = {"thigh": 46.0, "knee": 47.0, "hem": 45.0 + max(hem - 30, 0) * 0.25}
    outer = [(waist, cut.waist), (hip - 1, 455), (hip + 1, 500)]
    if cut.hem > 640:
        outer.append((centre["thigh"] + thigh - 2, 580))
    inner: list[tuple[float, float]] = [(2.0, 524.0)]
    if cut.hem > 640:
        outer.append((centre["knee"] + knee, knee_y))
        inner += [(centre["thigh"] - thigh + 5, 590), (centre["knee"] - knee, knee_y)]
    outer.append((centre["hem"] + hem, cut.hem))
    inner.append((max(centre["hem"] - hem, 4.0), cut.hem))
    return path(outer), path(inner)


def _half_outline(cut: LegCut, body: Body, side: int) -> Points:
    """Return one half: waist middle, down the outside, hem, up the inside to the crotch."""
    outer, inner = _edges(cut, body)
    hem = path([outer[-1], ((outer[-1] + inner[-1]) / 2 + (0, 4)), inner[-1]])
    half = np.concatenate([[(0.0, cut.waist + 3)], outer, hem, inner[::-1]])
    posed = body.leg(half * (side, 1), side)
    fall = np.clip((half[:, 1] - 524) / max(cut.hem - 524, 1), 0, 1)
    apart = fall * (5.0 if cut.hem < 720 else 0.6)  # legs that cross would cut each other out
    middle = body.middle(half)[:, 0] + side * apart
    posed[:, 0] = side * np.maximum(side * posed[:, 0], side * middle)
    posed[0] = body.torso([(0.0, cut.waist + 3)])[0]
    posed[-1] = body.torso([(0.0, 524.0)])[0]
    return posed


def _leg_folds(
    cut: LegCut, body: Body, rng: np.random.Generator
) -> tuple[tuple[Points, float], ...]:
    folds: list[tuple[Points, float]] = []
    tight = "bare" in cut.details
    for side in (-1, 1):
        for k in range(3):  # from the crotch across the thigh
            start: tuple[float, float] = (side * (4 + 3 * k), 512 + 9 * k)
            end = (side * rng.uniform(44, 70), 494 + 26 * k + rng.uniform(-8, 10))
            folds.append(
                (
                    body.leg(spindle(start, end, rng.uniform(5, 9), side * 4), side),
                    0.9 if tight else 1.6,
                )
            )
        if cut.hem < 700:
            folds += _short_folds(cut, body, side, rng)
            continue
        spots = [700.0, 722, 742] if tight else [655.0, 696, 716, 738, 768, 860, 884, 902]
        if cut.leg[1] > 44:  # wide legs hang clear of the knee
            spots = [668.0, 900.0]
        for y in spots:  # knee and ankle
            y += rng.uniform(-7, 7)
            if y > cut.hem - 12:
                continue
            width = float(np.interp(y, [580, 722, cut.hem], cut.leg)) * body.build.limb
            flip = rng.choice([-1.0, 1.0])
            start = (side * 46 + flip * width * 0.98, y)
            end = (side * 46 - flip * width * rng.uniform(-0.1, 0.7), y + rng.uniform(4, 24))
            fold = spindle(start, end, rng.uniform(5, 9), 3 * flip)
            folds.append((body.leg(fold, side), 0.8 if tight else 1.9))
        if "crease" in cut.details:
            line = stroke([(side * 45, 470), (side * 47, 700), (side * 46, cut.hem)], 3.0)
            folds.append((body.leg(line, side), 2.6))
        if cut.leg[2] > 40:
            for share in (-0.55, 0.5):
                x = side * 46 + share * cut.leg[2]
                fold = tube([(side * 46 + share * 22, 600), (x, cut.hem + 8)], [1, 9])
                folds.append((body.leg(fold, side), 3.2))
    return tuple(folds)


def _trouser_marks(cut: LegCut, body: Body) -> tuple[Mark, ...]:
    if "bare" in cut.details:
        return (Mark(body.torso(stroke([(0, cut.waist), (0, 520)], 1.0)), None, 0.2),)
    jeans = "jeans" in cut.details
    tint = _STITCH if jeans else None
    strength = 0.4 if jeans else 0.28
    lines = [body.torso(stroke([(0, cut.waist + 8), (1, 480), (0, 522)], 1.4))]
    if "rib" not in cut.details:
        lines.append(body.torso(stroke([(13, cut.waist + 12), (13, 458), (2, 484)], 1.1)))
    hip = body.build.hip + cut.ease
    for side in (-1, 1):
        top = cut.waist + 14
        curve = [
            (side * (hip * 0.42), top),
            (side * hip * 0.52, top + 34),
            (side * (hip - 3), top + 46),
        ]
        if not jeans:
            curve = [(side * hip * 0.62, top), (side * (hip * 0.9), top + 62)]
        lines.append(body.torso(stroke(curve, 1.3)))
        if cut.hem > 700 and jeans:
            outer = _edges(cut, body)[0] * (side, 1) - (side * 5, 0)
            lines.append(body.leg(stroke(outer[12:], 0.9), side))
    lines += _hem_lines(cut, body)
    dark = [Mark(line, tint, strength) for line in lines]
    dark += [Mark(lines[0], None, 0.2)]
    return tuple(dark)


def _short_folds(
    cut: LegCut, body: Body, side: int, rng: np.random.Generator
) -> list[tuple[Points, float]]:
    """Return the folds that hang from the hip of a short leg."""
    folds = []
    for share in rng.uniform(0.15, 0.9, 3):
        top = (side * (8 + share * 78), rng.uniform(440, 500))
        low = (side * (10 + share * 84), cut.hem + rng.uniform(-30, 12))
        folds.append((body.leg(spindle(top, low, rng.uniform(8, 15), 4), side), 1.5))
    return folds


def _hem_lines(cut: LegCut, body: Body) -> list[Points]:
    """Return the stitching above the hems, where they are turned up inside."""
    if any(word in cut.details for word in ("rib", "turn-up", "bare")):
        return []
    outer, inner = _edges(cut, body)
    a, b, y = outer[-1][0], inner[-1][0], cut.hem - 8
    line = stroke([(b, y), ((a + b) / 2, y + 4), (a, y)], 0.9)
    return [body.leg(line * (side, 1), side) for side in (-1, 1)]


def waistband(cut: LegCut, body: Body, cloth: Fabric, z: float) -> Part:
    """Return the band at the waist, with button and loops where the cut has them."""
    waist = float(np.interp(cut.waist, [372, 478], [body.build.waist + 3, body.build.hip]))
    a, top, low = waist + cut.ease * 0.5, cut.waist, cut.waist + 15
    b = a + 2.5
    outline = path([(-a, top), (0, top + 4), (a, top)], [(a, top), (b, low)],
                   [(b, low), (0, low + 4), (-b, low)], [(-b, low), (-a, top)])  # fmt: skip
    marks: list[Mark] = []
    if cut.details not in ("rib", "bare"):
        tone = (176, 142, 88) if cloth.material == "denim" else shade(cloth.colour, 0.6)
        marks.append(Mark(body.torso(ellipse((4, top + 10), (3.6, 3.6))), tone, 0.95, relief=True))
        for x in (-a * 0.55, a * 0.55):
            marks.append(Mark(body.torso(stroke([(x, top), (x, low + 3)], 4)), None, 0.16))
    material = Fabric(cloth.colour, material="knit") if cut.details == "rib" else cloth.solid(0.97)
    return Part(body.torso(outline), material, z + 0.1, 9, 0.35, rumple=0.1, shadow=0.2,
                marks=tuple(marks))  # fmt: skip


def _cuffs(  # noqa: PLR0917
    cut: LegCut, body: Body, cloth: Fabric, z: float, deep: float, more: float = 1.5
) -> list[Part]:
    outer, inner = _edges(cut, body)
    a, b = outer[-1][0] + more, inner[-1][0] - more
    top, low = cut.hem - deep, cut.hem + 2
    parts = []
    for side in (-1, 1):
        shape = path([(b, top), ((a + b) / 2, top + 3), (a, top)], [(a, top), (a, low)],
                     [(a, low), ((a + b) / 2, low + 4), (b, low)], [(b, low), (b, top)])  # fmt: skip
        parts.append(Part(body.leg(shape * (side, 1), side), cloth, z + 0.1, 12, 0.5, rumple=0.2,
                          shadow=0.3))  # fmt: skip
    return parts
