"""Shoes: on the feet seen from the front, and as a pair seen from the side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from segmentation.rendering.body import Body
from segmentation.rendering.canvas import Mark, Part
from segmentation.rendering.curves import Points, ellipse, path, points, spindle, stroke
from segmentation.rendering.fabrics import Fabric, shade
from segmentation.rendering.legwear import foot_outline, limb_outline, place_foot
from segmentation.rendering.specs import GarmentSpec

_RUBBER = (238, 236, 230)


def sole_of(spec: GarmentSpec) -> Fabric:
    """Return what the sole is made of."""
    if spec.style == "sneakers":
        return Fabric(_RUBBER, material="rubber")
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
    white = _RUBBER if sum(cloth.colour) < 600 else (214, 213, 209)
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


def pair_parts(spec: GarmentSpec) -> list[Part]:
    """Return a pair seen from the side, toes to the viewer's left, the far shoe behind."""
    if spec.style == "sandals":
        return _sandals_from_above(spec)
    draw = _PROFILE[spec.style]
    by = (44.0, -34.0) if spec.style.endswith("boots") else (30.0, -76.0)
    far = [_shift(part, by, -10, 0.93) for part in draw(spec)]
    return far + draw(spec)


def _shift(part: Part, by: tuple[float, float], z: float, factor: float) -> Part:
    def move(outline: Points) -> Points:
        return outline + by

    marks = tuple(replace(mark, outline=move(mark.outline)) for mark in part.marks)
    folds = tuple((move(fold), amount) for fold, amount in part.folds)
    return replace(
        part, outline=move(part.outline), z=part.z + z, marks=marks, folds=folds,
        fabric=replace(part.fabric, colour=shade(part.fabric.colour, factor)),
    )  # fmt: skip


