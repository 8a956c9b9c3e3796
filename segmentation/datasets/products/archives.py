"""Pictures that lie in a zip archive, read in whichever process asks."""

from __future__ import annotations

import io
import os
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Rgb
from segmentation.datasets.labelled import UNREADABLE


def names_in(archive: Path) -> frozenset[str]:
    """Return the names of an archive's files.

    Raises:
        DatasetError: it is missing, or no zip archive.
    """
    return frozenset(_opened(archive, os.getpid()).namelist())


def picture_in(archive: Path, name: str) -> Rgb:
    """Return a picture of an archive, H x W x 3 uint8 RGB; what was transparent lies on white.

    Raises:
        DatasetError: the archive or the picture is missing or damaged.
    """
    try:
        data = _opened(archive, os.getpid()).read(name)
        with Image.open(io.BytesIO(data)) as picture:
            above = picture.convert("RGBA")
        white = Image.new("RGBA", above.size, "white")
        return np.asarray(Image.alpha_composite(white, above).convert("RGB"))
    except (*UNREADABLE, KeyError, BadZipFile, EOFError, ValueError) as error:
        raise DatasetError(
            "a picture of an archive cannot be read",
            got=f"{archive}, {name}: {type(error).__name__}",
            expected="a picture that Pillow can open",
            next_step="Fetch the archive again, or take the picture's line out of its table.",
        ) from error


@lru_cache(maxsize=16)
def _opened(archive: Path, process: int) -> ZipFile:
    """Return the archive, opened by this process: one file position cannot be shared by two."""
    del process
    try:
        return ZipFile(archive)
    except (OSError, BadZipFile) as error:
        raise DatasetError(
            "an archive of pictures cannot be opened",
            got=f"{archive}: {type(error).__name__}",
            expected="a zip archive",
            next_step="Fetch it again; docs/data.md describes the layout.",
        ) from error
