"""A photo analysed once: its garments as they stand, and vectors that are encoded when first asked for.

A correction gives another `PhotoAnalysis`; what it does not touch is neither found nor encoded again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoders.attributes import ANSWERED
from index.model.garment_facts import FACTS
from recommender.errors import RequestError
from recommender.outfits.outfit import Outfit
from recommender.photos.reading import describe, facts_worn, measure, numbered
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation.common import cutouts
from segmentation.common.garments import Garment, Garments, Photo, Rgb
from segmentation.common.taxonomy import Category

READ: Final = (*ANSWERED, *FACTS)
"""Attributes that follow from a garment's kind and vector."""
MAX_GARMENTS: Final = 40
"""Garments of a photo that is held for a visit."""
SURE: Final = (3, 0.9)
"""So many garments, the best of at least this score, are not found where there are none."""
MIN_SIDE: Final = 4
"""Pixels of the photo that a drawn box has to hold, across and down."""


@dataclass(frozen=True, eq=False)
class PhotoAnalysis:
    """What is known of a photo.

    Attributes:
        photo: decoded.
        found: the garments that were found, and corrected by hand, with measured colours. Those made
            by hand come first.
        services: what encodes and describes them.
        watch: adds up the time of all that is done for the photo.
        encoded: number of a garment (None: the whole picture) -> its (d,) float32 unit vector, as far
            as it was asked for.
        everyone: what passers-by wear is among them.
        frame: where `photo` lay in what was sent, left, top, right, bottom; None where it is all of it.
    """

    photo: Photo
    found: Garments
    services: Services
    watch: Stopwatch = field(default_factory=Stopwatch)
    encoded: dict[int | None, NDArray[np.float32]] = field(default_factory=dict)
    everyone: bool = False
    frame: tuple[int, int, int, int] | None = None

    def vectors(self, numbers: Sequence[int | None]) -> NDArray[np.float32]:
        """Return (n, d) float32 unit rows; what was not encoded before goes through in one batch.

        Args:
            numbers: n numbers of garments; None for the whole picture.
        """
        if not numbers:
            return np.empty((0, self.services.encoder.dim), np.float32)
        missing = [number for number in numbers if number not in self.encoded]
        if missing:
            with self.watch.stage("cutout"):
                pieces = [self._cut(number) for number in missing]
            with self.watch.stage("encode"):
                rows = self.services.encoder.encode_images(pieces)
            self.encoded.update(zip(missing, rows, strict=True))
        return np.stack([self.encoded[number] for number in numbers])

    def garment(self, number: int) -> Garment:
        """Return a garment, described by its vector."""
        alone = replace(self.found, items=(self.found.items[number],))
        return describe(alone, self.vectors([number]), self.services).items[0]

    @property
    def vectors_unit(self) -> NDArray[np.float32]:
        """(n, d) float32 unit rows, one for each garment."""
        return self.vectors(range(len(self.found)))

    @cached_property
    def garments(self) -> Garments:
        """The garments with all that can be read off them; nothing is encoded where nothing can."""
        reads = bool(self.services.attributes.families) or self.services.facts.heads is not None
        if not reads or not self.found:
            return self.found
        vectors = self.vectors_unit
        with self.watch.stage("encode"):
            return describe(self.found, vectors, self.services)

    @cached_property
    def outfit(self) -> Outfit:
        """The outfit that the garments make."""
        vectors = self.vectors_unit
        facts = facts_worn(self.garments, vectors, self.services)
        return Outfit.of_garments(self.garments, vectors, facts)

    def _cut(self, number: int | None) -> Rgb:
        if number is None:
            return cutouts.cut_whole(self.photo)
        return cutouts.cut_one(self.photo.rgb, self.found.items[number])


