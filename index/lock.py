"""One writer at a time on one machine. The kernel frees the lock of a process that dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import CatalogBusy

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def writer(home: Path) -> Iterator[None]:
    """Hold the right to change the catalogue and its index.

    Raises:
        CatalogBusy: another process, or another thread of this one, holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "writer.lock").open("ab") as file:
        try:
            _take(file.fileno())
        except OSError as error:
            raise CatalogBusy(
                "the catalogue is being written to",
                got="another import, removal or build under way",
                expected="one at a time",
                next_step="Wait until it ends, then run this again.",
            ) from error
        yield
