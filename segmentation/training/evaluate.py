"""Measure a detector: `recommender evaluate segmentation --data DIR...`."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torchmetrics.detection import MeanAveragePrecision

from segmentation import maskrcnn
from segmentation.boxes import box_of
from segmentation.datasets import read_folder
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.errors import DatasetError
from segmentation.garments import Garments, Mask, Photo
from segmentation.masks import drop_repeats
from segmentation.taxonomy import SLOT_OF, Category
from segmentation.training.loop import Report
from segmentation.training.prior import UsualPlaces
from segmentation.training.samples import SMALLEST_PX, Labels, read_pair


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
        rgb, labels = read_pair(record)
        photo = Photo(rgb)
        start = time.perf_counter()
        found = detector.detect(photo)
        everything = maskrcnn.paste(found, photo, list(range(len(found.categories))))
        times_ms.append(1000 * (time.perf_counter() - start))
        truth = [_truth(record, labels)]
        metric.update([_predictions(everything)], truth)
        if usual is not None:
            guessed.update([_predictions(usual.garments(photo.height, photo.width))], truth)
        shown = drop_repeats(maskrcnn.paste(found, photo, maskrcnn.reported(found, detector.spec)))
        _count(kinds, slots, shown, record, labels)
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
    kinds: Overlap, slots: Overlap, found: Garments, record: LabelledPhoto, labels: Labels
) -> None:
    for category in Category:
        predicted = union((g.mask for g in found if g.category is category), labels.shape)
        kinds.add(category, predicted, _labelled(labels, record.labels, {category}))
    for slot in set(SLOT_OF.values()):
        members = {category for category in Category if SLOT_OF[category] is slot}
        predicted = union((g.mask for g in found if g.slot is slot), labels.shape)
        slots.add(slot, predicted, _labelled(labels, record.labels, members))


def union(masks: Iterable[Mask], shape: tuple[int, ...]) -> Mask:
    """Return the H x W union of masks, empty where there are none."""
    out = np.zeros(shape, dtype=bool)
    for mask in masks:
        out |= mask
    return out


def _labelled(labels: Labels, meaning: Mapping[int, Category], wanted: set[Category]) -> Mask:
    values = [value for value, category in meaning.items() if category in wanted]
    mask: NDArray[np.bool_] = np.isin(labels, values)
    return mask


def _predictions(found: Garments) -> dict[str, torch.Tensor]:
    masks = [garment.mask for garment in found]
    return {
        "masks": torch.from_numpy(_stacked(masks, (found.height, found.width))),
        "scores": torch.tensor([garment.score for garment in found]),
        "labels": torch.tensor([garment.category.id for garment in found], dtype=torch.int64),
    }


def _truth(record: LabelledPhoto, labels: Labels) -> dict[str, torch.Tensor]:
    masks = {value: labels == value for value in record.labels}
    kept = [
        value
        for value, mask in masks.items()
        if box_of(mask) is not None and np.count_nonzero(mask) >= SMALLEST_PX
    ]
    numbers = [record.labels[value].id for value in kept]
    return {
        "masks": torch.from_numpy(_stacked([masks[value] for value in kept], labels.shape)),
        "labels": torch.tensor(numbers, dtype=torch.int64),
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