def analyse(
    photo: Photo, services: Services, *, everyone: bool = False, watch: Stopwatch | None = None
) -> PhotoAnalysis:
    """Return a photo with its garments; none found is a normal answer.

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
    found = replace(found, items=measured)
    analysis = PhotoAnalysis(photo, found, services, watch, {}, everyone)
    return (
        analysis
        if _shows_clothes(analysis)
        else replace(analysis, found=found.where([False] * len(found)))
    )


def _shows_clothes(analysis: PhotoAnalysis) -> bool:
    """Whether what was found is believed: few or faint garments only where the whole picture shows clothes."""
    found, gate = analysis.found, analysis.services.clothes
    count, score = SURE
    if not gate.weights or not found or (len(found) >= count and found.items[0].score >= score):
        return True
    return gate.shows_clothes(analysis.vectors([None])[0])


def settled(analysis: PhotoAnalysis) -> PhotoAnalysis:
    """Return a photo whose vectors are all there, the whole picture's too: it needs no model later.

    Garments behind the first `MAX_GARMENTS` are left out.
    """
    count = len(analysis.found)
    if count > MAX_GARMENTS:
        first = analysis.found.where([number < MAX_GARMENTS for number in range(count)])
        return settled(replace(analysis, found=first))
    analysis.vectors([*range(count), None])
    return analysis


def with_garment(
    analysis: PhotoAnalysis, box_xyxy: Sequence[float], category: Category
) -> PhotoAnalysis:
    """Return the photo with a garment that was missed, after those made by hand before.

    Raises:
        RequestError: the box holds too little of the photo, or there are too many garments.
    """
    photo, found, services = analysis.photo, analysis.found, analysis.services
    box = _checked(analysis, box_xyxy)
    with analysis.watch.stage("segment"):
        made = measure(photo, services.detector.outline(photo, box, category))
    at = sum(garment.score >= made.score for garment in found)  # as `Garments` orders them
    encoded = {
        number if number is None or number < at else number + 1: vector
        for number, vector in analysis.encoded.items()
    }
    items = (*found.items[:at], made, *found.items[at:])
    return replace(analysis, found=replace(found, items=items), encoded=encoded)


def kinds_in(analysis: PhotoAnalysis, box_xyxy: Sequence[float]) -> list[tuple[Category, float]]:
    """Return what the garment in a box may be, likeliest first, with shares that add up to 1.

    Raises:
        RequestError: the box holds too little of the photo.
    """
    box = _checked_box(analysis.photo, box_xyxy)
    with analysis.watch.stage("segment"):
        return analysis.services.detector.kinds(analysis.photo, box)


def with_kind(analysis: PhotoAnalysis, number: int, category: Category) -> PhotoAnalysis:
    """Return the photo with one garment of another kind; what depends on the kind is read anew.

    Raises:
        RequestError: there is no garment of this number.
    """
    old = numbered(analysis.found, number)
    measured = {name: value for name, value in old.attributes.items() if name not in READ}
    items = list(analysis.found)
    items[number] = replace(old, category=category, attributes=measured)
    return replace(analysis, found=replace(analysis.found, items=tuple(items)))


def without(analysis: PhotoAnalysis, number: int) -> PhotoAnalysis:
    """Return the photo without one of its garments.

    Raises:
        RequestError: there is no garment of this number.
    """
    old = numbered(analysis.found, number)
    encoded = {
        kept if kept is None or kept < number else kept - 1: vector
        for kept, vector in analysis.encoded.items()
        if kept != number
    }
    found = analysis.found.where([garment is not old for garment in analysis.found])
    return replace(analysis, found=found, encoded=encoded)


def _checked(
    analysis: PhotoAnalysis, box_xyxy: Sequence[float]
) -> tuple[float, float, float, float]:
    """Return a drawn box as far as it lies in the photo, where that can have one more garment."""
    if len(analysis.found) >= MAX_GARMENTS:
        raise RequestError(
            "the photo has too many garments",
            got=f"{len(analysis.found)} before this one",
            expected=f"at most {MAX_GARMENTS}",
            next_step="Delete those that are wrong first.",
        )
    return _checked_box(analysis.photo, box_xyxy)


def _checked_box(photo: Photo, box_xyxy: Sequence[float]) -> tuple[float, float, float, float]:
    """Return a drawn box as far as it lies in the photo."""
    width, height = photo.width, photo.height
    if all(math.isfinite(side) for side in box_xyxy):
        left, top, right, bottom = box_xyxy
        box = max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)
        if box[2] - box[0] >= MIN_SIDE and box[3] - box[1] >= MIN_SIDE:
            return box
    raise RequestError(
        "this box cannot hold a garment",
        got=", ".join(f"{side:g}" for side in box_xyxy),
        expected=f"left, top, right, bottom in pixels; at least {MIN_SIDE} x {MIN_SIDE} of them "
        f"in the photo of {width} x {height}",
        next_step="Draw it around the garment.",
    )
