"""Which files are never trained on, where a data set has no split of its own."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

LISTED: Final = "held_out.txt"
"""Names, one a line, without suffixes and by folder: what a pack holds out. A photo's bytes change in it."""


def held_out(data: bytes) -> bool:
    """Whether a file belongs to the tenth that is never trained on.

    Args:
        data: the file's bytes, or those of its name where files are named uniquely.
    """
    return hashlib.sha256(data).digest()[0] % 10 == 0


def is_held_out(path: Path, folder: Path) -> bool:
    """Whether a photo of a data set is held out: listed where there is a list, else by its bytes.

    Args:
        path: the photo.
        folder: the data set's, which may hold `held_out.txt`.
    """
    listing = folder / LISTED
    if not listing.is_file():
        return held_out(path.read_bytes())
    names = _listed(listing, listing.stat().st_mtime_ns)
    return path.stem in names or f"{path.parent.name}/{path.stem}" in names


@lru_cache(maxsize=8)
def _listed(listing: Path, _changed_ns: int) -> frozenset[str]:
    return frozenset(listing.read_text(encoding="utf-8").split())
