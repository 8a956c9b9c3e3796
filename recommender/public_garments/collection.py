"""Which garments there are, and what tells that they are these and no others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from segmentation.common.taxonomy import CLOTHING_DATASET

_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_INSIDE: Final = re.compile(rf"[^/]+/train/(?P<path>(?P<kind>[a-z-]+)/{_UUID}\.jpg)")


@dataclass(frozen=True)
class Collection:
    """Pictures of single garments, a sub-folder a kind, that an archive on the web holds.

    Attributes:
        name: of the catalogue they become, and of their folder.
        kinds: names of the sub-folders.
        pictures: how many there are.
        checksum: of all of them; see `checksum`. Archives that are packed on request differ from
            day to day, so it is what is in them that counts.
        licence: what they may be used under.
        origin: who gives them.
    """

    name: str
    kinds: frozenset[str]
    pictures: int
    checksum: str
    licence: str
    origin: str

    def folder(self, home: Path) -> Path:
        """Return where they lie in a home."""
        return home / "samples" / self.name

    def path_of(self, entry: str) -> str | None:
        """Return where a file of the archive goes, None for one that is not of the collection.

        >>> PUBLIC.path_of("main/train/hat/00b1f1f8-2d2f-4c8f-a8ac-cd2b3a2b2c2d.jpg")
        'hat/00b1f1f8-2d2f-4c8f-a8ac-cd2b3a2b2c2d.jpg'
        >>> PUBLIC.path_of("main/test/hat/00b1f1f8-2d2f-4c8f-a8ac-cd2b3a2b2c2d.jpg")
        """
        found = _INSIDE.fullmatch(entry)
        return found["path"] if found and found["kind"] in self.kinds else None

    def is_whole(self, sums: Mapping[str, str]) -> bool:
        """Return whether these are the SHA-256 by path of all its pictures and no others."""
        return len(sums) == self.pictures and checksum(sums) == self.checksum


PUBLIC: Final = Collection(
    name="public-garments",
    kinds=frozenset(CLOTHING_DATASET),
    pictures=3068,
    checksum="8a7ed73d5855a04bec7c8cdc1d044a9b49cd153d2622ff2a99a0e61bda0c625a",
    licence="CC0 1.0 (public domain)",
    origin="https://github.com/alexeygrigorev/clothing-dataset-small",
)
"""The training part of clothing-dataset-small: garments on beds, floors and hangers, some worn."""


def checksum(sums: Mapping[str, str]) -> str:
    """Return the SHA-256 over a line for each file in order of path: path, NUL, its SHA-256, newline.

    Args:
        sums: path, `dress/….jpg` -> SHA-256 in hexadecimal.

    >>> checksum({})[:8]
    'e3b0c442'
    """
    lines = (f"{path}\0{digest}\n" for path, digest in sorted(sums.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def sums_in(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every picture in the sub-folders of a folder, by path.

    Raises:
        OSError: one cannot be read.
    """
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*/*.jpg")
    }
