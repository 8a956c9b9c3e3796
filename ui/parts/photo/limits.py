"""What a photo is not good for, each limit in a sentence of its own, with what helps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import Garment
from segmentation.common.taxonomy import Slot
from ui.text.speech import say

SMALL: Final = 256
"""Pixels on the longer side below which small garments are missed."""
_ONE_OF: Final = (Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE)
"""Of these one person wears one beside the other nowhere."""


def advice(photo: PhotoAnswer) -> str:
    """Return what to know of a photo; mostly empty."""
    if max(photo.width, photo.height) < SMALL:
        size = f"{photo.width} × {photo.height}"
        return say(
            "This photo is small ({size} pixels): small pieces may be missed and colours wrong. A "
            "larger one shows more."
        ).format(size=size)
    # where only one person was looked for, several groups of garments were laid out by somebody
    if len(photo.wearers) > 1 or is_flat_lay(photo.garments):
        return say(
            "Several pieces lie side by side. Choose one to see similar items, or take out what is "
            "not part of the outfit."
        )
    return ""


def is_flat_lay(garments: Sequence[Garment]) -> bool:
    """Return whether two pieces that exclude each other on one person lie beside each other."""
    for slot in _ONE_OF:
        boxes = [garment.box for garment in garments if garment.slot is slot]
        if any(_apart(one, other) for one, other in combinations(boxes, 2)):
            return True
    return False


def _apart(one: Sequence[float], other: Sequence[float]) -> bool:
    return any(one[at + 2] <= other[at] or other[at + 2] <= one[at] for at in (0, 1))
