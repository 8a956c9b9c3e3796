"""The simple thing to beat: every category where it usually is, in every photo alike."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.boxes import box_of
from segmentation.common.garments import Garment, Garments
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import LabelledPhoto

GRID_HW = (96, 64)


class UsualPlaces:
    """Predicts, for each category, its mean training mask, scored by how often it is worn."""

    def __init__(self, train: Sequence[LabelledPhoto]) -> None:
        """Average the label pictures of the training photos, each scaled to `GRID_HW`."""
        sums = {category: np.zeros(GRID_HW, dtype=np.float64) for category in Category}
        seen = dict.fromkeys(Category, 0)
        for photo in train:
            _, masks = photo.read()
            worn: dict[Category, NDArray[np.bool_]] = {}
            for value, label in photo.labels.items():
                if isinstance(label, Category):
                    small = cv2.resize(
                        masks[value].view(np.uint8), GRID_HW[::-1], interpolation=cv2.INTER_NEAREST
                    ).astype(bool)
                    worn[label] = worn.get(label, small) | small
            for category, small in worn.items():
                sums[category] += small
                seen[category] += 1
        self._masks: dict[Category, tuple[float, NDArray[np.float64]]] = {
            category: (seen[category] / len(train), sums[category] / sums[category].max())
            for category in Category
            if seen[category] and sums[category].any()
        }

    def garments(self, height: int, width: int) -> Garments:
        """Return the same guess for every photo of a size, in pixels."""
        found = []
        for category, (share, mean) in self._masks.items():
            mask = cv2.resize(mean, (width, height)) > 0.5
            box = box_of(mask)
            if box is not None:
                found.append(Garment(category, share, box, mask))
        return Garments(height, width, tuple(found))
