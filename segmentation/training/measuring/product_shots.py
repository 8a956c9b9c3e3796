"""Measure a detector on photos of single garments laid flat, hanging or worn.

Only the tenth of the data set that is never trained on is used. There are no masks by hand: fifty
reference masks are made by stricter rules than those of the training masks. GrabCut is run from
three ellipses; a pixel is garment where at least two say so; specks, gaps and small holes are
tidied away; and a photo is taken only if each of the three answers agrees with their majority
(IoU at least 0.96) and the mask touches almost nothing of the picture's edge (2 %). Photos are
gone through in the order of their hashes until fifty are found. What such rules cannot see, such
as a hanger or a tag inside the outline, is counted as garment.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Garments, Mask, Rgb
from segmentation.common.masks import iou
from segmentation.common.photo import decode
from segmentation.datasets.clothing_dataset import SingleGarment, read_clothing_dataset
from segmentation.training.labelling.products import (
    at_size,
    ellipse,
    grab_cut,
    is_garment,
    shrunk,
    tidied,
)
from segmentation.training.measuring.segmenter import Segmenter
from segmentation.training.runs.loop import Report

REFERENCES: Final = 50
RADII: Final = (0.5, 0.65, 0.8)
LEAST_AGREEMENT: Final = 0.96
MOST_AT_EDGE: Final = 0.02


def measure_product_shots(
    segmenter: Segmenter, folders: Sequence[Path], report: Report
) -> dict[str, Any]:
    """Return how a detector does on the held-out photos of single garments.

    `right_kind` is the share of photos whose best-scored detection has the right category,
    `by_label` the same for each of the data set's labels, `most_common_kind` what always naming the
    commonest category would reach. `mask_iou` is the mean IoU of the best detection's mask with the
    reference masks, whatever its name, and `mask_iou_ellipse` that of a centred ellipse.

    Raises:
        DatasetError: the folders hold no held-out photo.
    """
    garments = [
        garment
        for folder in folders
        for garment in read_clothing_dataset(folder)
        if garment.split == "val"
    ]
    if not garments:
        raise DatasetError(
            "no held-out photos of single garments",
            got=", ".join(map(str, folders)),
            expected="a tenth of the photos, by their hash",
            next_step="Give a folder with more photos.",
        )
    right, overlaps = Counter[str](), list[tuple[float, float]]()
    for number, garment in enumerate(sorted(garments, key=_hash)):
        photo = decode(garment.path.read_bytes())
        found = segmenter.segment_all(photo)
        right[garment.label] += bool(found) and found[0].category is garment.category
        reference = reference_mask(photo.rgb) if len(overlaps) < REFERENCES else None
        if reference is not None:
            overlaps.append(_overlaps(found, reference))
        if (number + 1) % 50 == 0:
            report(f"{number + 1}/{len(garments)} product shots")
    return _figures(garments, right, overlaps)


def _figures(
    garments: Sequence[SingleGarment], right: Counter[str], overlaps: list[tuple[float, float]]
) -> dict[str, Any]:
    labels = Counter(garment.label for garment in garments)
    kinds = Counter(garment.category for garment in garments)
    found, guessed = np.mean(overlaps, axis=0) if overlaps else (0.0, 0.0)
    return {
        "photos": len(garments),
        "right_kind": round(right.total() / len(garments), 4),
        "most_common_kind": round(max(kinds.values()) / len(garments), 4),
        "by_label": {label: round(right[label] / n, 4) for label, n in sorted(labels.items())},
        "mask_photos": len(overlaps),
        "mask_iou": round(float(found), 4),
        "mask_iou_ellipse": round(float(guessed), 4),
    }


def _hash(garment: SingleGarment) -> str:
    return hashlib.sha256(garment.path.read_bytes()).hexdigest()


def _overlaps(found: Garments, reference: Mask) -> tuple[float, float]:
    best = found[0].mask if found else np.zeros_like(reference)
    return iou(best, reference), iou(ellipse(reference.shape, 0.75), reference)


def reference_mask(rgb: Rgb) -> Mask | None:
    """Return the H x W mask of the garment in a photo by the rules above; None where they fail."""
    small = shrunk(rgb)
    answers = [tidied(grab_cut(small, radius)) for radius in RADII]
    majority = tidied(np.sum(answers, axis=0) >= 2)
    sure = is_garment(majority, answers, LEAST_AGREEMENT, MOST_AT_EDGE)
    return at_size(majority, rgb.shape[:2]) if sure else None
