"""Progress on stderr: a bar with rate and time left, or plain lines without a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from index.progress import Event, Progress, Step
from recommender.cli.output import note

LINE_EVERY_S: Final = 5.0


@contextmanager
def bar() -> Iterator[Progress]:
    """Yield what an indexing job may tell its steps to."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=console) as drawn:
        task = drawn.add_task("starting", total=None, rate="")
        started = time.monotonic()

        def tell(event: Event) -> None:
            rate = event.done / max(1e-9, time.monotonic() - started)
            shown = f"{rate:.1f}/s" if event.done else ""
            drawn.update(
                task,
                description=event.step.value,
                completed=event.done,
                total=event.total,
                rate=shown,
            )

        yield tell


class _Lines:
    """A line every few seconds, and one for each publication."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()

    def __call__(self, event: Event) -> None:
        now = time.monotonic()
        if event.step is not Step.PUBLISHED and now - self._last < LINE_EVERY_S:
            return
        self._last = now
        of = f" of {event.total}" if event.total is not None else ""
        note(f"{event.step.value} {event.done}{of} after {now - self._started:.0f} s")
