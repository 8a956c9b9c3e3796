"""What every reader gives: where a photo and its label picture are, and what each label means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from segmentation.taxonomy import Category


@dataclass(frozen=True)
class LabelledPhoto:
    """A photo with a label picture of the same size; one label value is one garment.

    Attributes:
        id: unique within its data set.
        photo_path: the photo.
        mask_path: H x W uint8 label picture; values that `labels` lacks are background.
        labels: label value -> category.
        split: `train` or `val`.
        names: label value -> the data set's own, finer word ("blazer").
        attributes: label value -> known attributes, such as colour.
    """

    id: str
    photo_path: Path
    mask_path: Path
    labels: Mapping[int, Category]
    split: str
    names: Mapping[int, str] = field(default_factory=dict)
    attributes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
