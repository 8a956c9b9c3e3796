"""Tights, socks and leg warmers: on the legs, and laid flat."""

from __future__ import annotations

from dataclasses import replace

from segmentation.rendering.figure.body import Body
from segmentation.rendering.figure.limbs import foot_outline, limb_outline, place_foot
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.garments.trousers import LegCut, trouser_parts
from segmentation.rendering.paint.curves import path, spindle
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Part, darker, moved


def hose_parts(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return tights, socks or leg warmers on the legs."""
    cloth = spec.cloth
    if spec.style == "tights":
        sheer = 1.0 if spec.fabric == "wool" else 0.86
        cut = LegCut(
            waist=392, ease=0.5, leg=(40.5, 28, 15.5), hem=966, details="bare", rumple=0.12
        )
        plain = replace(spec, length="")
        parts = [
            replace(p, opacity=sheer, depth=1.9 * p.depth)
            for p in trouser_parts(plain, body, z, cut)
        ]
        for side in (-1, 1):
            foot = place_foot(foot_outline(-6, 18.8, 60.5, 0.3), body, side)
            parts.append(Part(foot, cloth, z - 0.01, 12, 0.6, rumple=0.1, opacity=sheer))
        return parts
    top, bottom, ease = {
        "ankle socks": (888, 968, 1.5), "crew socks": (838, 968, 1.8), "knee socks": (744, 968, 1.4),
        "leg warmers": (770, 930, 6.0),
    }[spec.style]  # fmt: skip
    parts = []
    for side in (-1, 1):
        leg = limb_outline(body, side, top, bottom, ease)
        parts.append(Part(leg, cloth, z, 15, 0.6, rumple=0.5, shadow=0.25))
        rib = limb_outline(body, side, top - 2, top + 14, ease + 0.8)
        band = Fabric(cloth.second if cloth.pattern == "stripe" else cloth.colour, material="knit")
        parts.append(Part(rib, band, z + 0.01, 9, 0.5, rumple=0.1, shadow=0.2))
    return parts


def sock_pair(spec: GarmentSpec) -> list[Part]:
    """Return a pair of socks laid flat, toes to the viewer's left."""
    far = [darker(moved(part, (58, -26), -1), 0.93) for part in _flat_sock(spec)]
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


def worn_tights(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    """Return tights on legs: the calves' own outline lies under them, so that no skin looks out."""
    calves = [
        Part(limb_outline(body, side, 560, 966, 0.6), spec.cloth, z - 0.02, 20, 0.62, rumple=0.1)
        for side in (-1, 1)
    ]
    return calves + hose_parts(spec, body, z)