def _profile_sneaker(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    sole = path([(-112, 22), (-117, 32), (-110, 44)], [(-110, 44), (-60, 48), (60, 48), (104, 46)],
                [(104, 46), (114, 38), (112, 20)], [(112, 20), (0, 28), (-112, 22)])  # fmt: skip
    upper = path([(-111, 30), (-113, 14), (-100, -1), (-76, -9), (-44, -22), (-10, -52)], [(-10, -52), (8, -63), (22, -58)],
                 [(22, -58), (34, -42), (62, -36), (88, -48), (100, -60)], [(100, -60), (109, -40), (111, -6), (110, 30)],
                 [(110, 30), (0, 34), (-111, 30)])  # fmt: skip
    cap = path(
        [(-112, 30), (-113, 14), (-102, 0), (-82, -7)],
        [(-82, -7), (-70, 8), (-66, 30)],
        [(-66, 30), (-112, 30)],
    )
    heel = path([(78, -42), (90, -50), (101, -61)], [(101, -61), (110, -36), (111, 28)], [(111, 28), (84, 29)],
                [(84, 29), (88, -10), (78, -42)])  # fmt: skip
    panel = path(
        [(-26, 30), (-8, 4), (20, -12), (58, -20)],
        [(58, -20), (64, 0), (58, 30)],
        [(58, 30), (-26, 30)],
    )
    lining = path(
        [(20, -58), (34, -42), (62, -36), (88, -48), (98, -58)],
        [(98, -58), (62, -50), (30, -56), (20, -58)],
    )
    accent = cloth.contrast() if spec.second_colour else cloth.solid(0.9)
    laces = [
        stroke([(-52 + 10.5 * k, -15 - 8.6 * k), (-38 + 10.5 * k, -5 - 8.6 * k)], 4.2)
        for k in range(5)
    ]
    white = _RUBBER if sum(cloth.colour) < 600 else (214, 213, 209)
    marks = tuple(Mark(lace, white, 0.96, relief=True) for lace in laces)
    seam = Mark(stroke([(-66, 30), (-58, 8), (-30, -10), (2, -40), (18, -56)], 1.3), None, 0.22)
    foxing = Mark(stroke([(-112, 38), (0, 42), (111, 36)], 1.3), None, 0.16)
    return [
        Part(lining, cloth.solid(0.6), 0.9, 4, 0.2, rumple=0),
        Part(
            upper,
            cloth,
            1,
            26,
            0.5,
            ((spindle((-60, -4), (-44, 24), 9, 4), 1.6),),
            0.2,
            (seam, *marks),
        ),
        Part(panel, accent, 1.05, 9, 0.3, rumple=0.1, shadow=0.12),
        Part(cap, cloth.solid(0.98), 1.1, 12, 0.3, rumple=0.1, shadow=0.15),
        Part(heel, accent, 1.1, 12, 0.35, rumple=0.1, shadow=0.15),
        Part(sole, sole_of(spec), 1.2, 8, 0.5, rumple=0, marks=(foxing,), shadow=0.25),
    ]


def _profile_boot(spec: GarmentSpec) -> list[Part]:
    cloth, tall = spec.cloth, spec.style == "knee boots"
    top = -330.0 if tall else -126.0
    wide = 12.0 if tall else 0.0
    shaft = path([(-110, 34), (-108, 12), (-80, -6), (-34, -22), (-8, -52)],
                 [(-8, -52), (-6, -90), (-8 - wide, top)], [(-8 - wide, top), (40, top + 5), (88 + wide, top)],
                 [(88 + wide, top), (86, -70), (98, -10), (100, 30)], [(100, 30), (0, 38), (-110, 34)])  # fmt: skip
    heel = path(
        [(58, 34), (102, 30)], [(102, 30), (98, 70)], [(98, 70), (64, 70)], [(64, 70), (56, 36)]
    )
    sole = path([(-112, 34), (-30, 40), (60, 34)], [(60, 34), (58, 42)], [(58, 42), (0, 52), (-60, 49), (-112, 42)],
                [(-112, 42), (-112, 34)])  # fmt: skip
    folds = [
        (spindle((-8, -62), (50, -44), 12, 8), 3.0),
        (spindle((-6, -80), (60, -70), 10, 8), 2.4),
    ]
    folds += [(spindle((86, -40), (40, -30), 10, 6), 2.2)]
    panel = path([(22, top + 18), (58, top + 18)], [(58, top + 18), (52, -60), (50, -44)], [(50, -44), (32, -44)],
                 [(32, -44), (24, -70), (22, top + 18)])  # fmt: skip
    marks = [
        Mark(stroke([(-8 - wide, top + 9), (40, top + 14), (88 + wide, top + 9)], 1.5), None, 0.3)
    ]
    if not tall:
        marks.append(Mark(panel, shade(cloth.colour, 0.7), 0.55))
    else:
        marks.append(Mark(stroke([(60, top + 12), (62, -100), (70, 20)], 1.6), None, 0.3))
    return [
        Part(heel, sole_of(spec), 0.9, 7, 0.4, rumple=0),
        Part(shaft, cloth, 1, 34, 0.5, tuple(folds), 0.5, tuple(marks)),
        Part(sole, sole_of(spec), 1.1, 5, 0.4, rumple=0, shadow=0.2),
    ]


def _profile_pump(spec: GarmentSpec) -> list[Part]:
    cloth, flat = spec.cloth, spec.style == "ballet flats"
    if flat:
        upper = path([(-108, 32), (-100, 14), (-74, 8), (-58, 14)], [(-58, 14), (0, 26), (60, 4), (92, -14)],
                     [(92, -14), (106, 4), (104, 34)], [(104, 34), (0, 38), (-108, 32)])  # fmt: skip
        inner = path(
            [(-60, 14), (0, 18), (60, -4), (92, -14)], [(92, -14), (60, 6), (0, 28), (-60, 14)]
        )
        sole = path([(-108, 32), (0, 37), (104, 33)], [(104, 33), (104, 41)], [(104, 41), (0, 43), (-106, 38)],
                    [(-106, 38), (-108, 32)])  # fmt: skip
        bow = np.concatenate([spindle((-62, 12), (-82, 2), 11), spindle((-62, 12), (-46, 2), 11)])
        marks: tuple[Mark, ...] = (Mark(bow, shade(cloth.colour, 0.72), 0.95, relief=True),)
        heel: list[Part] = []
    else:
        upper = path([(-118, 66), (-96, 50), (-70, 44)], [(-70, 44), (-20, 46), (40, 4), (84, -44)],
                     [(84, -44), (102, -24), (98, 6)], [(98, 6), (50, 26), (10, 60), (-50, 72), (-118, 68)])  # fmt: skip
        inner = path(
            [(-72, 45), (-20, 38), (40, -6), (84, -44)], [(84, -44), (40, 8), (-20, 48), (-72, 45)]
        )
        sole = path([(-118, 66), (-60, 72), (8, 62), (52, 28)], [(52, 28), (10, 68), (-60, 77), (-118, 71)],
                    [(-118, 71), (-118, 66)])  # fmt: skip
        spike = path([(62, 20), (98, 4)], [(98, 4), (92, 40), (90, 76)], [(90, 76), (80, 76)],
                     [(80, 76), (80, 46), (62, 20)])  # fmt: skip
        heel = [Part(spike, cloth.solid(0.9), 0.9, 8, 0.5, rumple=0)]
        marks = ()
    return [
        *heel,
        Part(inner, Fabric((214, 190, 160), material="leather"), 0.95, 5, 0.2, rumple=0, shadow=0),
        Part(upper, cloth, 1, 20, 0.6, rumple=0.1, marks=marks),
        Part(sole, sole_of(spec), 1.05, 3, 0.3, rumple=0, shadow=0.1),
    ]


def _profile_loafer(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    upper = path([(-110, 30), (-112, 16), (-102, 3), (-78, -5), (-48, -15), (-22, -30)], [(-22, -30), (-8, -37), (6, -32)],
                 [(6, -32), (28, -16), (62, -14), (98, -34)], [(98, -34), (107, -14), (107, 30)],
                 [(107, 30), (0, 34), (-110, 30)])  # fmt: skip
    lining = path(
        [(6, -32), (28, -16), (62, -14), (98, -34)], [(98, -34), (60, -27), (24, -30), (6, -32)]
    )
    sole = path([(-114, 28), (-116, 35), (-108, 41)], [(-108, 41), (54, 43)], [(54, 43), (58, 54), (106, 54)],
                [(106, 54), (109, 29)], [(109, 29), (0, 33), (-114, 28)])  # fmt: skip
    saddle = path([(-40, -19), (-22, -30), (-6, -37)], [(-6, -37), (2, -34)], [(2, -34), (-2, -8), (8, 32)],
                  [(8, 32), (-22, 33)], [(-22, 33), (-30, 4), (-40, -19)])  # fmt: skip
    apron = Mark(stroke([(-106, 12), (-90, 8), (-64, 2), (-40, -8)], 1.5), None, 0.35)
    slot = Mark(spindle((-28, -17), (-8, -26), 4.5), None, 0.55)
    seam = Mark(stroke([(78, -22), (80, 6), (80, 32)], 1.3), None, 0.25)
    return [
        Part(lining, cloth.solid(0.5), 0.9, 3, 0.2, rumple=0),
        Part(upper, cloth, 1, 24, 0.5, rumple=0.1, marks=(apron, seam)),
        Part(saddle, cloth.solid(0.97), 1.1, 4, 0.3, rumple=0.05, marks=(slot,), shadow=0.18),
        Part(sole, sole_of(spec), 1.2, 5, 0.4, rumple=0, shadow=0.2),
    ]


def _sandals_from_above(spec: GarmentSpec) -> list[Part]:
    """Return a pair of sandals seen from above, toes up."""
    cloth, parts = spec.cloth, []
    bed = path([(-30, 88), (-36, 40), (-31, 0), (-42, -50), (-36, -92), (-8, -110), (22, -98), (38, -58),
                (36, 0), (33, 60), (26, 92), (0, 104), (-30, 88)])  # fmt: skip
    bands = [([(-46, -48), (0, -64), (43, -50)], 17.0), ([(-42, -14), (0, -32), (41, -16)], 15.0),
             ([(-39, 46), (-20, 26), (0, 20), (22, 26), (38, 46)], 10.0),
             ([(-38, 44), (-36, 80), (0, 96), (35, 80), (37, 44)], 9.0)]  # fmt: skip
    for sign in (-1, 1):

        def move(shape: Points, sign: int = sign) -> Points:
            return points(shape) * (-sign, 1) + (sign * 50, 0)

        stitch = np.concatenate([bed * 0.93, (bed * 0.915)[::-1]])
        insole = Fabric((208, 178, 138), material="leather")
        parts.append(
            Part(
                move(bed * 1.05),
                Fabric(shade(cloth.colour, 0.5), material="rubber"),
                0,
                8,
                0.4,
                rumple=0,
            )
        )
        parts.append(
            Part(
                move(bed),
                insole,
                0.1,
                9,
                0.3,
                rumple=0.2,
                marks=(Mark(move(stitch), None, 0.2),),
                shadow=0.1,
            )
        )
        buckle = Mark(move(ellipse((37, 45), (6, 7.5))), (200, 170, 108), 0.96, relief=True)
        for k, (line, width) in enumerate(bands):
            marks = (buckle,) if k == 3 else ()
            parts.append(Part(move(stroke(line, width, 40)), cloth, 0.2 + 0.1 * k, 6, 0.6, rumple=0.2, marks=marks,
                              shadow=0.45))  # fmt: skip
    return parts


_PROFILE = {
    "sneakers": _profile_sneaker, "ankle boots": _profile_boot, "knee boots": _profile_boot,
    "pumps": _profile_pump, "ballet flats": _profile_pump, "loafers": _profile_loafer,
}  # fmt: skip


def sock_pair(spec: GarmentSpec) -> list[Part]:
    """Return a pair of socks laid flat, toes to the viewer's left."""
    far = [_shift(part, (58, -26), -10, 0.93) for part in _flat_sock(spec)]
    return far + _flat_sock(spec)


def _flat_sock(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    top = {"ankle socks": -84.0, "crew socks": -176.0, "knee socks": -292.0}[spec.style]
    wide = 27.0 if top > -200 else 33.0
    leg = path([(-wide, top), (0, top + 3), (wide, top)], [(wide, top), (26, -50), (30, -4), (24, 24)],
               [(24, 24), (8, 36), (-40, 34), (-86, 34), (-104, 22), (-105, 6), (-92, -8), (-58, -14)],
               [(-58, -14), (-32, -30), (-25, -58), (-wide, top)])  # fmt: skip
    toe = path(
        [(-84, -11), (-98, -5), (-106, 10), (-100, 26), (-80, 34)],
        [(-80, 34), (-70, 10), (-84, -11)],
    )
    heel = path([(28, -22), (31, -2), (24, 24), (4, 36)], [(4, 36), (2, 10), (28, -22)])
    rib = path([(-wide - 1, top - 2), (0, top + 1), (wide + 1, top - 2)], [(wide + 1, top - 2), (wide, top + 24)],
               [(wide, top + 24), (0, top + 27), (-wide, top + 24)], [(-wide, top + 24), (-wide - 1, top - 2)])  # fmt: skip
    accent = Fabric(
        cloth.second if spec.second_colour else shade(cloth.colour, 0.86), material="knit"
    )
    folds = (
        (spindle((-26, -34), (24, -16), 9, 4), 2.4),
        (spindle((-20, -50), (22, -36), 8, 4), 2.0),
    )
    return [
        Part(leg, cloth, 1, 22, 0.5, folds, 0.5),
        Part(toe, accent, 1.1, 14, 0.45, rumple=0.2, shadow=0.12),
        Part(heel, accent, 1.1, 14, 0.45, rumple=0.2, shadow=0.12),
        Part(rib, accent, 1.2, 12, 0.5, rumple=0.2, shadow=0.25),
    ]
