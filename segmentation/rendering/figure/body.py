"""The figure that garments hang on: a symmetric body, and the pose that bends it.

Garments are drawn for an upright, symmetric body in front view (x = 0 is its middle, y = 0 the
crown, y = 1000 the floor) and are then carried into the pose by `Body.torso`, `Body.below` and
`Body.leg`; arms are posed by their joints. Side -1 is the viewer's left, +1 the viewer's right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.rendering.paint.curves import Points, PointsLike, points

SHOULDER_Y, CHEST_Y, WAIST_Y, HIP_Y, CROTCH_Y = 176.0, 246.0, 372.0, 478.0, 520.0
KNEE_Y, ANKLE_Y, FLOOR_Y = 722.0, 930.0, 992.0


@dataclass(frozen=True)
class Build:
    """Half-widths of the body in units.

    Attributes:
        neck, shoulder, chest, waist, hip: half-widths.
        limb: factor on the thickness of arms and legs.
    """

    neck: float = 24.0
    shoulder: float = 91.0
    chest: float = 72.0
    waist: float = 58.0
    hip: float = 82.0
    limb: float = 1.0


BUILDS: dict[str, Build] = {
    "women": Build(21, 86, 70, 55, 80, 0.93),
    "men": Build(25, 100, 82, 71, 78, 1.02),
}
"""The figures that wear the garments: slim, as fashion drawings have them."""
FLAT_BUILDS: dict[str, Build] = {
    "women": Build(24, 101, 88, 77, 98, 1.14),
    "men": Build(26, 113, 102, 96, 99, 1.2),
    "kids": Build(26, 113, 105, 104, 108, 1.3),
}
"""The same garments laid flat, wider than they look on a figure."""


@dataclass(frozen=True)
class Pose:
    """How the figure stands.

    Attributes:
        shoulder_tilt, hip_tilt: slope of the shoulder and hip lines.
        sway: how far the hips stand to the side, units.
        turn: where the front middle lies, as a shift in units at the chest.
        arms: for each side, angle of upper arm and of forearm from straight down, outwards, radians.
        knees, ankles: for each side, shift outwards in units.
        head_tilt: radians.
        lift: for each side, by which share a leg that stands further back looks shorter.
    """

    shoulder_tilt: float = 0.0
    hip_tilt: float = 0.0
    sway: float = 0.0
    turn: float = 0.0
    arms: tuple[tuple[float, float], tuple[float, float]] = ((0.24, 0.16), (0.24, 0.16))
    knees: tuple[float, float] = (0.0, 0.0)
    ankles: tuple[float, float] = (2.0, 2.0)
    head_tilt: float = 0.0
    lift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Body:
    """A build in a pose."""

    build: Build = Build()
    pose: Pose = Pose()

    def torso(self, values: PointsLike) -> Points:
        """Return points of the upright body carried into the pose; legs do not spread them."""
        p = points(values)
        pose = self.pose
        t = np.clip((p[:, 1] - SHOULDER_Y) / (HIP_Y - SHOULDER_Y), 0.0, 1.0)
        ease = t * t * (3 - 2 * t)
        tilt = pose.shoulder_tilt * (1 - t) + pose.hip_tilt * t
        middle = pose.turn * np.exp(-((p[:, 0] / 60.0) ** 2)) * np.clip(p[:, 1] / 300, 0.5, 1.0)
        fade = np.clip((1000 - p[:, 1]) / 480, 0.0, 1.0)
        x = p[:, 0] + pose.sway * ease * np.where(p[:, 1] > HIP_Y, 0.4 + 0.6 * fade, 1.0) + middle
        return np.stack(
            [x, p[:, 1] + tilt * p[:, 0] * np.where(p[:, 1] > HIP_Y, fade, 1.0)], axis=1
        )

    def below(self, values: PointsLike) -> Points:
        """Return points of one hanging piece (a skirt, a coat) carried along with both legs."""
        p = points(values)
        weight = np.clip((p[:, 0] + 50) / 100, 0, 1)
        shift = (1 - weight) * self._leg_shift(-1, p[:, 1]) + weight * self._leg_shift(1, p[:, 1])
        out = self.torso(p)
        out[:, 0] += shift
        return out

    def leg(self, values: PointsLike, side: int) -> Points:
        """Return points of one leg, drawn at its own side of the upright body, in the pose."""
        p = points(values)
        out = self.torso(p)
        out[:, 0] += self._leg_shift(side, p[:, 1])
        lift = self.pose.lift[0 if side < 0 else 1]
        out[:, 1] -= lift * np.clip(p[:, 1] - HIP_Y, 0, None)
        return out

    def middle(self, values: Points) -> Points:
        """Return where the line between both legs runs in the pose: points of x = 0, carried."""
        upright = points(values) * (0, 1)
        return np.asarray((self.leg(upright, -1) + self.leg(upright, 1)) / 2)

    def _leg_shift(self, side: int, y: Points) -> Points:
        index = 0 if side < 0 else 1
        heights = [HIP_Y, KNEE_Y, ANKLE_Y, FLOOR_Y]
        knee, ankle = self.pose.knees[index], self.pose.ankles[index]
        return np.asarray(side * np.interp(y, heights, [0.0, knee, ankle, ankle * 1.05]))

    def arm(self, side: int) -> Points:
        """Return shoulder, elbow, wrist and knuckles of one arm: (4, 2)."""
        upper, fore = self.pose.arms[0 if side < 0 else 1]
        start = self.torso([(side * (self.build.shoulder - 13), SHOULDER_Y + 17)])[0]
        elbow = start + 152 * np.array([side * np.sin(upper), np.cos(upper)])
        wrist = elbow + 138 * np.array([side * np.sin(fore), np.cos(fore)])
        hand = wrist + 58 * np.array([side * np.sin(fore * 0.7), np.cos(fore * 0.7)])
        return np.stack([start, elbow, wrist, hand])
