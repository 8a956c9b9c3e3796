"""Accessories that a shop shows alone on white, laid over people where people wear them; and phones.

Where somebody wears one of the same kind already, the new one takes its place and size. Else the largest
garment of the upper body tells where head, neck, waist and hips are. A watch or a sock is laid only
over another one.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from segmentation.common.boxes import box_of
from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from segmentation.rendering.nothing import add_phone
from segmentation.rendering.paint.pixels import floats
from segmentation.training.samples.scenes import Marked, Scene

UPPER: Final = {Slot.TOP, Slot.OUTER, Slot.ONE_PIECE}
PLACES: Final[dict[Category, tuple[float, float, float]]] = {
    Category.HAT: (0.5, -0.62, 0.5),
    Category.GLASSES: (0.5, -0.4, 0.3),
    Category.SCARF: (0.5, 0.1, 0.55),
    Category.TIE: (0.5, 0.42, 0.16),
    Category.BELT: (0.5, 1.0, 0.7),
    Category.BAG: (1.0, 1.1, 0.6),
}
"""Middle and width of an accessory, in widths of the upper garment from its left top; a bag at either side."""
ADORNS: Final = frozenset(PLACES) | {Category.WATCH, Category.SOCK, Category.SHOE}
"""What is laid over people; a jacket or trousers alone would not hang on them."""
SPREAD: Final = 0.12
"""How far places and sizes vary."""


def adorned(below: Scene, above: Scene, rng: np.random.Generator) -> Scene:
    """Return a scene in which somebody wears the one accessory of another scene.

    As `pasted`, it forgets a garment of which less than half stays in sight. Scenes without a place
    for the accessory stay as they are.
    """
    if len(above.garments) != 1:
        return below
    label, mask, names = above.garments[0]
    box = box_of(mask)
    middle_width = _place(below, label, rng) if isinstance(label, Category) and box else None
    if box is None or middle_width is None:
        return below
    x, y, width = middle_width
    scale = width / (box[2] - box[0])
    if not 0.02 < scale < 3:
        return below
    move = np.array(
        [
            [scale, 0, x - scale * (box[0] + box[2]) / 2],
            [0, scale, y - scale * (box[1] + box[3]) / 2],
        ]
    )
    size_wh = below.rgb.shape[1], below.rgb.shape[0]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    cover = cv2.warpAffine(mask.astype(np.float32), move, size_wh, flags=how)
    picture = cv2.warpAffine(above.rgb, move, size_wh, flags=how)
    soft = cover[..., None]
    rgb = np.asarray(soft * picture + (1 - soft) * below.rgb, dtype=np.uint8)
    worn = np.asarray(cover > 0.5)
    return _covered(below, rgb, worn, ((label, worn, names),) if worn.any() else ())


def behind_a_phone(below: Scene, rng: np.random.Generator) -> Scene:
    """Return a scene with a phone before it, mostly held: no garment, whatever it covers."""
    picture = floats(below.rgb) / np.float32(255)
    before = picture.copy()
    add_phone(picture, rng)
    cover = np.abs(picture - before).max(axis=2) > 1e-3
    return _covered(below, np.asarray(np.clip(255 * picture, 0, 255), np.uint8), cover, ())


def _place(
    below: Scene, label: Category, rng: np.random.Generator
) -> tuple[float, float, float] | None:
    """Return the middle and the width of an accessory in a scene, in pixels; None where there is no place."""
    vary = 1 + rng.uniform(-SPREAD, SPREAD, 3)
    worn = [mask for kind, mask, _ in below.garments if kind is label]
    box = box_of(worn[0]) if worn else None
    if box is not None:
        return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) * float(vary[0])
    upper = [
        mask
        for kind, mask, _ in below.garments
        if isinstance(kind, Category) and SLOT_OF[kind] in UPPER
    ]
    largest = max(upper, key=np.count_nonzero, default=None)
    around = box_of(largest) if largest is not None else None
    if around is None or label not in PLACES:
        return None
    left, top, right, _ = around
    across, down, wide = (float(v) for v in np.array(PLACES[label]) * vary)
    if label is Category.BAG and rng.random() < 0.5:
        across = 1 - across
    side = right - left
    return left + across * side, top + down * side, wide * side


def _covered(below: Scene, rgb: Rgb, cover: Mask, on_top: tuple[Marked, ...]) -> Scene:
    seen = tuple(
        (label, mask & ~cover, names)
        for label, mask, names in below.garments
        if np.count_nonzero(mask & ~cover) >= 0.5 * np.count_nonzero(mask)
    )
    return Scene(rgb, (*seen, *on_top), below.unmarked)
