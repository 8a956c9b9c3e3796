"""A garment for the encoder's tests: a plain square on neutral ground."""

from __future__ import annotations

import numpy as np

from index.training.examples.facts import Facts
from index.training.examples.garments import STORED, Example
from segmentation.common.colours import lab_of
from segmentation.common.taxonomy import Category

INSIDE = slice(64, 192)


def square_garment(
    name: str = "shirt",
    category: Category = Category.SHIRT,
    rgb: tuple[int, int, int] = (36, 46, 78),
    facts: Facts | None = None,
) -> Example:
    """Return a garment of 128 x 128 pixels in one colour, with a fold down its middle."""
    picture = np.full((STORED, STORED, 3), 127, dtype=np.uint8)
    picture[INSIDE, INSIDE] = rgb
    picture[INSIDE, 120:136] = np.array(rgb) // 2
    mask = np.zeros((STORED, STORED), dtype=np.bool_)
    mask[INSIDE, INSIDE] = True
    lab = lab_of(np.array([rgb], dtype=np.uint8))[0]
    known = facts or Facts(category, name, ("navy",))
    return Example(f"tests/{name}", "tests", picture, mask, known, category.value, lab)
