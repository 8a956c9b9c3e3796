"""The person who wears the garments: skin, a face without features, and hair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from segmentation.rendering.body import BUILDS, Body, Build, Pose
from segmentation.rendering.curves import Points, ellipse, path, points, spindle, tube
from segmentation.rendering.extras import hand_outline
from segmentation.rendering.fabrics import Colour, Fabric, shade
from segmentation.rendering.limbs import foot_outline, limb_outline, place_foot
from segmentation.rendering.parts import Mark, Part

SKINS: tuple[Colour, ...] = (
    (246, 220, 200), (238, 203, 177), (225, 182, 150), (205, 157, 122), (174, 124, 90), (136, 92, 64),
    (98, 66, 48),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (38, 30, 28), (62, 44, 34), (96, 66, 44), (142, 100, 62), (196, 156, 104), (150, 74, 44), (150, 148, 146),
)  # fmt: skip
WOMEN_HAIR = ("long", "bob", "bun", "wavy", "ponytail")
MEN_HAIR = ("short", "crop", "short", "swept")


@dataclass(frozen=True)
class Person:
    """A figure to dress.

    Attributes:
        body: build and pose.
        skin, hair: sRGB.
        hair_style: long, bob, bun, wavy, ponytail, short, crop, swept.
    """

    body: Body
    skin: Colour
    hair: Colour
    hair_style: str


def sample_person(rng: np.random.Generator, audience: str, *, lively: float = 1.0) -> Person:
    """Return a person; `lively` scales how far the pose leaves a plain stance."""
    woman = audience == "women" or (audience not in ("men", "women") and rng.random() < 0.5)
    base = BUILDS["women" if woman else "men"]
    factor = rng.uniform(0.93, 1.1)
    build = Build(base.neck, base.shoulder, base.chest * factor, base.waist * factor,
                  base.hip * (0.5 + factor / 2), base.limb * (0.4 + 0.6 * factor))  # fmt: skip
    pose = _sample_pose(rng, lively)
    skin = SKINS[int(rng.integers(len(SKINS)))]
    hairs = HAIRS[:4] if sum(skin) < 420 else HAIRS
    hair = hairs[int(rng.integers(len(hairs)))]
    styles = WOMEN_HAIR if woman else MEN_HAIR
    return Person(Body(build, pose), skin, hair, styles[int(rng.integers(len(styles)))])


def _sample_pose(rng: np.random.Generator, lively: float) -> Pose:
    side = float(rng.choice([-1.0, 1.0]))
    sway = rng.uniform(0, 13) * lively * side
    kind = rng.random()
    arms = [(float(rng.uniform(0.16, 0.32)), float(rng.uniform(0.02, 0.2))) for _ in range(2)]
    if kind < 0.22 * lively:  # one hand at the hip
        arms[int(rng.integers(2))] = (
            float(rng.uniform(0.62, 0.78)),
            float(rng.uniform(-0.85, -0.62)),
        )
    elif kind < 0.4 * lively:  # one forearm out
        arms[int(rng.integers(2))] = (float(rng.uniform(0.3, 0.5)), float(rng.uniform(0.3, 0.7)))
    elif kind < 0.52 * lively:  # one hand towards a pocket
        arms[int(rng.integers(2))] = (
            float(rng.uniform(0.34, 0.44)),
            float(rng.uniform(-0.3, -0.15)),
        )
    wide = rng.uniform(-8, 20, 2) * lively
    knees = (float(wide[0] * 0.6 + rng.uniform(-3, 3)), float(wide[1] * 0.6 + rng.uniform(-3, 3)))
    return Pose(
        shoulder_tilt=float(-0.0022 * sway + rng.uniform(-0.02, 0.02) * lively),
        hip_tilt=float(0.005 * sway), sway=float(sway), turn=float(rng.uniform(-9, 9) * lively),
        arms=(arms[0], arms[1]), knees=knees, ankles=(float(wide[0]), float(wide[1])),
        head_tilt=float(rng.uniform(-0.07, 0.07) * lively),
    )  # fmt: skip


def head_carry(body: Body, values: Points) -> Points:
    """Carry head coordinates into the pose: the head turns about the chin."""
    p = points(values)
    angle = body.pose.head_tilt
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = p[:, 0], p[:, 1] - 132.0
    out = np.stack([x * cos - y * sin, x * sin + y * cos + 132.0], axis=1)
    out[:, 0] += body.pose.turn * 0.4 + 150 * np.sin(body.pose.shoulder_tilt) * 0.2
    return out


def skin_parts(
    person: Person, z_arm: float, z_hand: float, arm_clips: Mapping[int, Points]
) -> list[Part]:
    """Return legs, feet, torso, arms, hands and head; z of the arms and hands as given.

    Args:
        person: who.
        z_arm: layer of the arms.
        z_hand: layer of the hands.
        arm_clips: by side, the region where the arm shows; absent where all of it may.
    """
    body, skin = person.body, Fabric(person.skin, material="skin")
    parts: list[Part] = []
    for side in (-1, 1):
        leg = limb_outline(body, side, 505, 968)
        parts.append(Part(leg, skin, 10, 22, 0.62, rumple=0.15, shadow=0.15))
        parts.append(
            Part(
                place_foot(foot_outline(0, 18, 60, 0.3), body, side),
                skin,
                10.1,
                12,
                0.6,
                rumple=0.1,
            )
        )
        arm = body.arm(side)
        limb = body.build.limb
        line = path([arm[0], arm[0] * 0.5 + arm[1] * 0.5, arm[1], arm[2]])
        widths = [
            (0.0, 15 * limb),
            (0.08, 22 * limb),
            (0.4, 19 * limb),
            (0.55, 17.5 * limb),
            (1.0, 11.5 * limb),
        ]
        parts.append(Part(tube(line, widths, 36), skin, z_arm, 16, 0.62, rumple=0.15, shadow=0.25,
                          clip=arm_clips.get(side)))  # fmt: skip
        finger = Mark(tube([arm[2] * 0.35 + arm[3] * 0.65, arm[3]], [0.9, 0.7]), None, 0.15)
        parts.append(
            Part(hand_outline(arm, side), skin, z_hand, 9, 0.6, rumple=0.1, marks=(finger,))
        )
    parts.append(_torso(body, skin))
    return parts + _head(person, skin)


def _torso(body: Body, skin: Fabric) -> Part:
    b = body.build
    right = path([(b.neck, 118), (b.neck + 1, 146), (b.neck + 14, 160), (b.shoulder - 8, 177)],
                 [(b.shoulder - 8, 177), (b.shoulder - 4, 196), (b.chest, 250), (b.waist, 372), (b.hip - 2, 470), (60, 530)])  # fmt: skip
    outline = np.concatenate([right, right[::-1] * (-1, 1)])
    bones = [tube([(s * 12, 184), (s * 40, 176), (s * 70, 178)], [0.6, 1.6, 0.6]) for s in (-1, 1)]
    marks = tuple(Mark(body.torso(bone), None, 0.08) for bone in bones)
    return Part(body.torso(outline), skin, 12, 30, 0.5, rumple=0.1, marks=marks, shadow=0.1)


def _head(person: Person, skin: Fabric) -> list[Part]:
    body = person.body
    face = path([(-40, 58), (-38, 86), (-25, 114), (0, 126), (25, 114), (38, 86), (40, 58)],
                [(40, 58), (34, 24), (0, 8), (-34, 24), (-40, 58)])  # fmt: skip
    nose = Mark(head_carry(body, tube([(2, 66), (4, 84), (-1, 90)], [0.4, 1.6, 2.4])), None, 0.09)
    mouth = Mark(
        head_carry(body, spindle((-9, 103), (9, 103), 3.4, 1.6)), shade((176, 92, 84), 1.0), 0.3
    )
    brows = tuple(
        Mark(head_carry(body, spindle((s * 9, 60), (s * 28, 59), 3.2, -s * 2.0)), person.hair, 0.34)
        for s in (-1, 1)
    )
    lids = tuple(
        Mark(head_carry(body, spindle((s * 11, 70), (s * 26, 70), 3.0, s * 1.6)), None, 0.2)
        for s in (-1, 1)
    )
    ears = [
        Part(
            head_carry(body, ellipse((s * 40, 72), (6, 11))), skin.solid(0.94), 38, 5, 0.5, rumple=0
        )
        for s in (-1, 1)
    ]
    chin = Part(head_carry(body, path([(-24, 108), (0, 124), (24, 108)], [(24, 108), (22, 140), (0, 150), (-22, 140), (-24, 108)])),
                skin.solid(0.86), 12.5, 14, 0.2, rumple=0, shadow=0)  # fmt: skip
    marks = (nose, mouth, *brows, *lids)
    return [
        chin,
        *ears,
        Part(head_carry(body, face), skin, 38.1, 30, 0.5, rumple=0.05, marks=marks, shadow=0.4),
    ]


def hair_parts(person: Person, *, hat: bool = False) -> list[Part]:
    """Return hair behind and round the head; under a hat it stays flat."""
    hair, body, style = Fabric(person.hair, material="hair"), person.body, person.hair_style

    def put(shape: Points, z: float, puff: float = 18, *strands: Sequence[Sequence[float]]) -> Part:
        folds = tuple((head_carry(body, tube(s, [0.5, 3, 0.5])), 2.6) for s in strands)
        return Part(head_carry(body, shape), hair, z, puff, 0.6, folds, rumple=0.5, shadow=0.3)

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
