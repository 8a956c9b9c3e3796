"""Collars, hoods, front openings, buttons, zips and pockets."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.garments.cuts import Cut
from segmentation.rendering.paint.curves import (
    Points,
    ellipse,
    mirror,
    path,
    points,
    spindle,
    stroke,
    tube,
)
from segmentation.rendering.paint.fabrics import Colour, Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part

_METAL: Colour = (190, 190, 194)
_BRASS: Colour = (186, 150, 92)
_BUTTON_Y = {"single": 312.0, "double": 330.0, "biker": 330.0}


def opening_edge(cut: Cut, sign: int) -> list[tuple[float, float]]:
    """Return the front edge of one panel, neck to hem, as if it were the viewer's right one.

    Closed fronts overlap in the middle, so the edge lies past x = 0 there.
    """
    if cut.front == "open":
        top = 34.0 if cut.collar in ("", "rib") else 30.0
        low = 30.0 if cut.hem < 560 else 44.0
        return [(top, 159.0), (26.0, 260.0), (22.0, 360.0), (low, cut.hem)]
    button = _BUTTON_Y.get(cut.front, 312.0)
    past = {"single": -8.0, "double": -30.0, "biker": -24.0}.get(cut.front, -8.0)
    own = past if sign > 0 else past * 0.6
    away = 14.0 if cut.front == "single" and cut.hem < 600 else own
    return [(31.0, 158.0), (20.0, 225.0), (own, button), (own if away == own else 2.0, cut.hem)]


def collar_parts(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    """Return the parts of the collar, hood or neck band."""
    plain = cloth.solid() if cloth.pattern == "floral" else cloth
    builders = {
        "shirt": _shirt, "polo": _shirt, "lapel": _lapels, "wide lapel": _lapels, "turtle": _turtle,
        "hood": _hood, "stand": _stand, "rib": _rib, "bow": _bow,
    }  # fmt: skip
    builder = builders.get(cut.collar)
    return builder(cut, body, plain, z) if builder else []


def _shirt(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    back = path(
        [(-31, 158), (-28, 141), (0, 136), (28, 141), (31, 158)], [(31, 158), (0, 166), (-31, 158)]
    )
    parts = [Part(body.torso(back), cloth.solid(0.78), 1.9, 6, 0.3, rumple=0.1, shadow=0.1)]
    inner = cut.front == "open"
    tip = (46.0, 206.0) if inner else (32.0, 209.0)
    front = (30.0, 196.0) if inner else (2.0, 192.0)
    leaf = path([(27, 141), (33, 152), (37, 164)], [(37, 164), (38, 184), tip], [tip, front],
                [front, (18, 172), (27, 141)])  # fmt: skip
    edge = stroke([(34, 170), (tip[0] - 3, tip[1] - 6), (front[0] + 3, front[1] - 5)], 1.0)
    for outline, line in ((leaf, edge), (mirror(leaf), mirror(edge))):
        parts.append(Part(body.torso(outline), cloth, z + 0.4, 6, 0.5, rumple=0.15, shadow=0.4,
                          marks=(Mark(body.torso(line), None, 0.16),)))  # fmt: skip
    return parts


def _lapels(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    nape = path(
        [(-33, 160), (-27, 142), (0, 137), (27, 142), (33, 160)], [(33, 160), (0, 166), (-33, 160)]
    )
    parts = [Part(body.torso(nape), cloth.solid(0.86), 1.95, 6, 0.3, rumple=0.1, shadow=0.1)]
    edge = opening_edge(cut, 1)
    low = edge[2] if cut.front != "open" else (24.0, 330.0)
    wide = 66.0 if cut.collar == "wide lapel" else 56.0
    lapel = path([(31, 172), (24, 225), (low[0] + 2, low[1])],
                 [(low[0] + 2, low[1]), (wide - 12, 266), (wide, 232)], [(wide, 232), (40, 222)],
                 [(40, 222), (34, 190), (31, 172)])  # fmt: skip
    top = path([(28, 141), (36, 154), (50, 200), (57, 226)], [(57, 226), (40, 223)],
               [(40, 223), (31, 190), (28, 141)])  # fmt: skip
    for sign in (-1, 1):
        for k, outline in enumerate((lapel, top)):
            shape = outline if sign > 0 else mirror(outline)
            layer = z + 0.06 + 0.02 * k + (0.001 if sign > 0 else 0)
            parts.append(Part(body.torso(shape), cloth, layer, 7, 0.4, rumple=0.15, shadow=0.42))
    return parts


def _turtle(_cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    w = body.build.neck + 8
    low = path([(-w, 128), (-w - 3, 150), (-w - 6, 168)], [(-w - 6, 168), (0, 182), (w + 6, 168)],
               [(w + 6, 168), (w + 3, 150), (w, 128)], [(w, 128), (0, 136), (-w, 128)])  # fmt: skip
    fold = path([(-w, 127), (-w - 5, 152)], [(-w - 5, 152), (0, 166), (w + 5, 152)],
                [(w + 5, 152), (w, 127)], [(w, 127), (0, 134), (-w, 127)])  # fmt: skip
    inside = ellipse((0, 127), (w - 1, 8))
    return [
        Part(body.torso(inside), cloth.solid(0.6), 1.9, 4, 0.2, shadow=0),
        Part(body.torso(low), cloth, z + 0.35, 14, 0.5, rumple=0.3),
        Part(body.torso(fold), cloth, z + 0.36, 12, 0.6, rumple=0.4),
    ]


def _hood(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    back = path([(-58, 176), (-66, 152), (-40, 128), (0, 120), (40, 128), (66, 152), (58, 176)],
                [(58, 176), (0, 190), (-58, 176)])  # fmt: skip
    inside = path(
        [(-40, 170), (-44, 150), (0, 134), (44, 150), (40, 170)], [(40, 170), (0, 190), (-40, 170)]
    )
    flap = path(
        [(30, 140), (56, 146), (62, 172), (34, 200), (4, 214)], [(4, 214), (20, 186), (30, 140)]
    )
    parts = [
        Part(body.torso(back), cloth, 1.85, 18, 0.6, rumple=0.6, shadow=0.2),
        Part(body.torso(inside), cloth.solid(0.6), 1.9, 10, 0.3, shadow=0.1),
    ]
    for sign in (-1, 1):
        shape = flap if sign > 0 else mirror(flap)
        fold = (spindle((sign * 44, 152), (sign * 12, 204), 10, -6 * sign), 2.5)
        parts.append(Part(body.torso(shape), cloth, z + 0.4, 15, 0.6, (fold,), 0.5, shadow=0.45))
        if cut.front == "closed":
            cord = tube([(sign * 9, 204), (sign * 12, 240), (sign * 10, 278)], [1.7, 1.7])
            colour = (
                shade(cloth.colour, 1.75) if sum(cloth.colour) < 560 else shade(cloth.colour, 0.8)
            )
            parts.append(Part(body.torso(cord), Fabric(colour), z + 0.45, 2, 0.6, rumple=0))
    return parts


def _stand(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    rib = Fabric(cloth.colour, material="knit" if cut.rib else cloth.material)
    back = path(
        [(-34, 162), (-31, 140), (0, 136), (31, 140), (34, 162)], [(34, 162), (0, 170), (-34, 162)]
    )
    leaf = path([(31, 140), (38, 160)], [(38, 160), (24, 184), (3, 196)], [(3, 196), (4, 178)],
                [(4, 178), (20, 164), (31, 140)])  # fmt: skip
    parts = [Part(body.torso(back), rib.solid(0.72), 1.9, 6, 0.3, rumple=0.1, shadow=0.1)]
    parts += [
        Part(body.torso(leaf if sign > 0 else mirror(leaf)), rib, z + 0.4, 9, 0.5, rumple=0.15)
        for sign in (-1, 1)
    ]
    return parts


_RIBS: dict[str, list[list[tuple[float, float]]]] = {
    "crew": [[(-34, 158), (-22, 176), (0, 184), (22, 176), (34, 158)]],
    "v": [[(-35, 158), (-17, 207), (0, 246)], [(0, 246), (17, 207), (35, 158)]],
    "scoop": [[(-50, 163), (-38, 208), (0, 230), (38, 208), (50, 163)]],
    "boat": [[(-64, 167), (-36, 180), (0, 185), (36, 180), (64, 167)]],
}


def _rib(cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    thick = 4.6 if cut.rib else 3.2
    band = Fabric(cloth.colour, material="knit")
    return [
        Part(body.torso(tube(line, [thick, thick], 40)), band, z + 0.4 + 0.001 * k, 4, 0.5, rumple=0,
             shadow=0.22)
        for k, line in enumerate(_RIBS.get(cut.neck, _RIBS["crew"]))
    ]  # fmt: skip


def _bow(_cut: Cut, body: Body, cloth: Fabric, z: float) -> list[Part]:
    parts = []
    for sign in (-1, 1):
        band = tube([(sign * 34, 157), (sign * 20, 196), (0, 232)], [5, 6, 4])
        tail = tube([(0, 232), (sign * 12, 268), (sign * 18 - 4, 312)], [4, 8, 10])
        loop = path([(0, 232), (sign * 26, 216), (sign * 44, 226), (sign * 30, 244), (0, 234)])
        parts += [
            Part(body.torso(band), cloth, z + 0.4, 5, 0.5, rumple=0.2),
            Part(body.torso(tail), cloth, z + 0.42, 7, 0.5, rumple=0.5),
            Part(body.torso(loop), cloth, z + 0.43, 9, 0.6, rumple=0.5),
        ]
    parts.append(Part(body.torso(ellipse((0, 233), (7, 8))), cloth, z + 0.44, 6, 0.6, rumple=0))
    return parts


def button(at: tuple[float, float], radius: float, colour: Colour, body: Body) -> Mark:
    """Return one button."""
    return Mark(body.below(ellipse(at, (radius, radius))), colour, 0.95, relief=True)


def closure_marks(cut: Cut, body: Body, cloth: Fabric, sign: int = 0) -> tuple[Mark, ...]:
    """Return buttons, plackets and zips; `sign` names the panel, 0 a front in one piece."""
    dark = sum(cloth.colour) < 330
    tone = shade(cloth.colour, 1.45) if dark else shade(cloth.colour, 0.62)
    if cloth.material == "denim":
        tone = _BRASS
    marks: list[Mark] = []
    if cut.front in ("buttons", "polo"):
        marks += _placket(cut, body, cloth)
    elif cut.front == "zip":
        marks.append(Mark(body.below(stroke([(0, 190), (0, cut.hem)], 5.5)), None, 0.35))
        marks.append(Mark(body.below(stroke([(0, 190), (0, cut.hem)], 2.2)), _METAL, 0.85))
    elif cut.front == "wrap":
        line = [(-16, 216), (10, 262), (half(cut, body) - 4, 372)]
        marks.append(Mark(body.torso(stroke(line, 1.8)), None, 0.35))
    elif cut.front == "biker" and sign > 0:
        marks.append(Mark(body.torso(stroke([(-22, 335), (-20, cut.hem)], 3)), _METAL, 0.85))
    elif cut.front in ("single", "double") and sign > 0:
        columns = (0.0,) if cut.front == "single" else (-22.0, 24.0)
        rows = [318.0, 362.0] if cut.hem < 600 else [322.0, 372.0, 424.0]
        if cut.hem < 510:
            rows = [318.0, 350.0, 384.0, 420.0, 454.0]
        marks += [button((x, y), 4.4, tone, body) for x in columns for y in rows]
    elif cut.front == "open":
        marks += _unbuttoned(cut, body, cloth, tone, sign)
    return tuple(marks)


def _placket(cut: Cut, body: Body, cloth: Fabric) -> list[Mark]:
    """Return the placket and buttons of a shirt: mother of pearl, brass on denim."""
    tone = shade(cloth.colour, 1.6) if sum(cloth.colour) < 600 else (214, 208, 198)
    tone = _BRASS if cloth.material == "denim" else tone
    last = 240.0 if cut.front == "polo" else cut.hem - 26
    lines = [stroke([(x, 194), (x, last + 14)], 1.1) for x in (-7.5, 7.5)]
    marks = [Mark(body.below(line), None, 0.2) for line in lines]
    step = 20.0 if cut.front == "polo" else 41.0
    return marks + [button((0, y), 2.9, tone, body) for y in np.arange(206, last, step)]


def _unbuttoned(cut: Cut, body: Body, cloth: Fabric, tone: Colour, sign: int) -> list[Mark]:
    """Return the buttons of a front that hangs open: a trench coat's two rows, a cardigan's one."""
    if cut.collar == "wide lapel" and cut.hem > 600:
        return [button((sign * 40, y), 4.4, tone, body) for y in (338.0, 388.0, 438.0)]
    if sign > 0 and cloth.material == "knit":
        return [button((29, y), 3.6, tone, body) for y in (300.0, 350.0, 400.0, 450.0)]
    return []


def half(cut: Cut, body: Body) -> float:
    """Return the half-width at the waist."""
    return body.build.waist + cut.ease[1]


def pocket_marks(cut: Cut, body: Body, cloth: Fabric, sign: int = 0) -> tuple[Mark, ...]:
    """Return the pockets as drawn lines; `sign` names the panel, 0 a front in one piece."""
    wide = body.build.hip + cut.ease[2]
    low = 455.0 if cut.hem < 600 else 492.0
    shapes: list[Points] = []
    if cut.pockets == "kangaroo":
        shapes = [_ring([(-34, 400), (34, 400), (60, 462), (60, 492), (-60, 492), (-60, 462)])]
    for side in (-1, 1) if sign == 0 else (sign,):
        x = side * wide * 0.58
        if cut.pockets == "flap":
            shapes += [
                _ring([(x - 23, low), (x + 23, low), (x + 23, low + 14), (x - 23, low + 14)])
            ]
        elif cut.pockets == "patch":
            top = low if cut.hem < 680 else 500
            shapes += [
                _ring([(x - 25, top), (x + 25, top), (x + 23, top + 60), (x - 23, top + 60)])
            ]
        elif cut.pockets in ("slant", "zip"):
            shapes += [stroke([(x + side * 10, 392), (x - side * 4, 440)], 2.4)]
        elif cut.pockets == "welt":
            shapes += [stroke([(x - 20, 430), (x + 20, 430 + 2)], 5)]
        elif cut.pockets == "chest flap":
            c = side * 42
            shapes += [
                _ring([(c - 19, 262), (c + 19, 262), (c + 18, 276), (c, 284), (c - 18, 276)])
            ]
            shapes += [
                stroke([(side * x, 285), (side * low_x, 470)], 1.2)
                for x, low_x in ((27, 24), (57, 50))
            ]
        elif cut.pockets == "chest" and side > 0:
            shapes += [_ring([(28, 258), (58, 258), (58, 288), (43, 295), (28, 288)])]
    if cut.pockets == "zip":
        return tuple(Mark(body.torso(shape), _METAL, 0.8) for shape in shapes)
    stitched = cloth.material == "denim"
    colour = (205, 160, 104) if stitched else None
    return tuple(Mark(body.below(s), colour, 0.6 if stitched else 0.3) for s in shapes)


def _ring(corners: list[tuple[float, float]]) -> Points:
    """Return a thin closed line round a polygon, as one outline."""
    p = points([*corners, corners[0]])
    middle = p[:-1].mean(0)
    inner = middle + (p - middle) * (1 - 1.6 / np.maximum(np.abs(p - middle).max(), 1))
    return np.concatenate([p, inner[::-1]])
