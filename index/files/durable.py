"""Files that are whole or absent, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from index.errors import CatalogError

_AT_ONCE: Final = 16
_FULL: Final = ("the disk is full", "room for what is written", "Free some room")
_FORBIDDEN: Final = (
    "a folder may not be written to",
    "a folder that this user may write to, on a disk that is not read-only",
    "Mend the permissions, or set RECOMMENDER_HOME to another folder",
)
_ANY_CAUSE: Final = (
    "a file cannot be written",
    "a disk that does what it is asked",
    "Look into the system's log, mend the disk or the path",
)
_CAUSES: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _FORBIDDEN,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
}
"""What the system says -> what is wrong, what would be right, and what mends it."""


def write(
    path: Path, data: bytes, *, lasting: bool = True, landing: Callable[[], None] = lambda: None
) -> None:
    """Put `data` at `path` in one step: a reader sees what was there before, or all of it.

    Args:
        path: where; its folder is made where it is missing.
        data: the whole file.
        lasting: return only when it would survive a power cut; else `settle` it later.
        landing: called when the new file lies beside the old one, before it takes its place.

    Raises:
        CatalogError: the disk is full or may not be written to. What was there before is still.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    with disk_refusals(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            landing()
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        if lasting:
            sync(path.parent)


def clear(path: Path) -> None:
    """Delete what a killed `write` of this path left beside it."""
    for leftover in path.parent.glob(f".{path.name}.*.tmp"):
        leftover.unlink(missing_ok=True)


@contextmanager
def disk_refusals(path: Path) -> Iterator[None]:
    """Turn what the system says of a disk that takes nothing into a refusal with a remedy.

    Raises:
        CatalogError: something could not be written.
    """
    try:
        yield
    except OSError as error:
        what, expected, mend = _CAUSES.get(error.errno or 0, _ANY_CAUSE)
        raise CatalogError(
            what,
            got=f"{error.strerror or type(error).__name__} ({path})",
            expected=expected,
            next_step=f"{mend}, then run this again: what was done is kept, and what was served "
            "is served.",
        ) from error


def settle(paths: Collection[Path]) -> None:
    """Return when files and their names would survive a power cut.

    They are waited for together: a disk brings 32 of them down in the time of two or three.
    """
    if not paths:
        return
    folders = {path.parent for path in paths}
    with disk_refusals(min(folders)), ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(sync, [*paths, *folders]))


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    folder = path.is_dir()
    if folder and os.name == "nt":
        return  # Windows has no such call
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
