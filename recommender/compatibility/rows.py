"""A garment as the compatibility model sees it: one row of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segmentation.common.colours import PALETTE, lab_of
from segmentation.common.taxonomy import Category

PATTERNS: Final = ("plain", "stripe", "pinstripe", "check", "dots", "floral")
KINDS: Final = tuple(Category)
"""A kind's number is its place here, which is its official id."""
COLOURS: Final = 2
_LAB: Final = dict(
    zip(PALETTE, lab_of(np.array(list(PALETTE.values()), dtype=np.uint8)) / 50, strict=True)
)


def width_of(dim: int) -> int:
    """Return the length of a row for vectors of `dim` numbers."""
    return dim + COLOURS * 4 + len(PATTERNS)


def rows_of(
    vectors_unit: NDArray[np.float32],
    colours: Sequence[Sequence[str]],
    patterns: Sequence[str],
) -> NDArray[np.float32]:
    """Return (n, width) float32 rows: vector, Lab of two colours, pattern; zeros where not known.

    Args:
        vectors_unit: (n, d) float32 unit rows.
        colours: n times palette names, main colour first; other names count as not known.
        patterns: n names of `PATTERNS`, or others for not known.
    """
    count, dim = vectors_unit.shape
    rows = np.zeros((count, width_of(dim)), dtype=np.float32)
    rows[:, :dim] = vectors_unit * np.float32(dim**0.5)
    for row, (names, pattern) in enumerate(zip(colours, patterns, strict=True)):
        for place, name in enumerate(names[:COLOURS]):
            if name in _LAB:
                start = dim + 4 * place
                rows[row, start : start + 4] = (*_LAB[name], 1.0)
        if pattern in PATTERNS:
            rows[row, dim + COLOURS * 4 + PATTERNS.index(pattern)] = 1.0
    return rows


def kinds_of(categories: Sequence[Category]) -> NDArray[np.int64]:
    """Return the (n,) numbers of kinds."""
    return np.array([category.id for category in categories], dtype=np.int64)
