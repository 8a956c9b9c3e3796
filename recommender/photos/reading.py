"""A photo -> its garments with measured attributes, and the outfit they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from index.model.garment_facts import GarmentFacts
from recommender.errors import RequestError
from recommender.outfits.outfit import Outfit
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation.common import cutouts
from segmentation.common.boxes import pad_box
from segmentation.common.colours import main_colours
from segmentation.common.garments import Garment, Garments, Photo, Rgb
from segmentation.common.taxonomy import Category


@dataclass(frozen=True, eq=False)
class Segmentation:
    """The answer to "what is in this photo".

    Attributes:
        garments: found, best score first, each with its `colour` and perhaps `second_colour`; once
            described, perhaps with `pattern`, `sleeve` and `length`.
        ms: stage -> milliseconds.
    """

    garments: Garments
    ms: Mapping[str, float]


def segment(
    photo: Photo,
    services: Services,
    *,
    everyone: bool = False,
    watch: Stopwatch | None = None,
) -> Segmentation:
    """Return the garments of a photo with measured attributes; none found is a normal answer.

    Args:
        photo: decoded.
        services: what does the work.
        everyone: what passers-by wear is wanted too, not only the main person's garments.
        watch: holds the time of stages that went before, such as `decode`.
    """
    watch = watch or Stopwatch()
    with watch.stage("segment"):
        found = services.detector.segment(photo, everyone=everyone)
        measured = tuple(measure(photo, garment) for garment in found)
        garments = Garments(found.height, found.width, measured)
    return Segmentation(garments, MappingProxyType(watch.ms))


def embed(
    photo: Photo, garments: Garments, services: Services, watch: Stopwatch
) -> tuple[Garments, Outfit]:
    """Return the garments, described, and the outfit they make.

    All cut-outs go through the encoder in one batch.
    """
    with watch.stage("cutout"):
        pieces = cutouts.cut(photo, garments)
    with watch.stage("encode"):
        vectors = services.encoder.encode_images(pieces)
        described = describe(garments, vectors, services)
        facts = facts_worn(described, vectors, services)
    return described, Outfit.of_garments(described, vectors, facts)


def with_attributes(
    photo: Photo, seen: Segmentation, services: Services, watch: Stopwatch
) -> Segmentation:
    """Return the garments with all that can be read off them; the encoder is asked where it can."""
    reads = bool(services.attributes.families) or services.facts.heads is not None
    if not reads or not seen.garments:
        return seen
    described, _ = embed(photo, seen.garments, services, watch)
    return Segmentation(described, MappingProxyType(watch.ms))


def describe(garments: Garments, vectors_unit: NDArray[np.float32], services: Services) -> Garments:
    """Return n garments with what their (n, d) float32 unit vectors tell of them.

    What is known already stays: colours were measured under the masks.
    """
    kinds = [garment.category for garment in garments]
    read = services.attributes.read([None] * len(kinds), vectors_unit, kinds)
    facts = services.facts.read_worn(vectors_unit, kinds)
    told = services.facts.corrected([each.known() for each in read], vectors_unit, kinds)
    described = tuple(
        replace(garment, attributes={**known.known(), **each, **garment.attributes})
        for garment, each, known in zip(garments, told, facts, strict=True)
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


def choose(garments: Garments, number: int | None, kinds: frozenset[Category]) -> Garment | None:
    """Return the garment of a number; without one the largest of `kinds`, of all if none is given.

    Raises:
        RequestError: there is no garment of this number.
    """
    if number is not None:
        return numbered(garments, number)
    allowed = [garment for garment in garments if not kinds or garment.category in kinds]
    return max(allowed, key=lambda garment: int(np.count_nonzero(garment.mask)), default=None)


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
