"""Boxes as the outfit data sets publish them: fractions of the picture's width and height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

from recommender.compatibility.datasets.files import cannot_use

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

TOLERANCE: Final = 1e-3
"""How far a box may reach beyond the picture, as rounding makes it: half a pixel of these photos."""


def fractions_of(corners: Sequence[float], record: str) -> Box:
    """Return a box in fractions, brought inside the picture.

    Args:
        corners: left, top, right, bottom, 0 to 1.
        record: what has it, for the message: "line 7 of fashion.json".

    Raises:
        DatasetError: it is empty, not of four finite numbers, or reaches beyond the picture.

    >>> fractions_of([0.25, 0.0, 1.0004, 0.5], "line 7 of fashion.json")
    (0.25, 0.0, 1.0, 0.5)
    """
    inside = len(corners) == 4 and all(
        math.isfinite(side) and -TOLERANCE <= side <= 1 + TOLERANCE for side in corners
    )
    if not inside or corners[0] >= corners[2] or corners[1] >= corners[3]:
        raise cannot_use(
            record,
            f"a box {tuple(corners)}",
            "left < right and top < bottom, as fractions of the picture from 0 to 1",
        )
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in corners)
    return left, top, right, bottom


def in_pixels(box: Box, size_wh: tuple[int, int]) -> Box:
    """Return a box of fractions in pixels, right and bottom exclusive.

    >>> in_pixels((0.25, 0.0, 1.0, 0.5), (400, 600))
    (100.0, 0.0, 400.0, 300.0)
    """
    width, height = size_wh
    left, top, right, bottom = box
    return left * width, top * height, right * width, bottom * height
