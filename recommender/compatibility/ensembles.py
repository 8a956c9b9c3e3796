"""Outfits as the compatibility model learns from them, whatever data set they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category


@dataclass(frozen=True, eq=False)
class OutfitPiece:
    """One garment of an outfit.

    Attributes:
        id: unique within its data set.
        category: its kind.
        rgb: 224 x 224 x 3 uint8 as serving encodes it: cut out on neutral grey, or a whole product shot.
        box_xyxy: where it is worn in the scene, in pixels; None where it is in no scene.
        asked: it may be what is looked for.
        worn: it is part of what is to be completed. A product shot of what a scene shows is not: it
            would be there twice.
    """

    id: str
    category: Category
    rgb: Rgb
    box_xyxy: tuple[float, float, float, float] | None = None
    asked: bool = True
    worn: bool = True


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Garments that somebody put together.

    Attributes:
        id: unique within its data set.
        pieces: the garments.
        scene: H x W x 3 uint8, the photo they are worn in; None where there is none.
    """

    id: str
    pieces: tuple[OutfitPiece, ...]
    scene: Rgb | None = None


@dataclass(frozen=True)
class EnsembleFile:
    """An outfit that is read when it is asked for: thousands of them do not fit into memory.

    Attributes:
        id: of the outfit.
        read: returns it. It raises `segmentation.common.errors.DatasetError` where its files are damaged.
    """

    id: str
    read: Callable[[], Ensemble]


@dataclass(frozen=True)
class Question:
    """A published fill-in-the-blank question.

    Attributes:
        worn: ids of the pieces that are there.
        answers: ids of the pieces to choose from.
        right: the place of the right one in `answers`.
    """

    worn: tuple[str, ...]
    answers: tuple[str, ...]
    right: int
