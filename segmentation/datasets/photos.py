"""A look at a photo's file without decoding it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from segmentation.errors import DatasetError


def photo_size_hw(path: Path, record: str) -> tuple[int, int]:
    """Return a photo's height and width in pixels.

    Args:
        path: the photo.
        record: what names it, for the message: "line 7 of train.csv".

    Raises:
        DatasetError: there is no such file, or it is no picture.
    """
    try:
        with Image.open(path) as photo:
            width, height = photo.size
    except OSError as error:  # Pillow's own error for what is no picture is one too
        raise DatasetError(
            f"the photo that {record} names cannot be read",
            got=f"{path}: {type(error).__name__}",
            expected="a picture",
            next_step="Unpack the photos of the data set beside its annotations.",
        ) from error
    return height, width
