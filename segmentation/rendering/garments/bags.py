"""Bags: alone, in the hand, on the shoulder, across the body and on the back."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.curves import (
    Points,
    ellipse,
    normals,
    path,
    points,
    resample,
    spindle,
    stroke,
)
from segmentation.rendering.paint.fabrics import Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part, moved

_GOLD = (200, 168, 104)


def bag_parts(
    spec: GarmentSpec, at: tuple[float, float] = (0.0, 0.0), z: float = 0.0
) -> list[Part]:
    """Return a bag whose handle's top lies at a point; backpacks and clutches centre on it."""
    return [moved(part, at, z) for part in _BAGS[spec.style](spec)]


def _block(  # noqa: PLR0917 - four edges and two bends
    left: float, top: float, right: float, bottom: float, flare: float, sag: float = 4
) -> Points:
    """Return a soft-cornered body of a bag; `flare` widens the bottom."""
    r = 9.0
    return path(
        [(left, top), ((left + right) / 2, top + sag), (right, top)],
        [(right, top), (right + flare, bottom - r)],
        [(right + flare, bottom - r), (right + flare - 3, bottom - 3), (right + flare - r, bottom)],
        [(right + flare - r, bottom), ((left + right) / 2, bottom + 2), (left - flare + r, bottom)],
        [(left - flare + r, bottom), (left - flare + 3, bottom - 3), (left - flare, bottom - r)],
        [(left - flare, bottom - r), (left, top)],
    )


def _stitch(left: float, top: float, right: float, bottom: float) -> Mark:
    corners = [(left, top), (left, bottom), (right, bottom), (right, top)]
    line = points(corners)
    return Mark(_polyline(line, 1.1), None, 0.2)


def _polyline(line: Points, width: float) -> Points:
    dense = resample(line, 60)
    offset = normals(dense) * width / 2
    return np.concatenate([dense + offset, (dense - offset)[::-1]])


