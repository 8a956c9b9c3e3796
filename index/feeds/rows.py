"""What every feed yields."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from index.model.items import CatalogItem, Unplaced


class PictureSource(Protocol):
    """Where one picture of a row comes from; it can be read more than once."""

    def read(self) -> bytes:
        """Return the merchant's file.

        Raises:
            OSError, ValueError: it cannot be had; the text says why, for the merchant.
        """
        ...

    def digest(self) -> str:
        """Return the SHA-256 of what `read` returns, 64 hexadecimal digits.

        Nothing is fetched or read for it where the picture is known to be unchanged: judge by this,
        and read only what is to be encoded.

        Raises:
            OSError, ValueError: it cannot be had; the text says why, for the merchant.
        """
        ...


@dataclass(frozen=True)
class LocalPicture:
    """A file inside the feed's root."""

    path: Path

    def read(self) -> bytes:
        """Return the file. See `PictureSource.read`."""
        return self.path.read_bytes()

    def digest(self) -> str:
        """Return the file's SHA-256. See `PictureSource.digest`."""
        stat = self.path.stat()
        return _digest(self.path, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


@lru_cache(maxsize=2**15)
def _digest(path: Path, *state: int) -> str:
    """Return a file's SHA-256; it is read again only in another state, as `stat` tells it."""
    del state
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Elsewhere:
    """A picture at an address, while nothing is fetched from there.

    Attributes:
        address: as the feed wrote it.
        host: what `--fetch` would have to allow: a host, read through https, or `s3://bucket`.
    """

    address: str
    host: str

    def read(self) -> bytes:
        """Raise `ValueError` that says how to allow it. See `PictureSource.read`."""
        raise ValueError(
            f"picture {self.address[:200]!r} is an address; allow it with --fetch {self.host}"
        )

    def digest(self) -> str:
        """Raise as `read` does. See `PictureSource.digest`."""
        self.read()
        raise AssertionError  # read always raises


class Fetcher(Protocol):
    """Opens pictures that lie at an address; given only where that is switched on."""

    def picture(self, url: str) -> PictureSource:
        """Return the picture at an https, s3 or gs address; nothing is fetched before its `read`.

        Raises:
            ValueError: this address may not be read; the text says why, for the merchant.
        """
        ...


@dataclass(frozen=True)
class FeedRow:
    """A good row.

    Attributes:
        number: its place in the feed, from 1: a line, or a file in order of its path.
        item: the item; `image` and `more_images` are as the feed wrote them. Unplaced where the
            feed names no kind that is known.
        pictures: its pictures, the main one first, then those of `more_images`; one at least.
        warnings: what of it was left out or taken differently than it was written, in words.
    """

    number: int
    item: CatalogItem | Unplaced
    pictures: tuple[PictureSource, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reject:
    """A row that was left out, and why, in words for the merchant.

    Attributes:
        number: its place in the feed, as of a `FeedRow`.
        sku: its sku, as far as it could be read.
        reason: what was got and expected.
        passed_over: the row is in order but not meant for shoppers, such as a draft: it is listed,
            and is neither a fault of the feed nor an item that the feed still has.
    """

    number: int
    sku: str
    reason: str
    passed_over: bool = False


@dataclass(frozen=True)
class FeedOptions:
    """How to read a feed.

    Attributes:
        format: one of `detect.FORMATS`; empty is by content.
        columns: the feed's column -> our field, where they differ.
        currency: ISO 4217 for prices that come without.
        fetcher: opens pictures that are addresses; without one they are `Elsewhere`.
        root: the folder that pictures lie in, where it is not the feed's own.
    """

    format: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    fetcher: Fetcher | None = None
    root: Path | None = None


class Feed(Protocol):
    """A merchant's feed; it can be read more than once."""

    @property
    def format(self) -> str:
        """The format's name."""
        ...

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield every row in order, good or bad."""
        ...
