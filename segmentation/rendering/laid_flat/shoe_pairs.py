"""Shoes as a shop shows them: a pair from the side, sandals from above."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.garments.footwear import RUBBER, sole_of
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import Points, ellipse, path, points, spindle, stroke
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part, darker, moved


def pair_parts(spec: GarmentSpec) -> list[Part]:
    """Return a pair seen from the side, toes to the viewer's left, the far shoe behind."""
    if spec.style == "sandals":
        return _sandals_from_above(spec)
    draw = _PROFILE[spec.style]
    by = (44.0, -34.0) if spec.style.endswith("boots") else (30.0, -76.0)
    far = [darker(moved(part, by, -1), 0.93) for part in draw(spec)]
    return far + draw(spec)


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
    white = RUBBER if sum(cloth.colour) < 600 else (214, 213, 209)
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
    upper = path([(-110, 30), (-114, 15), (-104, 0), (-80, -8), (-50, -16), (-24, -28), (-6, -35), (6, -32)],
                 [(6, -32), (28, -16), (62, -14), (98, -34)], [(98, -34), (107, -14), (107, 30)],
                 [(107, 30), (0, 34), (-110, 30)])  # fmt: skip
    lining = path(
        [(6, -32), (28, -16), (62, -14), (98, -34)], [(98, -34), (60, -27), (24, -30), (6, -32)]
    )
    sole = path([(-114, 28), (-116, 35), (-108, 41)], [(-108, 41), (54, 43)], [(54, 43), (58, 54), (106, 54)],
                [(106, 54), (109, 29)], [(109, 29), (0, 33), (-114, 28)])  # fmt: skip
    saddle = path([(-42, -19), (-24, -28), (-6, -35), (2, -34)], [(2, -34), (-2, -8), (8, 32)],
                  [(8, 32), (-22, 33)], [(-22, 33), (-30, 4), (-42, -19)])  # fmt: skip
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
    bands = [([(-43, -52), (0, -70), (40, -54)], 12.0), ([(-39, -22), (0, -42), (38, -24)], 10.0),
             ([(-38, 46), (-22, 24), (0, 17), (23, 24), (37, 46)], 7.5),
             ([(-37, 44), (-35, 82), (0, 97), (33, 82), (36, 44)], 7.0)]  # fmt: skip
    for sign in (-1, 1):

        def move(shape: Points, sign: int = sign) -> Points:
            return points(shape) * (-sign * 0.86, 1) + (sign * 44, 0)

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
