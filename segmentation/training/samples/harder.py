"""Labelled photos made harder: cropped to the torso, with a smaller person, with fewer pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

import cv2
import numpy as np

from segmentation.common.boxes import box_of, pad_box
from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import SLOT_OF, Category, Label, Slot
from segmentation.datasets.labelled import LabelledPhoto

Change: TypeAlias = Callable[[Rgb, Mapping[int, Mask], Mapping[int, Label]], "tuple[Rgb, Masks]"]
Masks: TypeAlias = dict[int, Mask]

SMALLER: Final = 3
PIXELS: Final = 160
TORSO: Final = {Slot.TOP, Slot.OUTER, Slot.ONE_PIECE}
TALL: Final = 1.15
"""A torso crop is this much higher than wide at most: a one-piece goes on below it."""


@dataclass(frozen=True)
class HarderPhoto(LabelledPhoto):
    """A labelled photo that is read changed.

    Attributes:
        change: of the picture and its masks.
    """

    change: Change | None = None

    def read(self) -> tuple[Rgb, Masks]:
        """Return the changed H x W x 3 photo and the changed mask of every label value."""
        rgb, masks = super().read()
        return self.change(rgb, masks, self.labels) if self.change else (rgb, masks)


def harder(photo: LabelledPhoto, change: Change) -> HarderPhoto:
    """Return a photo that is read changed; groups are left out, no data set that is measured has any."""
    same = {field.name: getattr(photo, field.name) for field in fields(LabelledPhoto)}
    return HarderPhoto(**{**same, "crowds": {}}, change=change)


def torso(rgb: Rgb, masks: Mapping[int, Mask], labels: Mapping[int, Label]) -> tuple[Rgb, Masks]:
    """Return what a torso crop shows: what is worn above the waist, cut off a little beyond it.

    A photo without a top, an outer garment or a one-piece stays as it is.
    """
    upper = [
        mask
        for value, mask in masks.items()
        if isinstance(labels[value], Category) and SLOT_OF[_category(labels[value])] in TORSO
    ]
    box = box_of(np.any(upper, axis=0)) if upper else None
    if box is None:
        return rgb, dict(masks)
    left, top, right, bottom = box
    bottom = min(bottom, top + TALL * (right - left))
    x0, y0, x1, y1 = pad_box((left, top, right, bottom), 0.08, (rgb.shape[1], rgb.shape[0]))
    cut = {value: np.ascontiguousarray(mask[y0:y1, x0:x1]) for value, mask in masks.items()}
    return np.ascontiguousarray(rgb[y0:y1, x0:x1]), cut


def smaller(rgb: Rgb, masks: Mapping[int, Mask], _labels: Mapping[int, Label]) -> tuple[Rgb, Masks]:
    """Return the photo as the middle of one `SMALLER` times as wide and high, blurred around it."""
    height, width = rgb.shape[:2]
    down, across = height * (SMALLER - 1) // 2, width * (SMALLER - 1) // 2
    pads = (down, height * SMALLER - height - down, across, width * SMALLER - width - across)
    around = cv2.copyMakeBorder(rgb, *pads, cv2.BORDER_REPLICATE)
    small = cv2.resize(around, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 3.0)
    wide = cv2.resize(soft, (width * SMALLER, height * SMALLER), interpolation=cv2.INTER_LINEAR)
    wide[down : down + height, across : across + width] = rgb
    moved = {}
    for value, mask in masks.items():
        moved[value] = np.zeros(wide.shape[:2], dtype=np.bool_)
        moved[value][down : down + height, across : across + width] = mask
    return _scaled(np.asarray(wide, np.uint8), moved, 1600)


def few_pixels(
    rgb: Rgb, masks: Mapping[int, Mask], _labels: Mapping[int, Label]
) -> tuple[Rgb, Masks]:
    """Return the photo with `PIXELS` on its longer side."""
    return _scaled(rgb, masks, PIXELS)


def _scaled(rgb: Rgb, masks: Mapping[int, Mask], side: int) -> tuple[Rgb, Masks]:
    """Return picture and masks with the longer side capped in pixels, as photos are served."""
    height, width = rgb.shape[:2]
    scale = min(1.0, side / max(height, width))
    size_wh = max(1, round(width * scale)), max(1, round(height * scale))
    picture = np.asarray(cv2.resize(rgb, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    shrunk = {
        value: np.asarray(
            cv2.resize(mask.astype(np.float32), size_wh, interpolation=cv2.INTER_AREA) > 0.5
        )
        for value, mask in masks.items()
    }
    return picture, shrunk


def _category(label: Label) -> Category:
    assert isinstance(label, Category)
    return label


CHANGES: Final[dict[str, Change]] = {
    "torso crops": torso,
    "people 3 x smaller": smaller,
    "160 pixels": few_pixels,
}
