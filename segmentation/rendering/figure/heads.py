"""Heads: a quiet face with its eyes cast down, and hair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from segmentation.rendering.figure.body import Body
from segmentation.rendering.paint.curves import Points, ellipse, path, points, spindle, tube
from segmentation.rendering.paint.fabrics import Colour, Fabric, shade
from segmentation.rendering.paint.parts import Mark, Part

HEAD_SCALE = 0.89
"""Heads are drawn larger than they are worn."""
_CHIN_Y = 132.0


def head_carry(body: Body, values: Points) -> Points:
    """Carry head coordinates into the pose: the head turns about the chin."""
    p = points(values) * (HEAD_SCALE, HEAD_SCALE)
    p[:, 1] += _CHIN_Y * (1 - HEAD_SCALE)
    angle = body.pose.head_tilt
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = p[:, 0], p[:, 1] - _CHIN_Y
    out = np.stack([x * cos - y * sin, x * sin + y * cos + _CHIN_Y], axis=1)
    out[:, 0] += body.pose.turn * 0.4 + 150 * np.sin(body.pose.shoulder_tilt) * 0.2
    return out


def head_parts(body: Body, skin: Fabric, hair: Colour, *, beard: bool = False) -> list[Part]:
    """Return neck shadow, ears and face, with a beard where there is one."""
    face = path([(-38, 56), (-37, 80), (-29, 104), (-12, 123), (0, 126), (12, 123), (29, 104), (37, 80), (38, 56)],
                [(38, 56), (33, 22), (0, 8), (-33, 22), (-38, 56)])  # fmt: skip
    throat = path([(-30, 104), (0, 122), (30, 104)], [(30, 104), (24, 146), (0, 158), (-24, 146), (-30, 104)])  # fmt: skip

    def put(shape: Points) -> Points:
        return head_carry(body, shape)

    parts = [Part(put(throat), skin.solid(0.9), 12.5, 14, 0.2, rumple=0, shadow=0)]
    parts += [
        Part(put(ellipse((s * 38, 72), (5.5, 10.5), s * 0.15)), skin.solid(0.93), 38, 5, 0.5, rumple=0)
        for s in (-1, 1)
    ]  # fmt: skip
    folds = tuple((put(shape), height) for shape, height in _bones())
    marks = tuple(
        Mark(put(shape), colour, strength) for shape, colour, strength in _features(skin, hair)
    )
    parts.append(Part(put(face), skin, 38.1, 30, 0.6, folds, 0.0, marks, shadow=0.4))
    if beard:
        parts.append(_beard(put(_BEARD), hair))
    return parts


def mannequin_head(body: Body, plaster: Fabric) -> list[Part]:
    """Return a smooth head, with no more than the hint of a brow and a nose."""
    skull = path([(-37, 52), (-37, 76), (-28, 104), (-11, 124), (0, 127), (11, 124), (28, 104), (37, 76), (37, 52)],
                 [(37, 52), (34, 14), (0, -4), (-34, 14), (-37, 52)])  # fmt: skip
    hints = [(tube([(0, 52), (0, 76), (0, 90)], [3.0, 3.4, 5.0]), 1.2)]
    hints += [(ellipse((s * 17, 68), (11, 8)), -0.9) for s in (-1, 1)]
    folds = tuple((head_carry(body, shape), height) for shape, height in hints)
    return [Part(head_carry(body, skull), plaster, 38.1, 34, 0.8, folds, 0.0, shadow=0.7)]


def neck_end(body: Body, plaster: Fabric) -> list[Part]:
    """Return where a figure without a head ends: a flat disc on its neck."""
    disc = ellipse((0, 120), (body.build.neck + 1.5, 6.5))
    return [Part(body.torso(disc), plaster.solid(0.86), 12.5, 4, 0.3, rumple=0, shadow=0.2)]


_BEARD = path([(-38, 70), (-37, 84), (-29, 107), (-12, 126), (0, 130), (12, 126), (29, 107), (37, 84), (38, 70)],
              [(38, 70), (30, 88), (15, 94), (0, 92), (-15, 94), (-30, 88), (-38, 70)])  # fmt: skip


def _beard(outline: Points, hair: Colour) -> Part:
    cloth = Fabric(hair, material="hair")
    return Part(outline, cloth, 38.15, 9, 0.25, rumple=0.2, opacity=0.86, shadow=0.05)


def _bones() -> list[tuple[Points, float]]:
    """Return what a face's light falls on: brow, nose, cheeks, lips and chin; sockets lie deep."""
    shapes = [
        (tube([(0, 58), (1, 76), (1, 89)], [2.0, 2.6, 5.0]), 2.2),
        (ellipse((0, 116), (10, 7)), 0.8),
    ]
    for s in (-1, 1):
        shapes.append((ellipse((s * 18, 67), (11, 6)), -1.5))
        shapes.append((ellipse((s * 23, 86), (12, 10), s * 0.5), 0.7))
    return shapes


