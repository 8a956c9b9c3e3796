"""IoU by pixels, added up over all photos: of categories, and of the slots they fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping

import numpy as np

from segmentation.common.garments import Garments, Mask
from segmentation.common.taxonomy import Category, Label, Slot, categories_of
from segmentation.datasets.labelled import LabelledPhoto


class Overlap:
    """Intersection and union of pixels by key, over many pictures."""

    def __init__(self) -> None:
        self._both: Counter[Hashable] = Counter()
        self._either: Counter[Hashable] = Counter()
        self._true: Counter[Hashable] = Counter()

    def add(self, key: Hashable, found: Mask, true: Mask) -> None:
        """Count one picture's pixels under a key."""
        self._both[key] += int(np.count_nonzero(found & true))
        self._either[key] += int(np.count_nonzero(found | true))
        self._true[key] += int(np.count_nonzero(true))

    def mean(self) -> float:
        """Return the mean IoU over the keys that truly occur; 0 where none does.

        >>> overlap = Overlap()
        >>> overlap.mean()
        0.0
        >>> overlap.add("hat", np.array([True, True]), np.array([True, False]))
        >>> overlap.mean()
        0.5
        """
        keys = [key for key, pixels in self._true.items() if pixels]
        if not keys:
            return 0.0
        return sum(self._both[key] / self._either[key] for key in keys) / len(keys)


class GarmentOverlap:
    """`Overlap` of what is reported with what is labelled, by category and by slot."""

    def __init__(self) -> None:
        self._kinds, self._slots = Overlap(), Overlap()

    def add(self, found: Garments, record: LabelledPhoto, masks: Mapping[int, Mask]) -> None:
        """Count one photo; `masks` are those of the record, by label value."""
        shape = found.height, found.width
        for category in Category:
            predicted = union((g.mask for g in found if g.category is category), shape)
            self._kinds.add(category, predicted, _labelled(record, masks, {category}, shape))
        for slot in Slot:
            predicted = union((g.mask for g in found if g.slot is slot), shape)
            wanted = set(categories_of(slot))
            self._slots.add(slot, predicted, _labelled(record, masks, wanted, shape))

    def figures(self) -> dict[str, float]:
        """Return `miou` and `slot_iou`, averaged over what occurs."""
        return {"miou": round(self._kinds.mean(), 4), "slot_iou": round(self._slots.mean(), 4)}


def union(masks: Iterable[Mask], shape: tuple[int, ...]) -> Mask:
    """Return the H x W union of masks, empty where there are none."""
    out = np.zeros(shape, dtype=bool)
    for mask in masks:
        out |= mask
    return out


def _labelled(
    record: LabelledPhoto,
    masks: Mapping[int, Mask],
    wanted: Collection[Label],
    shape: tuple[int, int],
) -> Mask:
    return union((masks[v] for v, label in record.labels.items() if label in wanted), shape)
