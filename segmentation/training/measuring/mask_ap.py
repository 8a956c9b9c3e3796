"""COCO's average precision of masks, from `Garments` and labelled photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torchmetrics.detection import MeanAveragePrecision

from segmentation.common.garments import Garments, Mask
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.training.samples.mixture import SMALLEST_PX

_COCO = {"ap": "map", "ap50": "map_50", "ap75": "map_75", "ar": "mar_100"}


class MaskAp:
    """Precision of masks over many photos; every guess counts, in the order of its score.

    Only what lies on a group of its category (`LabelledPhoto.crowds`) is neither right nor wrong.
    """

    def __init__(self) -> None:
        self._metric = MeanAveragePrecision(
            iou_type="segm", backend="faster_coco_eval", class_metrics=True, extended_summary=True
        )
        self._worn = set[int]()

    def add(self, found: Garments, record: LabelledPhoto, masks: Mapping[int, Mask]) -> None:
        """Count one photo; `masks` are those of the record, by label value."""
        truth = _truth(record, masks)
        self._worn.update(truth["labels"][truth["iscrowd"] == 0].tolist())
        self._metric.update([_predictions(found)], [truth])

    def compute(self) -> MaskPrecision:
        """Return what the photos counted so far come to."""
        return MaskPrecision(self._metric.compute(), sorted(self._worn))


class MaskPrecision:
    """The figures of `MaskAp`, and the curve they summarise.

    Where nothing at all was guessed, every one of them is 0; torchmetrics has -1 or no answer.
    """

    def __init__(self, result: Mapping[str, Any], worn: Sequence[int]) -> None:
        """Take torchmetrics' result, and the ids of the categories that occur."""
        self._result = result
        places = np.atleast_1d(result["classes"].numpy()).tolist()
        self._places = {Category.from_id(n).value: places.index(n) for n in worn}

    def figures(self) -> dict[str, float]:
        """Return COCO's `ap`, `ap50`, `ap75` and `ar`."""
        return {key: round(max(0.0, float(self._result[n])), 4) for key, n in _COCO.items()}

    def per_class(self) -> dict[str, float]:
        """Return the AP of every category that occurs."""
        if "map_per_class" not in self._result:
            return dict.fromkeys(self._places, 0.0)
        values = np.atleast_1d(self._result["map_per_class"].numpy())
        return {kind: round(float(values[place]), 4) for kind, place in self._places.items()}

    def curve(self) -> dict[str, Any]:
        """Return precision at `recall` 0, 0.01, ... 1 for masks that overlap by half.

        `overall` is the mean over the categories that occur, `per_class` each one's own; both have
        one value for each recall, 0 where it is never reached.
        """
        recall = np.linspace(0, 1, 101).round(2)
        points = np.zeros((len(recall), 1 + max(self._places.values(), default=0)))
        if "precision" in self._result:
            # (IoU thresholds, recalls, categories, areas, detections): IoU 0.5, all sizes, all guesses
            points = self._result["precision"][0, :, :, 0, -1].numpy()
        mine = {kind: points[:, place] for kind, place in self._places.items()}
        overall = np.mean(list(mine.values()), axis=0) if mine else np.zeros(len(recall))
        return {
            "recall": recall.tolist(),
            "overall": overall.round(4).tolist(),
            "per_class": {kind: values.round(4).tolist() for kind, values in mine.items()},
        }


def _predictions(found: Garments) -> dict[str, torch.Tensor]:
    masks = [garment.mask for garment in found]
    return {
        "masks": torch.from_numpy(_stacked(masks, (found.height, found.width))),
        "scores": torch.tensor([garment.score for garment in found]),
        "labels": torch.tensor([garment.category.id for garment in found], dtype=torch.int64),
    }


def _truth(record: LabelledPhoto, masks: Mapping[int, Mask]) -> dict[str, torch.Tensor]:
    single = [
        (label, masks[value], 0)
        for value, label in record.labels.items()
        if np.count_nonzero(masks[value]) >= SMALLEST_PX
    ]
    groups = [(label, mask, 1) for label, mask in record.read_crowds()]
    kept = [each for each in (*single, *groups) if isinstance(each[0], Category)]
    shape = next(iter(masks.values())).shape if masks else (1, 1)
    return {
        "masks": torch.from_numpy(_stacked([mask for _, mask, _ in kept], shape)),
        "labels": torch.tensor([label.id for label, _, _ in kept], dtype=torch.int64),
        "iscrowd": torch.tensor([crowd for _, _, crowd in kept], dtype=torch.int64),
    }


def _stacked(masks: list[Mask], shape: tuple[int, ...]) -> Mask:
    return np.stack(masks) if masks else np.zeros((0, *shape), dtype=bool)
