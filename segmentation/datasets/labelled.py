"""What every reader gives: where a photo is, what is worn in it, and where each garment lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeAlias, TypeVar

import numpy as np
from PIL import Image
from pycocotools import mask as coco

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import Label

Record = TypeVar("Record")
Made = TypeVar("Made")
Refused: TypeAlias = Callable[[DatasetError], None]
"""Is given a record that cannot be used; raises it, or returns and reading goes on without it."""
UNREADABLE: Final = (OSError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises where a picture is missing, damaged or a bomb."""


def insist(error: DatasetError) -> None:
    """Refuse the whole data set for one record: see `Refused`."""
    raise error


class Regions(Protocol):
    """Where the garments of one photo lie, in whatever form the data set keeps it."""

    def masks(self, values: list[int]) -> list[Mask]:
        """Return the H x W masks of some label values, in their order."""


@dataclass(frozen=True)
class LabelPicture:
    """A uint8 picture of the photo's size; each value is one garment, so none overlap.

    Attributes:
        path: the PNG.
    """

    path: Path

    def masks(self, values: list[int]) -> list[Mask]:
        """See `Regions.masks`."""
        labels = self.read()
        return [labels == value for value in values]

    def read(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        """Return the H x W uint8 label picture.

        Raises:
            DatasetError: it is missing or damaged.
        """
        try:
            with Image.open(self.path) as picture:
                return np.asarray(picture, dtype=np.uint8)
        except UNREADABLE as error:
            raise unreadable(self.path, error) from error


@dataclass(frozen=True)
class RunLengths:
    """COCO's compressed run lengths by value; garments may overlap.

    Attributes:
        size_hw: height and width of every mask, in pixels.
        counts: label value -> compressed counts.
    """

    size_hw: tuple[int, int]
    counts: Mapping[int, bytes]

    def masks(self, values: list[int]) -> list[Mask]:
        """See `Regions.masks`."""
        size = list(self.size_hw)
        return [
            np.asarray(coco.decode({"size": size, "counts": self.counts[value]}), dtype=bool)
            for value in values
        ]


@dataclass(frozen=True)
class LabelledPhoto:
    """A photo and its labelled garments; one label value is one garment.

    Attributes:
        id: unique within its data set.
        photo_path: the photo.
        regions: where the values of `labels` lie.
        labels: label value -> category, or part of a garment where the data set has parts.
        split: `train` or `val`.
        names: label value -> the data set's own, finer word ("blazer").
        attributes: label value -> known attributes by name, such as colour.
        described: label value -> names of its attributes in the data set's own list; a value that
            is missing here was never described, which is not the same as having none.
        unmarked: categories that are worn in the photo but have no mask of their own.
        crowds: label value -> category of a group of things that are not separated. `regions` has
            their masks; they are nothing to learn, and what is found on them is not wrong.
    """

    id: str
    photo_path: Path
    regions: Regions
    labels: Mapping[int, Label]
    split: str
    names: Mapping[int, str] = field(default_factory=dict)
    attributes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    described: Mapping[int, frozenset[str]] = field(default_factory=dict)
    unmarked: frozenset[Label] = frozenset()
    crowds: Mapping[int, Label] = field(default_factory=dict)

    def read(self) -> tuple[Rgb, dict[int, Mask]]:
        """Return the H x W x 3 photo and the mask of every label value.

        Raises:
            DatasetError: the photo or its masks are missing, damaged, or differ in size.
        """
        try:
            with Image.open(self.photo_path) as photo:
                rgb = np.asarray(photo.convert("RGB"))
        except UNREADABLE as error:
            raise unreadable(self.photo_path, error) from error
        return rgb, self.read_masks((rgb.shape[0], rgb.shape[1]))

    def read_crowds(self) -> list[tuple[Label, Mask]]:
        """Return the category and the H x W mask of every group."""
        if not self.crowds:
            return []
        masks = self.regions.masks(list(self.crowds))
        return list(zip(self.crowds.values(), masks, strict=True))

    def read_masks(self, size_hw: tuple[int, int]) -> dict[int, Mask]:
        """Return the mask of every label value for a photo of that height and width.

        Raises:
            DatasetError: the masks are missing, damaged, or of another size.
        """
        values = list(self.labels)
        masks = dict(zip(values, self.regions.masks(values), strict=True))
        for mask in masks.values():
            if mask.shape != size_hw:
                raise DatasetError(
                    "a photo and its masks differ in size",
                    got=f"{self.photo_path}: photo {size_hw}, mask {mask.shape}",
                    expected="the same height and width",
                    next_step="Check that the masks were made for this copy of the photo.",
                )
        return masks


def unreadable(path: Path, error: BaseException) -> DatasetError:
    """Return the refusal of a picture that is missing or damaged."""
    missing = isinstance(error, FileNotFoundError)
    return DatasetError(
        "a picture is missing" if missing else "a picture cannot be read",
        got=f"no {path}" if missing else f"{path}: {error}",
        expected="a picture that Pillow can open",
        next_step="Fetch or write this file again, or take its record out of the data set.",
    )


def usable(
    records: Iterable[Record], read: Callable[[Record], Made | None], refused: Refused = insist
) -> list[Made]:
    """Return what `read` makes of each record, without those that it refuses.

    Args:
        records: in the order of the data set; `enumerate(lines, start=1)` for lines.
        read: returns None for a record that is not wanted.
        refused: is given the refusals.
    """
    made = []
    for record in records:
        try:
            each = read(record)
        except DatasetError as error:
            refused(error)
        else:
            if each is not None:
                made.append(each)
    return made