def _features(skin: Fabric, hair: Colour) -> list[tuple[Points, Colour | None, float]]:
    dark = shade(hair, 0.7)
    r, g, b = skin.colour
    rose = (round(0.62 * r + 58), round(0.52 * g + 18), round(0.52 * b + 22))
    out: list[tuple[Points, Colour | None, float]] = []
    for s in (-1, 1):
        brow = tube([(s * 8, 60), (s * 18, 56.2), (s * 29, 60)], [1.6, 1.5, 0.4])
        lid = tube([(s * 9.5, 70), (s * 18, 73), (s * 27, 69.6)], [0.5, 1.35, 0.7])
        fold = tube([(s * 10.5, 67), (s * 18, 65), (s * 27, 67.4)], [0.3, 0.8, 0.3])
        out += [(brow, dark, 0.62), (lid, shade(dark, 0.6), 0.8), (fold, None, 0.16)]
        out.append((spindle((s * 2.4, 92), (s * 6, 91), 2.2), None, 0.28))
    out.append((spindle((-11, 103.4), (11, 103.4), 4.4, 0.9), shade(rose, 0.86), 0.8))
    out.append((spindle((-9, 105.6), (9, 105.6), 4.6, 1.2), rose, 0.75))
    out.append((spindle((-10.5, 104.4), (10.5, 104.4), 1.0, 0.5), shade(rose, 0.55), 0.7))
    return out


def hair_parts(body: Body, colour: Colour, style: str, *, hat: bool = False) -> list[Part]:
    """Return hair behind and round the head; under a hat it stays flat."""
    hair = Fabric(colour, material="hair")

    def put(shape: Points, z: float, puff: float = 18, *strands: Sequence[Sequence[float]]) -> Part:
        folds = tuple((head_carry(body, tube(s, [0.5, 3, 0.5])), 2.6) for s in strands)
        return Part(head_carry(body, shape), hair, z, puff, 0.6, folds, rumple=0.5, shadow=0.3)

    if style == "curls":
        return _curls(hair, put, hat=hat)
    parts: list[Part] = []
    low = {"long": 226.0, "wavy": 206.0, "bob": 134.0}.get(style, 0.0)
    if low:
        w = 53.0 if style != "wavy" else 60.0
        back = path([(-46, 40), (-w, 90), (-w + 2, low - 30), (-38, low)], [(-38, low), (0, low - 14), (38, low)],
                    [(38, low), (w - 2, low - 30), (w, 90), (46, 40)], [(46, 40), (0, -4), (-46, 40)])  # fmt: skip
        parts.append(
            put(back, 2.5, 22, *([(x, 40), (x * 1.2, low - 20)] for x in (-40, -24, 24, 40)))
        )
        for s in (-1, 1):
            front = tube(
                [(s * 36, 40), (s * 45, 80), (s * (w - 6), low - 40), (s * (w - 15), low - 2)],
                [4, 8, 12, 5],
            )
            parts.append(put(front, 38.6, 9))
    if style in ("bun", "ponytail") and not hat:
        parts.append(put(ellipse((2, -12), (24, 20)), 38.05, 16, [(-12, -20), (12, -6)]))
    if style == "ponytail":
        parts.append(put(tube([(30, 20), (58, 70), (50, 190)], [8, 15, 4]), 2.6, 12))
    parts += [put(shape, 38.5, 14, *strands) for shape, strands in _caps(style)]
    return parts


def _caps(style: str) -> list[tuple[Points, list[list[tuple[float, float]]]]]:
    """Return the hair over the forehead, with strands."""
    if style in ("short", "swept", "crop"):
        lift = {"short": -2.0, "swept": -9.0, "crop": 4.0}[style]
        cap = path([(-42, 70), (-44, 30), (-26, lift + 2), (0, lift), (28, lift + 3), (45, 30), (42, 70)],
                   [(42, 70), (38, 44), (30, 36)], [(30, 36), (4, 27), (-18, 34), (-34, 38)], [(-34, 38), (-39, 48), (-42, 70)])  # fmt: skip
        return [(cap, [[(-30, 30), (0, 8), (34, 30)], [(-20, 33), (6, 18), (30, 34)]])]
    left = path(
        [(-43, 92), (-47, 44), (-30, 6), (4, -3)],
        [(4, -3), (6, 22)],
        [(6, 22), (-22, 34), (-35, 58), (-43, 92)],
    )
    right = path(
        [(4, -3), (34, 6), (47, 44), (43, 92)],
        [(43, 92), (36, 58), (26, 32), (5, 22)],
        [(5, 22), (4, -3)],
    )
    return [
        (left, [[(2, 6), (-28, 24), (-40, 70)], [(4, 14), (-20, 30), (-36, 52)]]),
        (right, [[(8, 4), (30, 22), (41, 70)], [(8, 14), (26, 28), (37, 54)]]),
    ]


def _curls(hair: Fabric, put: Callable[..., Part], *, hat: bool) -> list[Part]:
    """Return tight curls: a round halo, its edge of many small locks; less of it under a hat."""
    rng = np.random.default_rng(sum(hair.colour))
    size = 0.86 if hat else 1.0
    parts = [put(ellipse((0, 48), (58 * size, 56 * size)), 2.5, 22)]
    angles = np.linspace(0.62 * np.pi, 2.38 * np.pi, 40)
    locks = [
        ((np.cos(a) * 54 * size, 48 + np.sin(a) * 52 * size), float(rng.uniform(7.5, 11)))
        for a in angles
    ]
    parts += [put(ellipse(at, (r, r)), 2.4, 8) for at, r in locks]
    brow = [
        ((float(x), 30 - 0.006 * float(x) ** 2 + float(rng.uniform(-2, 2))), 10.0)
        for x in np.linspace(-36, 36, 11)
    ]
    crown = path([(-43, 62), (-46, 26), (-24, -4), (0, -8), (24, -4), (46, 26), (43, 62)], [(43, 62), (36, 40), (0, 24), (-36, 40), (-43, 62)])  # fmt: skip
    parts.append(put(crown, 38.5, 14))
    return parts + [put(ellipse(at, (r, r * 0.9)), 38.52, 8) for at, r in brow]
