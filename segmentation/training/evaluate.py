"""Measure a detector: `recommender evaluate segmentation --data DIR...`."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torchmetrics.detection import MeanAveragePrecision

from segmentation import maskrcnn
from segmentation.datasets import read_folder
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.errors import DatasetError
from segmentation.garments import Garments, Mask, Photo
from segmentation.masks import drop_repeats
from segmentation.taxonomy import Category, Label, Slot, categories_of
from segmentation.training.loop import Report
from segmentation.training.prior import UsualPlaces
from segmentation.training.samples import SMALLEST_PX


def evaluate_detector(
    folders: Sequence[Path],
    weights: Path = maskrcnn.WEIGHTS,
    *,
    split: str = "val",
    report: Report = lambda _line: None,
) -> dict[str, Any]:
    """Return the figures of a detector on one split of some data sets.

    `ap`, `ap50`, `ap75` and `ar` are COCO's over masks, all detections above 0.05 counted;
    `per_class` holds each category's AP. `miou` and `slot_iou` are taken over all pixels of the
    split for what serving reports, averaged over the categories (slots) that occur in it.
    `usual_places` holds the figures of guessing each category's mean training mask in every photo.

    Raises:
        DatasetError: the folders have no photo of that split.
    """
    photos = [photo for folder in folders for photo in read_folder(folder, split)[1]]
    if not photos:
        raise DatasetError(
            f"no photos of the split {split!r}",
            got=", ".join(map(str, folders)) or "no folders",
            expected="at least one labelled photo",
            next_step="Give the folders of the data sets with --data.",
        )
    detector = maskrcnn.Detector.load(weights)
    metric, guessed = _metric(), _metric()
    train = [photo for folder in folders for photo in read_folder(folder, "train")[1]]
    usual = UsualPlaces(train) if train else None
    kinds, slots = Overlap(), Overlap()
    times_ms: list[float] = []
    for number, record in enumerate(photos):
        rgb, masks = record.read()
        photo = Photo(rgb)
        start = time.perf_counter()
        found = detector.detect(photo)
        everything = maskrcnn.paste(found, photo, list(range(len(found.categories))))
        times_ms.append(1000 * (time.perf_counter() - start))
        truth = [_truth(record, masks)]
        metric.update([_predictions(everything)], truth)
        if usual is not None:
            guessed.update([_predictions(usual.garments(photo.height, photo.width))], truth)
        shown = drop_repeats(maskrcnn.paste(found, photo, maskrcnn.reported(found, detector.spec)))
        _count(kinds, slots, shown, record, masks)
        if (number + 1) % 20 == 0:
            report(
                f"{number + 1}/{len(photos)} photos, {statistics.median(times_ms):.0f} ms a photo"
            )
    figures = _figures(metric, kinds, slots, times_ms, photos)
    if usual is not None:
        guess = guessed.compute()
        figures["usual_places"] = {k: round(float(guess[name]), 4) for k, name in _COCO.items()}
    return figures


_COCO = {"ap": "map", "ap50": "map_50", "ap75": "map_75", "ar": "mar_100"}


def _metric() -> MeanAveragePrecision:
    return MeanAveragePrecision(iou_type="segm", backend="faster_coco_eval", class_metrics=True)


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


def _count(
    kinds: Overlap,
    slots: Overlap,
    found: Garments,
    record: LabelledPhoto,
    masks: Mapping[int, Mask],
) -> None:
    shape = found.height, found.width
    for category in Category:
        predicted = union((g.mask for g in found if g.category is category), shape)
        kinds.add(category, predicted, _labelled(record, masks, {category}, shape))
    for slot in Slot:
        predicted = union((g.mask for g in found if g.slot is slot), shape)
        slots.add(slot, predicted, _labelled(record, masks, set(categories_of(slot)), shape))


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


def _figures(
    metric: MeanAveragePrecision,
    kinds: Overlap,
    slots: Overlap,
    times_ms: list[float],
    photos: list[LabelledPhoto],
) -> dict[str, Any]:
    result = metric.compute()
    present = np.atleast_1d(result["classes"].numpy()).tolist()
    by_class = np.atleast_1d(result["map_per_class"].numpy()).tolist()
    return {
        "photos": len(photos),
        **{key: round(float(result[name]), 4) for key, name in _COCO.items()},
        "miou": round(kinds.mean(), 4),
        "slot_iou": round(slots.mean(), 4),
        "per_class": {
            Category.from_id(number).value: round(value, 4)
            for number, value in zip(present, by_class, strict=True)
            if value >= 0  # COCO's -1: the category is predicted but does not occur
        },
        "ms_per_photo": round(statistics.median(times_ms), 1),
    }
