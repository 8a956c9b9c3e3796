"""What a visitor corrects by hand of what was found in a photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from recommender.client import Client
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import Garment
from segmentation.common.taxonomy import Category


@dataclass(frozen=True)
class Added:
    """A garment that was missed: the box around it, xyxy in the photo's pixels, and its kind."""

    box_xyxy: tuple[float, ...]
    kind: Category


@dataclass(frozen=True)
class Changed:
    """A garment, by its number, is of another kind."""

    number: int
    kind: Category


@dataclass(frozen=True)
class Removed:
    """What was found at a number is no garment."""

    number: int


@dataclass(frozen=True)
class Laid:
    """The photo is a sheet of known pieces: these are its garments, and nothing else is."""

    pieces: tuple[Added, ...]


Correction: TypeAlias = Added | Changed | Removed | Laid


def applied(api: Client, photo: PhotoAnswer, correction: Correction) -> PhotoAnswer:
    """Return a photo that the service holds, corrected.

    Raises:
        recommender.client.ApiProblem: the service refused, or does not answer.
    """
    match correction:
        case Added(box_xyxy, kind):
            return api.add_garment(photo.id, box_xyxy, kind)
        case Changed(number, kind):
            return api.correct_garment(photo.id, number, kind)
        case Removed(number):
            return api.remove_garment(photo.id, number)
        case Laid(pieces):
            for number in reversed(range(len(photo.garments))):
                photo = api.remove_garment(photo.id, number)
            for piece in pieces:
                photo = api.add_garment(photo.id, piece.box_xyxy, piece.kind)
            return photo


def newcomer(before: Sequence[Garment], after: Sequence[Garment]) -> int:
    """Return the number of the garment that came in; those after it moved up by one."""
    known = [garment.box for garment in before]
    places = range(len(after))
    return next((i for i in places if i >= len(known) or after[i].box != known[i]), 0)