def _tote(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    body = _block(-56, 74, 56, 196, -3)
    folds = (
        (spindle((-40, 80), (-20, 170), 16, 6), 3.0),
        (spindle((44, 90), (20, 180), 16, 6), 2.6),
    )
    handles = [stroke([(-26, 78), (-21, 24), (0, 0), (21, 24), (26, 78)], 6)]
    back = [stroke([(-24, 76), (-17, 18), (3, -5), (25, 22), (28, 76)], 6)]
    strap = (
        cloth.contrast() if spec.second_colour and spec.pattern == "plain" else cloth.solid(0.92)
    )
    inside = path([(-56, 74), (0, 68), (56, 74)], [(56, 74), (0, 80), (-56, 74)])
    marks = (
        _stitch(-52, 84, 52, 190),
        Mark(stroke([(-56, 84), (0, 88), (56, 84)], 1.2), None, 0.25),
    )
    return [
        Part(back[0], strap.solid(0.85), -2, 3, 0.6, rumple=0),
        Part(inside, cloth.solid(0.55), -1, 4, 0.2, rumple=0, shadow=0.1),
        Part(body, cloth, 0, 16, 0.5, folds, 0.6, marks),
        Part(handles[0], strap, 1, 3, 0.6, rumple=0, shadow=0.35),
    ]


def _handbag(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    body = _block(-44, 58, 44, 142, 9)
    flap = path([(-45, 57), (0, 60), (45, 57)], [(45, 57), (47, 84), (34, 100)], [(34, 100), (0, 106), (-34, 100)],
                [(-34, 100), (-47, 84), (-45, 57)])  # fmt: skip
    handle = stroke([(-25, 62), (-23, 20), (0, 0), (23, 20), (25, 62)], 6.5)
    clasp = Mark(ellipse((0, 99), (7, 8)), _GOLD, 0.96, relief=True)
    pin = Mark(ellipse((0, 99), (2.6, 3.4)), shade(_GOLD, 0.6), 0.9)
    rings = tuple(Mark(ellipse((x, 60), (4.5, 4.5)), _GOLD, 0.95, relief=True) for x in (-25, 25))
    edge = Mark(stroke([(-42, 84), (-31, 96), (0, 102), (31, 96), (42, 84)], 1.1), None, 0.22)
    tone = cloth.solid(0.97) if cloth.pattern == "plain" else cloth
    return [
        Part(body, cloth, 0, 17, 0.5, rumple=0.25, marks=(_stitch(-48, 70, 48, 136),)),
        Part(flap, tone, 1, 11, 0.45, rumple=0.2, marks=(edge, clasp, pin), shadow=0.45),
        Part(handle, cloth.solid(0.9), 2, 3.2, 0.7, rumple=0, marks=rings, shadow=0.35),
    ]


def _clutch(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    body = _block(-58, -32, 58, 36, 0, 1)
    flap = path(
        [(-59, -33), (0, -35), (59, -33)],
        [(59, -33), (56, -10), (0, 16)],
        [(0, 16), (-56, -10), (-59, -33)],
    )
    stud = Mark(ellipse((0, 9), (4.4, 4.4)), _GOLD, 0.96, relief=True)
    return [
        Part(body, cloth, 0, 13, 0.45, rumple=0.25),
        Part(flap, cloth, 1, 9, 0.4, rumple=0.2, marks=(stud,), shadow=0.45),
    ]


def _backpack(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    body = path([(-52, 76), (-50, -30), (-30, -66), (0, -74)], [(0, -74), (30, -66), (50, -30), (52, 76)],
                [(52, 76), (40, 88), (0, 91), (-40, 88), (-52, 76)])  # fmt: skip
    pocket = path([(-38, 22), (0, 18), (38, 22)], [(38, 22), (40, 66), (30, 76)], [(30, 76), (0, 79), (-30, 76)],
                  [(-30, 76), (-40, 66), (-38, 22)])  # fmt: skip
    zips = [
        stroke([(-45, -4), (-34, -46), (0, -58), (34, -46), (45, -4)], 3),
        stroke([(-36, 30), (0, 26), (36, 30)], 2.6),
    ]
    loop = stroke([(-11, -70), (-9, -88), (9, -88), (11, -70)], 5)
    straps = [stroke([(s * 36, -52), (s * 58, -10), (s * 54, 70)], 9) for s in (-1, 1)]
    dark = cloth.contrast() if spec.second_colour else cloth.solid(0.72)
    patch = Mark(_block(-13, -30, 13, -8, 0, 0), shade(cloth.colour, 0.55), 0.85, relief=True)
    fold = (spindle((-42, 0), (-30, 60), 14, 6), 2.5)
    return [
        *(Part(strap, dark, -3, 5, 0.5, rumple=0) for strap in straps),
        Part(loop, dark, -1, 3, 0.5, rumple=0),
        Part(body, cloth, 0, 24, 0.5, (fold,), 0.5, (Mark(zips[0], (30, 30, 32), 0.55), patch)),
        Part(
            pocket,
            cloth,
            1,
            14,
            0.45,
            rumple=0.4,
            marks=(Mark(zips[1], (30, 30, 32), 0.55),),
            shadow=0.4,
        ),
    ]


def _crossbody(spec: GarmentSpec) -> list[Part]:
    return [
        *_crossbody_body(spec),
        _strap(spec, [(-33, 64), (-30, -20), (0, -66), (30, -20), (33, 64)]),
    ]


def _strap(spec: GarmentSpec, line: list[tuple[float, float]]) -> Part:
    return Part(stroke(line, 4.2, 40), spec.cloth.solid(0.85), -2, 2, 0.6, rumple=0)


def _crossbody_body(spec: GarmentSpec) -> list[Part]:
    cloth = spec.cloth
    body = path([(-37, 62), (0, 58), (37, 62)], [(37, 62), (41, 96), (30, 118)], [(30, 118), (0, 124), (-30, 118)],
                [(-30, 118), (-41, 96), (-37, 62)])  # fmt: skip
    flap = path([(-38, 61), (0, 57), (38, 61)], [(38, 61), (40, 86), (22, 98)], [(22, 98), (0, 101), (-22, 98)],
                [(-22, 98), (-40, 86), (-38, 61)])  # fmt: skip
    bar = Mark(_block(-8, 90, 8, 97, 0, 0), _GOLD, 0.96, relief=True)
    rings = tuple(Mark(ellipse((x, 64), (3.6, 3.6)), _GOLD, 0.95, relief=True) for x in (-33, 33))
    return [
        Part(body, cloth, 0, 16, 0.55, rumple=0.2),
        Part(flap, cloth, 1, 10, 0.45, rumple=0.2, marks=(bar, *rings), shadow=0.45),
    ]


_BAGS = {
    "tote bag": _tote, "handbag": _handbag, "clutch": _clutch, "backpack": _backpack,
    "crossbody bag": _crossbody,
}  # fmt: skip


def carried_parts(
    spec: GarmentSpec, body: Body, z_hand: float, z_body: float, side: int
) -> list[Part]:
    """Return a bag as it is worn; `z_hand` lies just under the hand, `z_body` just over the clothes."""
    hand = body.arm(side)[3]
    if spec.style in ("tote bag", "handbag"):
        return bag_parts(spec, (float(hand[0]), float(hand[1]) - 12), z_hand)
    if spec.style == "clutch":
        return bag_parts(spec, (float(hand[0]) - side * 8, float(hand[1]) + 6), z_hand)
    if spec.style == "backpack":
        return _on_back(spec, body, z_body)
    hip = body.torso([(side * (body.build.hip + 2), 430)])[0]
    far = body.torso([(-side * 58, 168)])[0]
    chest = body.torso([(-side * 8, 262)])[0]
    line = stroke([far, chest, (hip[0] - side * 16, hip[1] - 2)], 4.6, 40)
    back = stroke(far + np.array([(side * 4, -4), (side * 16, -6)]), 4.6)
    strap = Fabric(shade(spec.cloth.colour, 0.85), material="leather")
    at = (float(hip[0]) - side * 4, float(hip[1]) - 66)
    parts = [
        Part(line, strap, z_body, 2.2, 0.6, rumple=0),
        Part(back, strap, z_body, 2, 0.5, rumple=0),
    ]
    return parts + [moved(part, at, z_body + 0.02) for part in _crossbody_body(spec)]


def _on_back(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    dark = spec.cloth.contrast() if spec.second_colour else spec.cloth.solid(0.8)
    pack = path([(-104, 210), (-96, 176), (0, 166), (96, 176), (104, 210)], [(104, 210), (100, 330), (84, 378)],
                [(84, 378), (0, 386), (-84, 378)], [(-84, 378), (-100, 330), (-104, 210)])  # fmt: skip
    parts = [Part(body.torso(pack), spec.cloth, 1.0, 20, 0.5, rumple=0.4)]
    for side in (-1, 1):
        line = [(side * 56, 164), (side * 60, 200), (side * 62, 250), (side * 78, 306)]
        parts.append(Part(body.torso(stroke(line, 13)), dark, z, 5, 0.5, rumple=0.1))
    return parts
