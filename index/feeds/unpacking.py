"""A zip of a feed with its pictures -> files in a folder, within bounds and nowhere else."""

from __future__ import annotations

import gzip
import lzma
import shutil
import stat
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from index.errors import FeedError
from index.feeds.rows import Feed, FeedRow, Reject
from index.files import durable

FEEDS: Final = frozenset(
    {
        ".csv",
        ".tsv",
        ".txt",
        ".xml",
        ".rss",
        ".atom",
        ".yml",
        ".jsonl",
        ".ndjson",
        ".json",
        ".parquet",
        ".xlsx",
        ".gz",
    }
)
GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
MAX_ENTRIES: Final = 200_000
MAX_RATIO: Final = 200
"""Text of a feed packs to a twentieth; what packs to less than a two-hundredth is a bomb."""
MAX_BYTES: Final = 2 * 2**30
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    FileExistsError,
)
_LEAST: Final = 50 * 2**20
"""Unpacked bytes up to which no ratio is checked: a small feed may be very regular."""


def unpack(
    archive: Path,
    folder: Path,
    *,
    max_bytes: int = MAX_BYTES,
    on_entry: Callable[[], None] = lambda: None,
) -> Path:
    """Unpack a zip into a folder and return its feed: the file of one, or the folder of pictures.

    Args:
        archive: the zip.
        folder: is made; nothing is written elsewhere.
        max_bytes: the most that it may hold unpacked.
        on_entry: called before each file; what it raises ends the work.

    Raises:
        FeedError: it is no zip, is damaged, has names that lead elsewhere, links, or too much in it.
        CatalogError: the disk takes no more.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = [each for each in packed.infolist() if not each.is_dir()]
            _check(entries, archive.stat().st_size, max_bytes)
            for entry in entries:
                on_entry()
                _write(packed, entry, folder)
    except _DAMAGED as error:
        raise _refused(str(error) or type(error).__name__) from error
    return feed_in(folder)


class PackedFeed:
    """The feed inside an archive, unpacked for as long as this lives."""

    def __init__(self, feed: Feed, folder: Path) -> None:
        """Take the feed, and the folder that is deleted when nobody holds this any more."""
        self.feed = feed
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    @property
    def format(self) -> str:
        """The format of the feed inside."""
        return self.feed.format

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield the rows of the feed inside."""
        yield from self.feed.rows()


def unpack_gzip(packed: Path, folder: Path, *, max_bytes: int = MAX_BYTES) -> Path:
    """Unpack a gzip into a folder and return the file in it.

    Args:
        packed: the gzip.
        folder: nothing is written elsewhere.
        max_bytes: the most that it may hold unpacked.

    Raises:
        FeedError: it is damaged or cut off, or there is too much in it.
        CatalogError: the disk takes no more.
    """
    target = folder / (packed.name.removesuffix(".gz")[-100:] or "feed")
    most = min(max_bytes, max(_LEAST, MAX_RATIO * packed.stat().st_size))
    try:
        with durable.disk_refusals(folder), gzip.open(packed) as source, target.open("xb") as file:
            while data := source.read(1 << 20):
                if file.tell() + len(data) > most:
                    raise _refused(f"more than {most} bytes out of {packed.stat().st_size}")
                file.write(data)
    except (gzip.BadGzipFile, *_DAMAGED) as error:
        raise _refused(str(error) or type(error).__name__) from error
    return target


def feed_in(folder: Path) -> Path:
    """Return the feed that lies highest in a folder; the folder itself where there is none.

    Raises:
        FeedError: there are several beside each other.
    """
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    found = [path for path in files if path.suffix.lower() in FEEDS]
    # a text beside a feed is about it; alone it may be one
    found = [path for path in found if path.suffix.lower() != ".txt"] or found
    depth = min((len(path.parts) for path in found), default=0)
    highest = sorted(path for path in found if len(path.parts) == depth)
    if len(highest) > 1:
        raise FeedError(
            "the zip holds several feeds",
            got=", ".join(path.name for path in highest[:5]),
            expected="one feed, and its pictures",
            next_step="Send each feed by itself.",
        )
    return highest[0] if highest else folder


def _check(entries: list[zipfile.ZipInfo], packed_bytes: int, max_bytes: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _refused(f"{len(entries)} files, more than {MAX_ENTRIES}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(max_bytes, max(_LEAST, MAX_RATIO * packed_bytes)):
        raise _refused(f"{unpacked} bytes out of {packed_bytes}")
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        parts = name.parts
        inside = parts and not name.is_absolute() and ".." not in parts and ":" not in parts[0]
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not inside or kind not in (0, stat.S_IFREG) or "\0" in entry.filename:
            raise _refused(f"the name {entry.filename[:80]!r}, which is no file inside the zip")


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    path = folder / PurePosixPath(entry.filename.replace("\\", "/"))
    if "__MACOSX" in path.parts:
        return
    with durable.disk_refusals(folder), packed.open(entry) as source:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as target:
            # zipfile itself stops at the size that the entry declares, which was looked at before
            shutil.copyfileobj(source, target, 1 << 20)


def _refused(got: str) -> FeedError:
    return FeedError(
        "the archive cannot be used",
        got=got,
        expected="a whole zip of a feed and its pictures, without links, or a whole gzip of a feed",
        next_step="Make it anew with an ordinary program.",
    )
