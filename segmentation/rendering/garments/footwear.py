"""Shoes on the feet, seen from the front."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.figure.limbs import foot_outline, limb_outline, place_foot
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import ellipse, path, spindle, stroke
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part

RUBBER = (238, 236, 230)


def sole_of(spec: GarmentSpec) -> Fabric:
    """Return what the sole is made of."""
    if spec.style == "sneakers":
        return Fabric(RUBBER, material="rubber")
    dark = sum(spec.cloth.colour) < 200
    return Fabric((24, 22, 22) if dark else shade(spec.cloth.colour, 0.45), material="rubber")


def worn_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return both shoes on the feet."""
    parts: list[Part] = []
    for side in (-1, 1):
        parts += _FOOT[spec.style](spec, body, side, z)
    return parts


def _sneaker(spec: GarmentSpec, body: Body, side: int, z: float) -> list[Part]:
    cloth = spec.cloth
    sole = place_foot(foot_outline(20, 25, 68, 0.0), body, side)
    upper = place_foot(foot_outline(-6, 23.5, 60, 0.05), body, side)
    cap = place_foot(
        path([(-20, 46), (0, 38), (20, 46)], [(20, 46), (13, 61), (-13, 61), (-20, 46)]), body, side
    )
    tongue = place_foot(
        path([(-9, -10), (0, -13), (9, -10)], [(9, -10), (10, 34), (-10, 34), (-9, -10)]),
        body,
        side,
    )
    laces = [stroke([(-10, y), (10, y + 2)], 2.6) for y in (2, 10, 18, 26, 33)]
    white = RUBBER if sum(cloth.colour) < 600 else (214, 213, 209)
    marks = tuple(Mark(place_foot(lace, body, side), white, 0.95, relief=True) for lace in laces)
    accent = cloth.contrast() if spec.second_colour else cloth.solid(0.92)
    return [
        Part(sole, sole_of(spec), z, 8, 0.5, rumple=0),
        Part(upper, cloth, z + 0.01, 14, 0.6, rumple=0.3, shadow=0.3),
        Part(tongue, accent, z + 0.02, 8, 0.5, rumple=0.1, marks=marks, shadow=0.3),
        Part(cap, cloth.solid(1.06), z + 0.03, 10, 0.5, rumple=0, shadow=0.15),
    ]


def _ankle_boot(spec: GarmentSpec, body: Body, side: int, z: float) -> list[Part]:
    cloth = spec.cloth
    high = spec.style == "knee boots"
    top = 752.0 if high else 868.0
    shaft = limb_outline(body, side, top, 945, 4.5)
    foot = place_foot(foot_outline(-8, 20.5, 62, 0.25), body, side)
    sole = place_foot(foot_outline(20, 22, 67, 0.2), body, side)
    folds = tuple(
        (body.leg(spindle((side * 26, y), (side * 62, y + 12), 7, 4), side), 1.8)
        for y in ((880, 902, 916) if high else (900, 914))
    )
    edge = body.leg(
        stroke([(side * 22, top + 6), (side * 45, top + 9), (side * 70, top + 6)], 1.3), side
    )
    return [
        Part(sole, sole_of(spec), z, 7, 0.4, rumple=0),
        Part(foot, cloth, z + 0.01, 15, 0.62, rumple=0.2, shadow=0.2),
        Part(shaft, cloth, z + 0.02, 17, 0.62, folds, 0.4, (Mark(edge, None, 0.35),), shadow=0.2),
    ]


def _pump(spec: GarmentSpec, body: Body, side: int, z: float) -> list[Part]:
    cloth = spec.cloth
    flat = spec.style == "ballet flats"
    toe = 60.0 if flat else 64.0
    shape = path([(-18.5, 24), (-19, 38), (-13, toe - 8), (-4, toe)], [(-4, toe), (5, toe)],
                 [(5, toe), (14, toe - 8), (19, 38), (18.5, 24)],
                 [(18.5, 24), (14, 40), (0, 45), (-14, 40), (-18.5, 24)])  # fmt: skip
    parts = []
    if not flat:
        heel = path(
            [(-6, 30), (6, 30)], [(6, 30), (4, 66)], [(4, 66), (-4, 66)], [(-4, 66), (-6, 30)]
        )
        parts.append(Part(place_foot(heel, body, side), sole_of(spec), z - 0.02, 4, 0.4, rumple=0))
    marks: tuple[Mark, ...] = ()
    if flat:
        bow = np.concatenate([spindle((0, 47), (9, 43), 5), spindle((0, 47), (-9, 43), 5)])
        marks = (Mark(place_foot(bow, body, side), shade(cloth.colour, 0.7), 0.9, relief=True),)
    parts.append(
        Part(place_foot(shape, body, side), cloth, z, 9, 0.65, rumple=0.1, marks=marks, shadow=0.3)
    )
    return parts


def _loafer(spec: GarmentSpec, body: Body, side: int, z: float) -> list[Part]:
    cloth = spec.cloth
    sole = place_foot(foot_outline(24, 21.5, 65, 0.12), body, side)
    upper = path([(-19, 20), (-20.5, 36), (-16, 54), (-5, 61)], [(-5, 61), (6, 61)],
                 [(6, 61), (17, 54), (20.5, 36), (19, 20)], [(19, 20), (11, 27), (0, 26), (-11, 27), (-19, 20)])  # fmt: skip
    band = place_foot(stroke([(-18, 37), (0, 33), (18, 37)], 6.5), body, side)
    apron = place_foot(stroke([(-11, 30), (-10, 46), (0, 53), (10, 46), (11, 30)], 1.4), body, side)
    return [
        Part(sole, sole_of(spec), z, 7, 0.4, rumple=0),
        Part(place_foot(upper, body, side), cloth, z + 0.01, 11, 0.62, rumple=0.1, shadow=0.3,
             marks=(Mark(apron, None, 0.4),)),
        Part(band, cloth.solid(0.9), z + 0.02, 3, 0.5, rumple=0, shadow=0.3),
    ]  # fmt: skip


def _sandal(spec: GarmentSpec, body: Body, side: int, z: float) -> list[Part]:
    cloth = spec.cloth
    sole = place_foot(foot_outline(18, 22, 65, 0.05), body, side)
    straps = [
        [(-20, 44), (0, 38), (20, 44)],
        [(-19, 30), (0, 25), (19, 30)],
        [(-16, 6), (0, 10), (16, 6)],
    ]
    lines = [place_foot(stroke(line, 7), body, side) for line in straps]
    buckle = Mark(
        place_foot(ellipse((11, 7.5), (2.8, 3.4)), body, side), (196, 170, 112), 0.95, relief=True
    )
    parts = [
        Part(sole, Fabric(shade(cloth.colour, 0.8), material="leather"), z - 6, 6, 0.4, rumple=0)
    ]
    parts += [
        Part(line, cloth, z + 0.01, 3.5, 0.6, rumple=0, shadow=0.35, marks=(buckle,))
        for line in lines
    ]
    return parts


_FOOT = {
    "sneakers": _sneaker, "ankle boots": _ankle_boot, "knee boots": _ankle_boot, "pumps": _pump,
    "ballet flats": _pump, "loafers": _loafer, "sandals": _sandal,
}  # fmt: skip
