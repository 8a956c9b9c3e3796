"""Which part of a catalogue picture is the item: what indexing cuts out and measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from index.importing.encoding import Cutter
from index.model.items import Pictures
from recommender.ports import Detector
from segmentation.common import cutouts
from segmentation.common.colours import lab_of, main_colours
from segmentation.common.garments import Garment, Garments, Mask, Photo, Rgb
from segmentation.common.taxonomy import SLOT_OF, Category

LEAST_SHARE: Final = 0.15
"""A garment of another slot than the feed's is believed if it fills this share of the picture."""
FAR_FROM_BORDER: Final = 12.0
"""CIELAB distance from the border's colour that makes a pixel foreground."""


def cutter_with(detectors: Callable[[], Sequence[Detector]]) -> Cutter:
    """Return indexing's `Cutter`.

    Args:
        detectors: asked for when the first picture needs one. The quickest stands first; the next one looks
            where it finds no garment of the slot that is meant.
    """

    def cut(
        photo: Photo, category: Category | None, pictures: Pictures = Pictures.AUTO
    ) -> tuple[Rgb, Mapping[str, str]]:
        mask = None if pictures is Pictures.GARMENTS else cutouts.alone(photo)
        if mask is not None:
            return cutouts.cut_alone(photo, mask), _colours(photo.rgb, mask)
        if pictures is Pictures.CUT_OUT:
            return cut_item(photo, Garments.empty(photo), category)
        garments = Garments.empty(photo)
        for detector in detectors():
            garments = detector.segment(photo)
            if any(category is None or each.slot is SLOT_OF[category] for each in garments):
                break
        return cut_item(photo, garments, category)

    return cut


def cut_item(
    photo: Photo, garments: Garments, category: Category | None
) -> tuple[Rgb, Mapping[str, str]]:
    """Return an item's cut-out and its measured `colour` and `second_colour`.

    The garment that agrees with the feed's category is cut out, without one the largest; where none
    does, the whole picture is taken, and its colours are read where it differs from its border.
    """
    garment = agreeing(garments, category)
    if garment is None:
        return cutouts.cut_whole(photo), _colours(photo.rgb, foreground(photo.rgb))
    return cutouts.cut_one(photo.rgb, garment), _colours(photo.rgb, garment.mask)


def agreeing(garments: Garments, category: Category | None) -> Garment | None:
    """Return the garment that a feed's category means, or None.

    The largest of the same slot; else, and without a category, the largest of all, if it fills
    `LEAST_SHARE` of the picture: a detector mistakes a jacket for a shirt sooner than the
    background for either.
    """
    slot = None if category is None else SLOT_OF[category]
    same = [garment for garment in garments if garment.slot is slot]
    if same:
        return max(same, key=_area)
    largest = max(garments, key=_area, default=None)
    enough = LEAST_SHARE * garments.width * garments.height
    return largest if largest is not None and _area(largest) >= enough else None


def foreground(rgb: Rgb) -> Mask:
    """Return where a picture differs from its border's middle colour; its centre if nowhere."""
    height, width = rgb.shape[:2]
    step = max(1, max(height, width) // 128)
    border = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    middle = np.median(lab_of(border), axis=0)
    small = rgb[::step, ::step]
    far = np.linalg.norm(lab_of(small.reshape(-1, 3)) - middle, axis=1) > FAR_FROM_BORDER
    mask = far.reshape(small.shape[:2]).repeat(step, axis=0).repeat(step, axis=1)[:height, :width]
    if mask.mean() >= 0.05:
        return np.asarray(mask, dtype=np.bool_)
    centre = np.zeros((height, width), dtype=np.bool_)
    centre[height // 4 : height - height // 4, width // 4 : width - width // 4] = True
    return centre


def _colours(rgb: Rgb, mask: Mask) -> Mapping[str, str]:
    names = main_colours(rgb, mask)
    return dict(zip(("colour", "second_colour"), names, strict=False))


def _area(garment: Garment) -> int:
    return int(np.count_nonzero(garment.mask))
