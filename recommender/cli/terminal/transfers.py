"""Progress of bytes on stderr: a bar with rate and time left, or plain lines without a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from recommender.cli.terminal.output import note
from recommender.cli.terminal.progress import LINE_EVERY_S

if TYPE_CHECKING:
    from recommender.public_garments.download import Report


@contextmanager
def transfer(doing: str) -> Iterator[Report]:
    """Yield what a download may tell its bytes to; nothing is shown where it tells none.

    Args:
        doing: what is done, "fetching".
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield TransferLines(doing)
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as drawn:
        task = drawn.add_task(doing, total=None, visible=False)

        def tell(done: int, total: int | None) -> None:
            drawn.update(task, completed=done, total=total, visible=True)

        yield tell


class TransferLines:
    """A line every few seconds.

    Args:
        doing: what is done.
        clock: seconds that only grow.
    """

    def __init__(self, doing: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._doing, self._clock = doing, clock
        self._began = self._last = clock()

    def __call__(self, done: int, total: int | None) -> None:
        """Say it, if it is time to."""
        now = self._clock()
        if now - self._last < LINE_EVERY_S:
            return
        self._last = now
        rate = done / (now - self._began)
        of = f" of {total / 1e6:.1f}" if total is not None else ""
        left = f", {(total - done) / rate:.0f} s left" if total is not None else ""
        note(f"{self._doing} {done / 1e6:.1f}{of} MB, {rate / 1e6:.1f} MB/s{left}")
