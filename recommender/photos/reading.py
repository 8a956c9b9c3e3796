"""What is read off garments: their colours, and what their vectors tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.model.garment_facts import GarmentFacts
from recommender.errors import RequestError
from recommender.services import Services
from segmentation.common import cutouts
from segmentation.common.boxes import pad_box
from segmentation.common.colours import main_colours
from segmentation.common.garments import Garment, Garments, Photo, Rgb
from segmentation.common.taxonomy import Category


def describe(garments: Garments, vectors_unit: NDArray[np.float32], services: Services) -> Garments:
    """Return n garments with what their (n, d) float32 unit vectors tell of them.

    What is known already stays: colours were measured under the masks.
    """
    kinds = [garment.category for garment in garments]
    read = services.attributes.read([None] * len(kinds), vectors_unit, kinds)
    facts = services.facts.read_worn(vectors_unit, kinds)
    result = services.facts.corrected([each.known() for each in read], vectors_unit, kinds)
    described = tuple(
        replace(garment, attributes={**known.known(), **each, **garment.attributes})
        for garment, each, known in zip(garments, result, facts, strict=True)
    )
    return Garments(garments.height, garments.width, described)


def facts_worn(
    garments: Garments, vectors_unit: NDArray[np.float32], services: Services
) -> tuple[GarmentFacts, ...]:
    """Return the facts of n garments by their (n, d) vectors; none says for whom it is cut."""
    return services.facts.read_worn(vectors_unit, [garment.category for garment in garments])


def measure(photo: Photo, garment: Garment) -> Garment:
    """Return the garment with its colours, as far as its detector did not tell them."""
    left, top, right, bottom = pad_box(garment.box_xyxy, 0.0, (photo.width, photo.height))
    names = main_colours(photo.rgb[top:bottom, left:right], garment.mask[top:bottom, left:right])
    measured = dict(zip(("colour", "second_colour"), names, strict=False))
    return replace(garment, attributes={**measured, **garment.attributes})


def choose(garments: Garments, number: int | None, kinds: frozenset[Category]) -> int | None:
    """Return the number of a garment; without one that of the largest of `kinds`, of all if none is given.

    Raises:
        RequestError: there is no garment of this number.
    """
    if number is not None:
        numbered(garments, number)
        return number
    allowed = [n for n, each in enumerate(garments) if not kinds or each.category in kinds]
    return max(allowed, key=lambda n: int(np.count_nonzero(garments.items[n].mask)), default=None)


def numbered(garments: Garments, number: int) -> Garment:
    """Return the garment of a number.

    Raises:
        RequestError: there is no garment of this number.
    """
    if not 0 <= number < len(garments):
        raise RequestError(
            "the photo has no such garment",
            got=f"number {number}",
            expected=f"0 to {len(garments) - 1}" if garments else "none: no garment was found",
            next_step="Ask for the photo's garments first; they are numbered from 0.",
        )
    return garments.items[number]


def main_piece(photo: Photo, services: Services, *, whole: bool = False) -> Rgb:
    """Return a picture's largest garment as a cut-out; all of it if asked, or if none is found."""
    found = () if whole else services.detector.segment(photo)
    largest = max(found, key=lambda garment: int(np.count_nonzero(garment.mask)), default=None)
    return cutouts.cut_whole(photo) if largest is None else cutouts.cut_one(photo.rgb, largest)
