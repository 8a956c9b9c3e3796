"""How well outlines fit: boundary IoU of garments that were found, as the detector drew them."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from segmentation.common.garments import Garments, Mask, Photo
from segmentation.common.masks import boundary_iou, iou
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.detector.refine import Refiner
from segmentation.training.samples.mixture import SMALLEST_PX

MATCH_IOU: Final = 0.5
"""A garment was found if one of its category is reported whose mask overlaps it by at least this."""


def matched(
    found: Garments, record: LabelledPhoto, masks: Mapping[int, Mask]
) -> list[tuple[int, int]]:
    """Return pairs of a reported garment's number and a label value, each at most once.

    Of all ways to pair garments of one category, the one with the largest sum of IoUs is taken;
    pairs below `MATCH_IOU` are dropped then.
    """
    pairs = []
    for category in Category:
        mine = [n for n, garment in enumerate(found) if garment.category is category]
        theirs = [
            value
            for value, label in record.labels.items()
            if label is category and np.count_nonzero(masks[value]) >= SMALLEST_PX
        ]
        if mine and theirs:
            overlap = np.array([[iou(found[n].mask, masks[v]) for v in theirs] for n in mine])
            for row, column in zip(*linear_sum_assignment(overlap, maximize=True), strict=True):
                if overlap[row, column] >= MATCH_IOU:
                    pairs.append((mine[row], theirs[column]))
    return pairs


class Boundaries:
    """Boundary IoU over many photos, with and without a refiner.

    Both figures are means over the same garments: those that the detector alone found.
    """

    def __init__(self, refiner: Refiner | None = None) -> None:
        self._refiner = refiner
        self._own: list[float] = []
        self._refined: list[float] = []

    def add(
        self, photo: Photo, found: Garments, record: LabelledPhoto, masks: Mapping[int, Mask]
    ) -> None:
        """Count one photo; `masks` are those of the record, by label value."""
        pairs = matched(found, record, masks)
        self._own += [boundary_iou(found[n].mask, masks[value]) for n, value in pairs]
        if self._refiner is not None:
            refined = self._refiner.refine(photo, found)
            self._refined += [boundary_iou(refined[n].mask, masks[value]) for n, value in pairs]

    def figures(self) -> dict[str, float]:
        """Return the means, 0 where no garment was matched, and how many were.

        >>> Boundaries().figures()
        {'matched_garments': 0, 'boundary_iou': 0.0}
        """
        figures = {"matched_garments": len(self._own), "boundary_iou": _mean(self._own)}
        if self._refiner is not None:
            figures["boundary_iou_refined"] = _mean(self._refined)
        return figures


def _mean(values: list[float]) -> float:
    return round(fmean(values), 4) if values else 0.0
