"""One look at a photo: its garments as they stand with their vectors, so that no work is done twice.

A correction gives another `Seen`; what it does not touch is neither found nor encoded again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoders.attributes import ANSWERED
from index.model.garment_facts import FACTS, GarmentFacts
from recommender.errors import RequestError
from recommender.outfits.outfit import Outfit
from recommender.photos.reading import describe, facts_worn, measure, numbered, segment
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation.common import cutouts
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.taxonomy import Category

READ: Final = (*ANSWERED, *FACTS)
"""Attributes that follow from a garment's kind and vector."""
MOST: Final = 40
"""Garments of a photo."""
LEAST_SIDE: Final = 4
"""Pixels of the photo that a drawn box has to hold, across and down."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is known of a photo.

    Attributes:
        photo: decoded.
        garments: found, and corrected by hand; described. Those made by hand come first.
        vectors_unit: (n, d) float32 unit rows, one for each garment.
        whole_unit: (d,) float32: the whole picture's.
        facts: n facts of the garments; all unknown where not given.
    """

    photo: Photo
    garments: Garments
    vectors_unit: NDArray[np.float32]
    whole_unit: NDArray[np.float32]
    facts: tuple[GarmentFacts, ...] = ()

    def __post_init__(self) -> None:
        expected = (len(self.garments), len(self.whole_unit))
        if self.vectors_unit.shape != expected:
            raise ValueError(f"vectors_unit: got {self.vectors_unit.shape}; expected {expected}")

    @property
    def outfit(self) -> Outfit:
        """The outfit that the garments make."""
        return Outfit.of_garments(self.garments, self.vectors_unit, self.facts)

    def vector_of(self, garment: Garment | None) -> NDArray[np.float32]:
        """Return the (d,) vector of one of the garments; None for the whole picture."""
        if garment is None:
            return self.whole_unit
        numbers = [n for n, each in enumerate(self.garments) if each is garment]
        return np.asarray(self.vectors_unit[numbers[0]])


def look(
    photo: Photo, services: Services, *, everyone: bool = False, watch: Stopwatch | None = None
) -> Seen:
    """Return all that is asked of a photo later; every cut-out goes through the encoder in one batch.

    Args:
        photo: decoded.
        services: what does the work.
        everyone: what passers-by wear is wanted too.
        watch: holds the time of stages that went before, such as `decode`.
    """
    watch = watch or Stopwatch()
    garments = segment(photo, services, everyone=everyone, watch=watch).garments
    garments = garments.where([number < MOST for number in range(len(garments))])
    with watch.stage("cutout"):
        pieces = [*cutouts.cut(photo, garments), cutouts.cut_whole(photo)]
    with watch.stage("encode"):
        vectors = services.encoder.encode_images(pieces)
        described = describe(garments, vectors[:-1], services)
        facts = facts_worn(described, vectors[:-1], services)
    return Seen(photo, described, vectors[:-1], vectors[-1], facts)


def with_garment(
    seen: Seen,
    box_xyxy: Sequence[float],
    category: Category,
    services: Services,
    watch: Stopwatch | None = None,
) -> Seen:
    """Return the photo with a garment that was missed, after those made by hand before.

    Raises:
        RequestError: the box holds too little of the photo, or there are too many garments.
    """
    watch = watch or Stopwatch()
    photo, garments = seen.photo, seen.garments
    box = _checked(seen, box_xyxy)
    with watch.stage("segment"):
        made = measure(photo, services.detector.outline(photo, box, category))
    with watch.stage("cutout"):
        piece = cutouts.cut_one(photo.rgb, made)
    with watch.stage("encode"):
        vector = services.encoder.encode_images([piece])
        alone = Garments(photo.height, photo.width, (made,))
        [made] = describe(alone, vector, services)
    at = sum(garment.score >= made.score for garment in garments)  # as `Garments` orders them
    items = (*garments.items[:at], made, *garments.items[at:])
    vectors = np.concatenate([seen.vectors_unit[:at], vector, seen.vectors_unit[at:]])
    whole = replace(garments, items=items)
    facts = facts_worn(whole, vectors, services)
    return replace(seen, garments=whole, vectors_unit=vectors, facts=facts)


def with_kind(seen: Seen, number: int, category: Category, services: Services) -> Seen:
    """Return the photo with one garment of another kind; what depends on the kind is read anew.

    Raises:
        RequestError: there is no garment of this number.
    """
    old = numbered(seen.garments, number)
    measured = {name: value for name, value in old.attributes.items() if name not in READ}
    items = list(seen.garments)
    items[number] = replace(old, category=category, attributes=measured)
    changed = replace(seen.garments, items=tuple(items))
    facts = facts_worn(changed, seen.vectors_unit, services)
    return replace(seen, garments=describe(changed, seen.vectors_unit, services), facts=facts)


def without(seen: Seen, number: int) -> Seen:
    """Return the photo without one of its garments.

    Raises:
        RequestError: there is no garment of this number.
    """
    old = numbered(seen.garments, number)
    stay = [garment is not old for garment in seen.garments]
    facts = tuple(each for each, kept in zip(seen.facts, stay, strict=bool(seen.facts)) if kept)
    vectors = seen.vectors_unit[stay]
    return replace(seen, garments=seen.garments.where(stay), vectors_unit=vectors, facts=facts)


def _checked(seen: Seen, box_xyxy: Sequence[float]) -> tuple[float, float, float, float]:
    """Return a drawn box as far as it lies in the photo."""
    width, height = seen.photo.width, seen.photo.height
    if len(seen.garments) >= MOST:
        raise RequestError(
            "the photo has too many garments",
            got=f"{len(seen.garments)} before this one",
            expected=f"at most {MOST}",
            next_step="Delete those that are wrong first.",
        )
    if all(math.isfinite(side) for side in box_xyxy):
        left, top, right, bottom = box_xyxy
        box = max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)
        if box[2] - box[0] >= LEAST_SIDE and box[3] - box[1] >= LEAST_SIDE:
            return box
    raise RequestError(
        "this box cannot hold a garment",
        got=", ".join(f"{side:g}" for side in box_xyxy),
        expected=f"left, top, right, bottom in pixels; at least {LEAST_SIDE} x {LEAST_SIDE} of them "
        f"in the photo of {width} x {height}",
        next_step="Draw it around the garment.",
    )
