"""How people stand: weight on one leg, a step, feet together; arms at ease."""

from __future__ import annotations

import numpy as np

from segmentation.rendering.figure.body import Pose

Pair = tuple[float, float]


def sample_pose(rng: np.random.Generator, lively: float) -> Pose:
    """Return a stance; `lively` 0 is plain, 1 as varied as they get."""
    side = float(rng.choice([-1.0, 1.0]))
    sway, tilt, knees, ankles, lift = _stance(rng, lively, side)
    arms = _arms(rng, lively)
    return Pose(
        shoulder_tilt=float(-0.0028 * sway + rng.uniform(-0.016, 0.016) * lively),
        hip_tilt=tilt, sway=sway, turn=float(rng.uniform(-9, 9) * lively), arms=arms, knees=knees,
        ankles=ankles, head_tilt=float(-0.003 * sway + rng.uniform(-0.06, 0.06) * lively), lift=lift,
    )  # fmt: skip


def _stance(
    rng: np.random.Generator, lively: float, side: float
) -> tuple[float, float, Pair, Pair, Pair]:
    """Return sway, tilt of the hips, and knees, ankles and lift of both legs."""
    kind = rng.random()
    near = float(rng.uniform(-15, -7))
    if kind < 0.45 * lively:  # weight on one leg, the other at ease
        sway = side * float(rng.uniform(7, 15)) * lively
        own, free = (near - 6, near - 4), (float(rng.uniform(-12, 4)), float(rng.uniform(-4, 12)))
        lift = (0.0, float(rng.uniform(0.006, 0.016)))
    elif kind < 0.8 * lively:  # a step towards the camera
        sway = side * float(rng.uniform(3, 8)) * lively
        own, free = (near - 5, near - 16), (near, near - 12)
        lift = (0.0, float(rng.uniform(0.022, 0.036)))
    else:
        sway = side * float(rng.uniform(0, 5)) * lively
        own, free = (near * 0.6, near), (near * 0.6, near + float(rng.uniform(-3, 8)))
        lift = (0.0, 0.0)
    tilt = 0.0045 * sway
    pairs = [
        (a, b) if side > 0 else (b, a)
        for a, b in zip((*own, lift[0]), (*free, lift[1]), strict=True)
    ]
    knees, ankles, lifts = ((b, a) for a, b in pairs)
    return sway, tilt, knees, ankles, lifts


def _arms(rng: np.random.Generator, lively: float) -> tuple[Pair, Pair]:
    arms = [(float(rng.uniform(0.15, 0.25)), float(rng.uniform(-0.02, 0.1))) for _ in range(2)]
    kind, one = rng.random(), int(rng.integers(2))
    if kind < 0.2 * lively:  # one hand at the hip
        arms[one] = (float(rng.uniform(0.56, 0.68)), float(rng.uniform(-0.82, -0.66)))
    elif kind < 0.42 * lively:  # one forearm a little out
        arms[one] = (float(rng.uniform(0.16, 0.28)), float(rng.uniform(0.18, 0.36)))
    elif kind < 0.72 * lively:  # one hand towards a pocket
        arms[one] = (float(rng.uniform(0.3, 0.38)), float(rng.uniform(-0.26, -0.14)))
    return arms[0], arms[1]
