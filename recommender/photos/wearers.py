"""Several people in a photo: whose garments are whose, and the photo of one of them.

People are distinguished by where their garments are, and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from recommender.errors import RequestError
from recommender.photos.photo_analysis import PhotoAnalysis
from segmentation.common.boxes import people
from segmentation.common.garments import Garments
from segmentation.common.taxonomy import Slot

BODY: Final = frozenset({Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE, Slot.OUTER})
"""Who wears nothing of these is nobody: a bag that was left behind, a shoe in a window."""


@dataclass(frozen=True)
class Wearer:
    """Somebody in a photo.

    Attributes:
        garments: numbers of what they wear, as the photo's garments are numbered.
        box_xyxy: around all of it, in pixels.
    """

    garments: tuple[int, ...]
    box_xyxy: tuple[float, float, float, float]


def wearers(garments: Garments) -> tuple[Wearer, ...]:
    """Return who is in a photo: the one in the middle with the largest garment first."""
    boxes = np.array([each.box_xyxy for each in garments], np.float64).reshape(-1, 4)
    found = []
    for group in people(boxes, garments.width):
        numbers = group.tolist()
        if any(garments.items[number].slot in BODY for number in numbers):
            left, top = boxes[group, :2].min(axis=0).tolist()
            right, bottom = boxes[group, 2:].max(axis=0).tolist()
            found.append(Wearer(tuple(numbers), (left, top, right, bottom)))
    return tuple(found)


def of_wearer(analysis: PhotoAnalysis, wearer: int | None) -> PhotoAnalysis:
    """Return a photo with the garments of one of those in it alone.

    Args:
        analysis: the photo.
        wearer: the number that `wearers` gives; None for the main person where passers-by were
            looked for too, and for all garments as they stand where they were not.

    Raises:
        RequestError: there is nobody of this number.
    """
    if wearer is None and not analysis.everyone:
        return analysis
    there = wearers(analysis.found)
    if wearer is None:
        wearer = 0
        if not there:
            return analysis
    if wearer >= len(there):
        raise RequestError(
            "there is nobody of this number in the photo",
            got=str(wearer),
            expected=f"0 to {len(there) - 1}" if there else "a photo with somebody in it",
            next_step="See who is there with `everyone`, or leave the number out for the main person.",
        )
    stay = there[wearer].garments
    new = {old: number for number, old in enumerate(sorted(stay))}
    encoded = {
        number if number is None else new[number]: vector
        for number, vector in analysis.encoded.items()
        if number is None or number in new
    }
    found = analysis.found.where([number in new for number in range(len(analysis.found))])
    return replace(analysis, found=found, encoded=encoded)
