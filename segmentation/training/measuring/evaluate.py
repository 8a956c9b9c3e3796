"""Measure a detector: `recommender evaluate segmentation --data DIR...`."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Photo
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_dataset import is_clothing_dataset
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.detector import maskrcnn
from segmentation.detector.refine import Refiner
from segmentation.training.measuring.boundaries import Boundaries
from segmentation.training.measuring.mask_ap import MaskAp, MaskPrecision
from segmentation.training.measuring.overlap import GarmentOverlap
from segmentation.training.measuring.pixels import PixelAccuracy
from segmentation.training.measuring.prior import UsualPlaces
from segmentation.training.measuring.product_shots import measure_product_shots
from segmentation.training.measuring.segmenter import Segmenter
from segmentation.training.runs.loop import Report

COMMON: Final = 40
"""Training masks that make a category common."""


def evaluate_detector(
    folders: Sequence[Path],
    weights: Path = maskrcnn.WEIGHTS,
    *,
    split: str = "val",
    sam: Path | None = None,
    report: Report = lambda _line: None,
) -> dict[str, Any]:
    """Return the figures of a detector on one split of some data sets.

    With `sam`, a segment-anything checkpoint, the boundaries are measured refined as well. The keys are those of `measure`; `ap_common` is the mean AP of the categories with at least
    `COMMON` training masks; `usual_places` holds the figures of guessing each category's mean
    training mask in every photo. Of folders of single garments, `products` holds the figures that
    `measure_product_shots` describes; where there are no others, it is all that is returned.

    Raises:
        DatasetError: the folders have no photo of that split.
        WeightsError: weights or checkpoint cannot be used.
    """
    refiner = Refiner.load(sam) if sam else None
    detector = maskrcnn.Detector.load(weights)
    products = [folder for folder in folders if is_clothing_dataset(folder)]
    scenes = [folder for folder in folders if folder not in products]
    figures: dict[str, Any] = {}
    if scenes or not products:
        photos = photos_of(scenes, split)
        figures = measure(detector, photos, report, refiner).figures
        train = [photo for folder in scenes for photo in read_folder(folder, "train")[1]]
        if train:
            figures["ap_common"] = _common(figures["per_class"], train)
            figures["usual_places"] = _guessed(UsualPlaces(train), photos)
    if products:
        figures["products"] = measure_product_shots(detector, products, report)
    return figures


def photos_of(folders: Sequence[Path], split: str) -> list[LabelledPhoto]:
    """Return the labelled photos of one split of some data sets.

    Raises:
        DatasetError: there are none.
    """
    photos = [photo for folder in folders for photo in read_folder(folder, split)[1]]
    if not photos:
        raise DatasetError(
            f"no photos of the split {split!r}",
            got=", ".join(map(str, folders)) or "no folders",
            expected="at least one labelled photo",
            next_step="Give the folders of the data sets with --data.",
        )
    return photos


@dataclass(frozen=True)
class Measurement:
    """What a segmenter came to.

    Attributes:
        figures: by name, as `recommender evaluate segmentation` prints them.
        precision: behind the figures of AP, and the curves they summarise.
    """

    figures: dict[str, Any]
    precision: MaskPrecision


def measure(
    segmenter: Segmenter,
    photos: Sequence[LabelledPhoto],
    report: Report,
    refiner: Refiner | None = None,
) -> Measurement:
    """Return the figures of anything that finds garments.

    `ap`, `ap50`, `ap75` and `ar` are COCO's over masks, every guess counted; `per_class` holds
    each category's AP. `miou` and `slot_iou` are taken over all pixels of the photos for what is
    reported, averaged over the categories (slots) that occur; `pixel_accuracy` is the share of
    pixels that got the right category, `background_accuracy` what no garment at all would reach.
    `boundary_iou` is the mean boundary IoU of the `matched_garments`: reported garments paired one
    to one with labelled ones of their category, at a mask IoU of at least one half;
    `boundary_iou_refined` is that of the same garments after the `refiner`, where there is one.
    `ms_per_photo` is the median time of `segment`, without refining.
    """
    average, overlap, pixels = MaskAp(), GarmentOverlap(), PixelAccuracy()
    boundaries = Boundaries(refiner)
    times_ms: list[float] = []
    for number, record in enumerate(photos):
        rgb, masks = record.read()
        photo = Photo(rgb)
        average.add(segmenter.segment_all(photo), record, masks)
        start = time.perf_counter()
        shown = segmenter.segment(photo)
        times_ms.append(1000 * (time.perf_counter() - start))
        overlap.add(shown, record, masks)
        pixels.add(shown, record, masks)
        boundaries.add(photo, shown, record, masks)
        if (number + 1) % 20 == 0:
            report(
                f"{number + 1}/{len(photos)} photos, {statistics.median(times_ms):.0f} ms a photo"
            )
    precision = average.compute()
    figures = {
        "photos": len(photos),
        **precision.figures(),
        **overlap.figures(),
        **pixels.figures(),
        **boundaries.figures(),
        "per_class": precision.per_class(),
        "ms_per_photo": round(statistics.median(times_ms), 1),
    }
    return Measurement(figures, precision)


def _common(per_class: Mapping[str, float], train: Sequence[LabelledPhoto]) -> float:
    counts = Counter(label.value for photo in train for label in photo.labels.values())
    common = [ap for kind, ap in per_class.items() if counts[kind] >= COMMON]
    return round(statistics.fmean(common), 4) if common else 0.0


def _guessed(usual: UsualPlaces, photos: Sequence[LabelledPhoto]) -> dict[str, float]:
    precision = MaskAp()
    for record in photos:
        rgb, masks = record.read()
        precision.add(usual.garments(*rgb.shape[:2]), record, masks)
    return precision.compute().figures()
