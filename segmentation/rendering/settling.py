"""How things settle: nothing that is worn or laid down keeps the straight lines it was cut with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from segmentation.rendering.paint.curves import Points
from segmentation.rendering.paint.noise import noise
from segmentation.rendering.paint.parts import Part
from segmentation.rendering.paint.pixels import floats


def settled(
    parts: Sequence[Part], seed: int, amount: float, *, turn: float = 0.0, below: float = -1e6
) -> list[Part]:
    """Return parts that one smooth field has pushed about, so that what touches still touches.

    Args:
        parts: a picture's parts.
        seed: of the field.
        amount: typical shift in units.
        turn: radians by which all of it leans.
        below: nothing above this y moves.
    """

    def move(shape: Points) -> Points:
        x, y = (floats(shape[:, k : k + 1]) for k in (0, 1))
        held = np.clip((shape[:, 1] - below) / 70, 0, 1) * amount
        out = np.array(shape)
        for axis in (0, 1):
            wide, near = (
                noise(x, y, 0.055, seed + 31 * axis),
                noise(x, y, 0.17, seed + 7 + 31 * axis),
            )
            out[:, axis] += held * (0.8 * wide + 0.32 * near)[:, 0]
        cos, sin = np.cos(turn), np.sin(turn)
        return np.asarray(out @ np.array([[cos, sin], [-sin, cos]]))

    return [_moved(part, move) for part in parts]


def _moved(part: Part, move: Callable[[Points], Points]) -> Part:
    return replace(
        part,
        outline=move(part.outline),
        clip=None if part.clip is None else move(part.clip),
        folds=tuple((move(fold), height) for fold, height in part.folds),
        marks=tuple(replace(mark, outline=move(mark.outline)) for mark in part.marks),
    )
