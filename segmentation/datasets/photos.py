"""A look at a picture's file without decoding it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.datasets.labelled import UNREADABLE


def photo_path(folder: Path, name: str) -> Path:
    """Return the path of a photo by its name: a JPEG, or the WebP picture that a pack makes of it."""
    packed = folder / f"{name}.webp"
    return packed if packed.is_file() else folder / f"{name}.jpg"


def photo_size_hw(path: Path, record: str) -> tuple[int, int]:
    """Return a picture's height and width in pixels, from its header.

    Args:
        path: the photo, or the picture of its masks.
        record: what names it, for the message: "line 7 of train.csv".

    Raises:
        DatasetError: there is no such file, it is no picture, or one too large to decode.
    """
    try:
        with Image.open(path) as photo:
            width, height = photo.size
    except (*UNREADABLE, ValueError) as error:  # ValueError: a path with a NUL, or a bad header
        raise DatasetError(
            f"the picture that {record} names cannot be read",
            got=f"{path}: {type(error).__name__}",
            expected="a picture",
            next_step="Put the picture of the data set there again, or take the record out.",
        ) from error
    return height, width


def check_sizes(photo: Path, mask: Path, record: str) -> None:
    """Refuse a record whose photo and label picture are not there or differ in size.

    Args:
        photo: the photo.
        mask: its label picture.
        record: what names both, for the message: "line 7 of photos.jsonl".

    Raises:
        DatasetError: one of them is missing or no picture, or the sizes differ.
    """
    (height, width), other = photo_size_hw(photo, record), photo_size_hw(mask, record)
    if (height, width) != other:
        raise DatasetError(
            f"the photo and the masks of {record} differ in size",
            got=f"{mask} of {other[0]} x {other[1]}",
            expected=f"{height} x {width} as {photo.name}, height x width",
            next_step="Put the masks that were made for this copy of the photo there.",
        )
