"""A picture's name in a feed -> where it is read: a file inside the feed's root, or an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from index.feeds.rows import Elsewhere, Fetcher, LocalPicture, PictureSource
from segmentation.common.photo import MAX_BYTES

MAX_PICTURES: Final = 20
"""Pictures of one item; those after are left alone."""

_SCHEMES: Final = ("https", "http", "s3", "gs")


class PathRefused(ValueError):  # noqa: N818  # becomes a reject's reason
    """A picture's path cannot be used; the text says why."""


@dataclass(frozen=True)
class RefusedPicture:
    """A further picture that may not be read; its row can do without it."""

    reason: str

    def read(self) -> bytes:
        """Raise `PathRefused` with the reason. See `PictureSource.read`."""
        raise PathRefused(self.reason)

    def digest(self) -> str:
        """Raise `PathRefused` with the reason. See `PictureSource.digest`."""
        raise PathRefused(self.reason)


def sources(
    root: Path, names: Sequence[str], fetcher: Fetcher | None = None
) -> tuple[PictureSource, ...]:
    """Return where each picture is read, in order; a further one that may not be says so when read.

    Args:
        root: the folder that local names are relative to, and may not leave.
        names: local paths or addresses, as the feed wrote them.
        fetcher: opens addresses; without one they are `Elsewhere`.

    Raises:
        PathRefused: the first name cannot be used.
    """
    main, *more = names
    return (
        _source(root, main, fetcher),
        *(_source_or_refusal(root, name, fetcher) for name in more),
    )


def _source_or_refusal(root: Path, name: str, fetcher: Fetcher | None) -> PictureSource:
    try:
        return _source(root, name, fetcher)
    except PathRefused as refused:
        return RefusedPicture(str(refused))


def _source(root: Path, name: str, fetcher: Fetcher | None) -> PictureSource:
    if "://" not in name:
        return LocalPicture(resolve(root, name))
    if fetcher is None:
        return Elsewhere(name, host_of(name))
    try:
        return fetcher.picture(name)
    except ValueError as error:
        raise PathRefused(f"picture {name!r}: {error}") from error


def host_of(address: str) -> str:
    """Return what `--fetch` would have to allow for an address.

    Raises:
        PathRefused: it is none that can be allowed.

    >>> host_of("https://cdn.shop.example/a.jpg"), host_of("s3://pictures/a.jpg")
    ('cdn.shop.example', 's3://pictures')
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise PathRefused(f"picture {address[:200]!r} is no address: {error}") from error
    if parts.scheme not in _SCHEMES or not host or parts.username:
        raise PathRefused(f"picture {address[:200]!r} is no address that can be read")
    named = host if port in (None, 443) else f"{host}:{port}"
    return named if parts.scheme == "https" else f"{parts.scheme}://{named}"


def resolve(root: Path, name: str) -> Path:
    """Return the file called `name` below `root`.

    Raises:
        PathRefused: the name is absolute, leaves the root (by `..` or through a link), or there
            is no such ordinary file, or it is empty or too large.
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    if "://" in name:
        raise PathRefused(f"picture {name!r} is an address; only files inside the feed are read")
    drive = name[1:2] == ":"  # C:\x.jpg: absolute where there are drives, odd where there are not
    if not parts.parts or parts.is_absolute() or ".." in parts.parts or drive:
        raise PathRefused(f"picture {name!r} is not a path inside the feed's folder")
    try:
        path = (root / parts).resolve(strict=True)
        inside = path.is_relative_to(root.resolve(strict=True))
        size = path.stat().st_size if inside and path.is_file() else -1
    except (OSError, ValueError, RuntimeError) as error:
        raise PathRefused(f"picture {name!r} is not there") from error
    if not inside:
        raise PathRefused(f"picture {name!r} leads out of the feed's folder")
    if size < 0:
        raise PathRefused(f"picture {name!r} is not a file")
    if not 0 < size <= MAX_BYTES:
        raise PathRefused(f"picture {name!r} has {size} bytes; expected 1 to {MAX_BYTES}")
    return path
