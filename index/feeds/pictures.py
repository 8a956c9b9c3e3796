"""A path in a feed -> a file inside the feed's root, and nothing outside it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from segmentation.photo import MAX_BYTES


class PathRefused(ValueError):  # noqa: N818  # told as a reject's reason
    """A picture's path cannot be used; the text says why."""


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
