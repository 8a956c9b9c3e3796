"""The person who wears the garments: skin, a face without features, and hair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from segmentation.rendering.figure.body import BUILDS, Body, Build
from segmentation.rendering.figure.heads import head_parts, mannequin_head, neck_end
from segmentation.rendering.figure.limbs import foot_outline, limb_outline, place_foot
from segmentation.rendering.figure.poses import sample_pose
from segmentation.rendering.garments.cuts import shoulder_y
from segmentation.rendering.garments.extras import hand_clip, hand_lines, hand_outline
from segmentation.rendering.paint.curves import Points, path, points, spindle, tube
from segmentation.rendering.paint.fabrics import Colour, Fabric
from segmentation.rendering.paint.parts import Mark, Part

SKINS: tuple[Colour, ...] = (
    (246, 220, 200), (238, 203, 177), (225, 182, 150), (205, 157, 122), (174, 124, 90), (136, 92, 64),
    (98, 66, 48),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (38, 30, 28), (62, 44, 34), (96, 66, 44), (142, 100, 62), (196, 156, 104), (150, 74, 44), (150, 148, 146),
)  # fmt: skip
PLASTER: Colour = (222, 198, 176)
"""Of a mannequin."""
WOMEN_HAIR = ("long", "bob", "bun", "wavy", "ponytail", "curls", "bun", "bob")
MEN_HAIR = ("short", "crop", "swept", "curls")


_INSTEP = points([(-60, 4), (60, 4), (60, 90), (-60, 90)])
"""Where a bare foot is painted: its light runs on from the leg without an edge."""


@dataclass(frozen=True)
class Person:
    """A figure to dress.

    Attributes:
        body: build and pose.
        skin, hair: sRGB.
        hair_style: long, bob, bun, wavy, ponytail, curls, short, crop, swept.
        beard: whether there is one.
        mannequin: it is a shop's figure of plaster: without hair, its face without features.
        headless: it ends at the neck.
    """

    body: Body
    skin: Colour
    hair: Colour
    hair_style: str
    beard: bool = False
    mannequin: bool = False
    headless: bool = False


def sample_person(rng: np.random.Generator, audience: str, *, lively: float = 1.0) -> Person:
    """Return a person; `lively` scales how far the pose leaves a plain stance."""
    woman = audience == "women" or (audience not in ("men", "women") and rng.random() < 0.5)
    base = BUILDS["women" if woman else "men"]
    factor = 0.92 + 0.3 * rng.random() ** 1.7
    build = Build(base.neck, base.shoulder * (0.7 + 0.3 * factor), base.chest * factor, base.waist * factor,
                  base.hip * (0.5 + factor / 2), base.limb * (0.4 + 0.6 * factor))  # fmt: skip
    pose = sample_pose(rng, lively)
    skin = SKINS[int(rng.integers(len(SKINS)))]
    hairs = HAIRS[:4] if sum(skin) < 420 else HAIRS
    hair = hairs[int(rng.integers(len(hairs)))]
    styles = WOMEN_HAIR if woman else MEN_HAIR
    style = styles[int(rng.integers(len(styles)))]
    return Person(Body(build, pose), skin, hair, style, not woman and bool(rng.random() < 0.4))


def as_mannequin(person: Person, *, headless: bool) -> Person:
    """Return a shop's figure in somebody's build and pose; with a head only where something is worn on it."""
    return replace(person, skin=PLASTER, beard=False, mannequin=True, headless=headless)


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
    body = person.body
    skin = Fabric(person.skin, material="plaster" if person.mannequin else "skin")
    parts: list[Part] = []
    for side in (-1, 1):
        leg = limb_outline(body, side, 505, 968)
        knee = tuple(
            Mark(
                body.leg(spindle((side * (47 - a), y), (side * (47 + a), y), 2.6, b), side),
                None,
                0.07,
            )
            for a, y, b in ((12, 708, -3), (13, 731, 4))
        )
        parts.append(Part(leg, skin, 10, 22, 0.8, rumple=0.0, marks=knee, shadow=0.15))
        parts.append(
            Part(
                place_foot(foot_outline(-34, 18, 60, 0.3), body, side),
                skin,
                10.1,
                12,
                0.6,
                rumple=0.0,
                shadow=0,
                clip=place_foot(_INSTEP, body, side),
            )
        )
        arm = body.arm(side)
        limb = body.build.limb
        line = path([arm[0], arm[0] * 0.5 + arm[1] * 0.5, arm[1], arm[2] * 0.7 + arm[3] * 0.3])
        widths = [
            (0.0, 15 * limb),
            (0.08, 22 * limb),
            (0.4, 19 * limb),
            (0.55, 17.5 * limb),
            (1.0, 11.5 * limb),
        ]
        parts.append(Part(tube(line, widths, 36), skin, z_arm, 16, 0.62, rumple=0.15, shadow=0.25,
                          clip=arm_clips.get(side)))  # fmt: skip
        parts.append(Part(hand_outline(arm, side, top=-36), skin, z_hand, 11, 0.6, rumple=0.0, shadow=0,
                          marks=hand_lines(arm, side), clip=hand_clip(arm, side)))  # fmt: skip
    parts.append(_torso(body, skin))
    if person.mannequin:
        return parts + (neck_end(body, skin) if person.headless else mannequin_head(body, skin))
    return parts + head_parts(body, skin, person.hair, beard=person.beard)


def _torso(body: Body, skin: Fabric) -> Part:
    b = body.build
    right = path([(b.neck, 118), (b.neck + 1, 146), (b.neck + 14, 161), (b.shoulder - 9, shoulder_y(b.shoulder - 9) + 4)],
                 [(b.shoulder - 9, shoulder_y(b.shoulder - 9) + 4), (b.shoulder - 5, 200), (b.chest, 250), (b.waist, 372), (b.hip - 2, 470), (60, 530)])  # fmt: skip
    outline = np.concatenate([right, right[::-1] * (-1, 1)])
    bones = [tube([(s * 12, 184), (s * 40, 176), (s * 70, 178)], [0.6, 1.6, 0.6]) for s in (-1, 1)]
    marks = tuple(Mark(body.torso(bone), None, 0.08) for bone in bones)
    return Part(body.torso(outline), skin, 12, 30, 0.5, rumple=0.1, marks=marks, shadow=0.1)
