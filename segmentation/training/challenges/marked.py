"""What the challenges compare: things marked in a photo, truly or by a detector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentation.common.garments import Mask, Photo
from segmentation.common.taxonomy import Label, Part
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.detector.detections import Detections, masks_of, reported
from segmentation.detector.network import Spec


@dataclass(frozen=True, eq=False)
class Marked:
    """A garment or a part of one.

    Attributes:
        label: what it is.
        mask: H x W bool.
        attributes: names of its attributes.
        score: the detector's confidence; 1 for the truth.
        crowd: a group of things that are not separated, in the truth.
    """

    label: Label
    mask: Mask
    attributes: frozenset[str] = frozenset()
    score: float = 1.0
    crowd: bool = False


def labelled(record: LabelledPhoto, masks: Mapping[int, Mask]) -> list[Marked]:
    """Return what is labelled in a photo, groups last.

    Args:
        record: the photo.
        masks: those of the record, by label value.
    """
    single = [
        Marked(label, masks[value], record.described.get(value, frozenset()))
        for value, label in record.labels.items()
        if masks[value].any()
    ]
    return [*single, *(Marked(label, mask, crowd=True) for label, mask in record.read_crowds())]


def guessed(found: Detections, photo: Photo) -> list[Marked]:
    """Return all that a detector found, best score first, parts included."""
    details = found.details or ((),) * len(found.labels)
    everything = zip(
        found.labels, masks_of(found, photo), details, found.scores.tolist(), strict=True
    )
    return [
        Marked(label, mask, frozenset(words), score) for label, mask, words, score in everything
    ]


def worth_reporting(found: Detections, spec: Spec) -> list[int]:
    """Return the numbers of the detections to commit to: what serving reports, and clear parts."""
    parts = [
        number
        for number, label in enumerate(found.labels)
        if isinstance(label, Part) and float(found.scores[number]) >= spec.default_threshold
    ]
    return sorted([*reported(found, spec.threshold), *parts])


def apart(found: Sequence[Marked]) -> list[Marked]:
    """Return the marks without overlap: each pixel goes to the best-scored; empty ones are dropped.

    >>> import numpy as np
    >>> whole, left = np.array([[True, True]]), np.array([[True, False]])
    >>> marks = [Marked(Part.HOOD, whole, score=0.5), Marked(Part.BOW, left, score=0.9)]
    >>> [(mark.label.value, mark.mask.tolist()) for mark in apart(marks)]
    [('bow', [[True, False]]), ('hood', [[False, True]])]
    """
    kept: list[Marked] = []
    for mark in sorted(found, key=lambda each: -each.score):
        mask = mark.mask.copy()
        for better in kept:
            mask &= ~better.mask
        if mask.any():
            kept.append(Marked(mark.label, mask, mark.attributes, mark.score))
    return kept
