"""Fashionpedia's metric: average precision of masks whose attributes must be right as well.

A detection counts where its mask's IoU and its attributes' F1 with one labelled garment both pass
their thresholds, 0.5, 0.55 ... 0.95 each; the AP is the mean over all pairs of thresholds and all
categories. Categories without attributes in the ontology count by their IoU alone, once. Matching
and precision are pycocotools': detections that lie on a group (`iscrowd`) are neither right nor
wrong. Source: Jia et al., Fashionpedia, ECCV 2020, section 4, and its package `fashionpedia`, which
gives the same figures but does not run with numpy 2. One thing differs: there, a group of a category
with attributes excuses one detection; here, as in COCO, all that lie on it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from segmentation.common.masks import encode
from segmentation.common.taxonomy import Category, Label, Part
from segmentation.training.challenges.marked import Marked

THRESHOLDS: Final = np.linspace(0.5, 0.95, 10)
DESCRIBED: Final[tuple[Label, ...]] = (
    *(category for category in Category if category.id <= Category.CAPE.id),
    Part.COLLAR, Part.LAPEL, Part.SLEEVE, Part.POCKET, Part.NECKLINE,
)  # fmt: skip
"""What has attributes in the ontology."""


def attribute_f1(one: Collection[str], other: Collection[str], known: int) -> float:
    """Return the F1 of two sets of attributes, averaged over "has it" and "lacks it".

    Args:
        one: names of attributes.
        other: names of attributes.
        known: how many attributes there are.

    >>> attribute_f1({"a"}, {"a"}, 4), attribute_f1(set(), set(), 4)
    (1.0, 1.0)
    >>> attribute_f1({"a"}, set(), 4)  # "has it" 0, "lacks it" 6/7
    0.42857142857142855
    """
    both, either = len({*one} & {*other}), len({*one} | {*other})
    neither, wrong = known - either, either - both
    scores = [2 * n / (2 * n + wrong) for n in (both, neither) if n + wrong]
    return sum(scores) / len(scores) if scores else 1.0


class FashionpediaAp:
    """Precision over many photos.

    Args:
        attributes: all names that count; others are ignored.
    """

    def __init__(self, attributes: Collection[str]) -> None:
        self._attributes = frozenset(attributes)
        self._images: list[dict[str, int]] = []
        self._truth: list[dict[str, Any]] = []
        self._found: list[dict[str, Any]] = []

    def add(self, found: Sequence[Marked], truth: Sequence[Marked]) -> None:
        """Count one photo; its masks are of one size."""
        height, width = next((mark.mask.shape for mark in (*truth, *found)), (1, 1))
        self._images.append({"id": len(self._images) + 1, "height": height, "width": width})
        self._truth += [self._entry(mark, len(self._truth) + n) for n, mark in enumerate(truth, 1)]
        self._found += [self._entry(mark, len(self._found) + n) for n, mark in enumerate(found, 1)]

    def _entry(self, mark: Marked, number: int) -> dict[str, Any]:
        rle = encode(mark.mask)
        return {
            "id": number,
            "image_id": len(self._images),
            "category_id": mark.label.id,
            "segmentation": {**rle, "counts": rle["counts"].encode()},
            "area": int(np.count_nonzero(mark.mask)),
            "iscrowd": int(mark.crowd),
            "attributes": mark.attributes & self._attributes,
            "score": mark.score,
        }

    def figures(self) -> dict[str, float]:
        """Return the AP by IoU alone and by both; COCO's -1 where nothing was labelled.

        `ap_iou`; `ap_iou_f1`, and that at the IoU thresholds 0.5 and 0.75 alone, `ap50_iou_f1` and
        `ap75_iou_f1`.
        """
        with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints its progress
            alone = _Evaluation(self._coco(self._truth), self._coco(self._found))
            by_iou = alone.precision()
            strict = [alone.with_f1(t, len(self._attributes)).precision() for t in THRESHOLDS]
        numbers = [label.id for label in DESCRIBED]
        described = [each[..., numbers] for each in strict]
        both = np.concatenate([*described, np.delete(by_iou, numbers, axis=-1)], axis=-1)
        return {
            "ap_iou": _mean(by_iou),
            "ap_iou_f1": _mean(both),
            "ap50_iou_f1": _mean(both[0]),
            "ap75_iou_f1": _mean(both[5]),
        }

    def _coco(self, entries: list[dict[str, Any]]) -> COCO:
        index = COCO()
        index.dataset = {
            "images": self._images,
            "categories": [{"id": label.id, "name": label.value} for label in (*Category, *Part)],
            "annotations": entries,
        }
        index.createIndex()
        return index


class _Evaluation(COCOeval):  # type: ignore[misc]  # pycocotools is untyped
    """COCO's evaluation over all sizes, in which a pair can be struck out by its attributes."""

    def __init__(self, truth: COCO, found: COCO) -> None:
        super().__init__(truth, found, "segm")
        self.params.maxDets = [100]
        self.params.areaRng, self.params.areaRngLbl = [[0, 1e10]], ["all"]
        self._known_ious: dict[tuple[int, int], Any] = {}
        self._allowed: tuple[float, int] | None = None

    def with_f1(self, threshold: float, known: int) -> _Evaluation:
        """Return the same evaluation, but pairs whose F1 is below the threshold do not overlap."""
        other = _Evaluation(self.cocoGt, self.cocoDt)
        other._known_ious, other._allowed = self.ious, (min(threshold, 1 - 1e-10), known)
        return other

    def computeIoU(self, imgId: int, catId: int) -> Any:  # noqa: N802, N803  # COCOeval's names
        """Return (detections, labelled), detections best first; empty if either is."""
        if self._allowed is None:
            return super().computeIoU(imgId, catId)
        ious = self._known_ious[imgId, catId]
        if len(ious) == 0:
            return ious
        threshold, known = self._allowed
        truth, found = self._gts[imgId, catId], self._dts[imgId, catId]
        best_first = np.argsort([-each["score"] for each in found], kind="stable")[: len(ious)]
        agree = [
            [
                attribute_f1(found[n]["attributes"], each["attributes"], known) >= threshold
                for each in truth
            ]
            for n in best_first
        ]
        return np.where(agree, ious, 0.0)

    def precision(self) -> NDArray[np.float64]:
        """Return (IoU thresholds, recalls, categories); -1 where a category is not labelled."""
        self.evaluate()
        self.accumulate()
        answer: NDArray[np.float64] = self.eval["precision"][..., 0, 0]
        return answer


def _mean(precision: NDArray[np.float64]) -> float:
    labelled = precision[precision > -1]
    return float(labelled.mean()) if labelled.size else -1.0
