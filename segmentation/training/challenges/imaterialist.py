"""The metric of iMaterialist (Fashion) 2019, and the file that its competitors handed in.

A mask is right where it overlaps one of the same ClassId, attributes included, with an IoU above
the threshold. A photo's score is the mean over the thresholds 0.5, 0.55 ... 0.95 of
TP / (TP + FP + FN); the score is the mean over the photos. Source: the competition's evaluation
page, as its kernels quote it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TextIO

import cv2
import numpy as np
from pycocotools import mask as coco
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from segmentation.common.masks import encode
from segmentation.common.taxonomy import Category
from segmentation.datasets.outlines.run_lengths import write_runs
from segmentation.training.challenges.marked import Marked, apart

THRESHOLDS: Final = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
SIDE: Final = 512
"""Masks are handed in, and were compared, at 512 x 512 pixels, whatever the photo's shape."""


def photo_score(found: Sequence[Marked], truth: Sequence[Marked]) -> float:
    """Return a photo's score, 0 to 1; 1 where nothing is there and nothing was found.

    >>> half, all_of_it = np.array([[True, False]]), np.array([[True, True]])
    >>> photo_score([], [])
    1.0
    >>> photo_score([Marked(Category.HAT, all_of_it)], [Marked(Category.HAT, all_of_it)])
    1.0
    >>> photo_score([Marked(Category.HAT, half)], [Marked(Category.HAT, all_of_it)])  # not above 0.5
    0.0
    """
    if not found or not truth:
        return 0.0 if found or truth else 1.0
    packed = [
        [{**rle, "counts": rle["counts"].encode()} for rle in map(encode, (m.mask for m in marks))]
        for marks in (found, truth)
    ]
    overlap = np.asarray(coco.iou(*packed, [0] * len(truth)))
    overlap *= [[_class_of(one) == _class_of(other) for other in truth] for one in found]
    shares = []
    for threshold in THRESHOLDS:
        pairs = maximum_bipartite_matching(csr_array(overlap > threshold), perm_type="column")
        right = int(np.count_nonzero(pairs >= 0))
        shares.append(right / (len(found) + len(truth) - right))
    return float(np.mean(shares))


def _class_of(mark: Marked) -> tuple[int, frozenset[str]]:
    return mark.label.id, mark.attributes


def write_submission(
    file: TextIO,
    photos: Iterable[tuple[str, Sequence[Marked]]],
    attribute_ids: Mapping[str, int],
) -> None:
    """Write what was found in each photo, by ImageId.

    The competition took no overlapping masks, so each pixel goes to the best-scored one; and no
    submission that lacks a photo, so one in which nothing was found gets a pixel of shoe.

    Args:
        file: opened with `newline=""`.
        photos: ImageId and what was found.
        attribute_ids: the competition's ids by name; other attributes are left out.
    """
    lines = csv.writer(file)
    lines.writerow(("ImageId", "EncodedPixels", "ClassId"))
    for image, found in photos:
        marks = apart([_resized(mark) for mark in found])
        for mark in marks:
            numbers = sorted(attribute_ids[a] for a in mark.attributes if a in attribute_ids)
            class_id = "_".join(map(str, [mark.label.id, *numbers]))
            lines.writerow((image, write_runs(mark.mask), class_id))
        if not marks:
            lines.writerow((image, "1 1", Category.SHOE.id))


def _resized(mark: Marked) -> Marked:
    pixels = mark.mask.astype(np.uint8)
    resized = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return Marked(mark.label, resized.astype(np.bool_), mark.attributes, mark.score)
