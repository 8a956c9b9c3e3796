"""The use case: bring a collection to the home, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.files import durable
from recommender.public_garments.archive import unpack
from recommender.public_garments.collection import Collection, checksum, sums_in
from recommender.public_garments.download import Report, download
from recommender.public_garments.errors import SamplesError

_WORK: Final = ".fetching-"
_LEFT_BEHIND_S: Final = 24 * 3600.0
"""A folder to work in that is older than this is a killed run's."""


@dataclass(frozen=True)
class Fetched:
    """Where a collection lies now.

    Attributes:
        folder: with a sub-folder for each kind.
        anew: it was fetched; else it was there already, and is whole.
    """

    folder: Path
    anew: bool


def fetch(
    collection: Collection, home: Path, url: str, report: Report = lambda _done, _total: None
) -> Fetched:
    """Bring a collection to the home, unless it is there and whole.

    Args:
        collection: which.
        home: `RECOMMENDER_HOME`.
        url: of an archive that holds it.
        report: called with progress in bytes.

    Raises:
        SamplesError: it cannot be had, or what came is something else; what was there is still.
        CatalogError: the disk takes no more.
    """
    folder = collection.folder(home)
    with durable.disk_refusals(folder):
        if collection.is_whole(sums_in(folder)):
            return Fetched(folder, anew=False)
    with _workplace(folder.parent) as place:
        archive, fresh = place / "archive", place / "pictures"
        download(url, archive, report=report)
        sums = unpack(archive, fresh, collection)
        if not collection.is_whole(sums):
            raise _others(collection, sums)
        with durable.disk_refusals(folder):
            if folder.exists():
                folder.rename(place / "damaged")
            fresh.rename(folder)
    return Fetched(folder, anew=True)


@contextmanager
def few_of(folder: Path, each: int) -> Iterator[Path]:
    """Yield a folder with the first pictures of each kind, at the same paths; gone afterwards.

    Args:
        folder: a collection's.
        each: how many of each kind.

    Raises:
        CatalogError: the disk takes no more.
    """
    with _workplace(folder.parent) as place:
        with durable.disk_refusals(place):
            for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
                (place / kind.name).mkdir()
                for picture in sorted(kind.glob("*.jpg"))[:each]:
                    _linked(picture, place / kind.name / picture.name)
        yield place


def _linked(picture: Path, place: Path) -> None:
    try:
        os.link(picture, place)
    except OSError:  # a disk that knows no links
        shutil.copyfile(picture, place)


@contextmanager
def _workplace(root: Path) -> Iterator[Path]:
    """Yield an empty folder on the disk that the result will lie on; it is gone afterwards."""
    with durable.disk_refusals(root):
        root.mkdir(parents=True, exist_ok=True)
        for left in root.glob(f"{_WORK}*"):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)
        made = tempfile.TemporaryDirectory(dir=root, prefix=_WORK, ignore_cleanup_errors=True)
    with made as name:
        yield Path(name)


def _others(collection: Collection, sums: dict[str, str]) -> SamplesError:
    return SamplesError(
        "the archive does not hold the pictures that were expected",
        got=f"{len(sums)} pictures, checksum {checksum(sums)}",
        expected=f"{collection.pictures} pictures, checksum {collection.checksum}, in "
        "`<folder>/train/<kind>/<uuid>.jpg`",
        next_step="Check the address (`--url`, RECOMMENDER_SAMPLES_URL). Pictures of another "
        "edition, or of your own, come in with `recommender catalog import FOLDER`.",
    )
