"""COCO's average precision of masks, from `Garments` and labelled photos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torchmetrics.detection import MeanAveragePrecision

from segmentation.datasets.labelled import LabelledPhoto
from segmentation.garments import Garments, Mask
from segmentation.taxonomy import Category
from segmentation.training.samples import SMALLEST_PX

_COCO = {"ap": "map", "ap50": "map_50", "ap75": "map_75", "ar": "mar_100"}


class MaskAp:
    """Precision of masks over many photos; every guess counts, in the order of its score."""

    def __init__(self) -> None:
        self._metric = MeanAveragePrecision(
            iou_type="segm", backend="faster_coco_eval", class_metrics=True, extended_summary=True
        )

    def add(self, found: Garments, record: LabelledPhoto, masks: Mapping[int, Mask]) -> None:
        """Count one photo; `masks` are those of the record, by label value."""
        self._metric.update([_predictions(found)], [_truth(record, masks)])

    def compute(self) -> MaskPrecision:
        """Return what the photos counted so far come to."""
        return MaskPrecision(self._metric.compute())


class MaskPrecision:
    """The figures of `MaskAp`, and the curve they summarise."""

    def __init__(self, result: Mapping[str, Any]) -> None:
        self._result = result
        numbers = np.atleast_1d(result["classes"].numpy()).tolist()
        self._kinds = [Category.from_id(number).value for number in numbers]

    def figures(self) -> dict[str, float]:
        """Return COCO's `ap`, `ap50`, `ap75` and `ar`."""
        return {key: round(float(self._result[name]), 4) for key, name in _COCO.items()}

    def per_class(self) -> dict[str, float]:
        """Return the AP of every category that occurs."""
        values = np.atleast_1d(self._result["map_per_class"].numpy()).tolist()
        return {
            kind: round(value, 4)
            for kind, value in zip(self._kinds, values, strict=True)
            if value >= 0  # COCO's -1: the category is predicted but does not occur
        }


def _predictions(found: Garments) -> dict[str, torch.Tensor]:
    masks = [garment.mask for garment in found]
    return {
        "masks": torch.from_numpy(_stacked(masks, (found.height, found.width))),
        "scores": torch.tensor([garment.score for garment in found]),
        "labels": torch.tensor([garment.category.id for garment in found], dtype=torch.int64),
    }


def _truth(record: LabelledPhoto, masks: Mapping[int, Mask]) -> dict[str, torch.Tensor]:
    kept = [
        value
        for value, label in record.labels.items()
        if isinstance(label, Category) and np.count_nonzero(masks[value]) >= SMALLEST_PX
    ]
    shape = next(iter(masks.values())).shape if masks else (1, 1)
    return {
        "masks": torch.from_numpy(_stacked([masks[value] for value in kept], shape)),
        "labels": torch.tensor([record.labels[v].id for v in kept], dtype=torch.int64),
    }


def _stacked(masks: list[Mask], shape: tuple[int, ...]) -> Mask:
    return np.stack(masks) if masks else np.zeros((0, *shape), dtype=bool)
