"""Masks as one picture of class numbers, and the share of its pixels that are right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Garments, Mask
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import LabelledPhoto

Numbers: TypeAlias = NDArray[np.uint8]
"""H x W class numbers; 0 is background."""


def painted(masks: Iterable[tuple[int, Mask]], shape: tuple[int, ...]) -> Numbers:
    """Return the H x W picture of numbered masks; smaller ones lie on top, as belts on trousers do.

    >>> wide, small = np.array([[True, True]]), np.array([[True, False]])
    >>> painted([(7, small), (3, wide)], (1, 2)).tolist(), painted([], (1, 2)).tolist()
    ([[7, 3]], [[0, 0]])
    """
    picture = np.zeros(shape, dtype=np.uint8)
    for number, mask in sorted(masks, key=lambda each: -int(np.count_nonzero(each[1]))):
        picture[mask] = number
    return picture


class PixelAccuracy:
    """The share of all pixels that carry the right category or are rightly background."""

    def __init__(self) -> None:
        self._right = self._background = self._pixels = 0

    def add(self, found: Garments, record: LabelledPhoto, masks: Mapping[int, Mask]) -> None:
        """Count one photo; `masks` are those of the record, by label value."""
        shape = found.height, found.width
        result = painted(((g.category.id + 1, g.mask) for g in found), shape)
        true = painted(
            (
                (label.id + 1, masks[value])
                for value, label in record.labels.items()
                if isinstance(label, Category)
            ),
            shape,
        )
        self._right += int(np.count_nonzero(result == true))
        self._background += int(np.count_nonzero(true == 0))
        self._pixels += true.size

    def figures(self) -> dict[str, float]:
        """Return `pixel_accuracy`, and what calling everything background reaches."""
        pixels = max(1, self._pixels)
        return {
            "pixel_accuracy": round(self._right / pixels, 4),
            "background_accuracy": round(self._background / pixels, 4),
        }
