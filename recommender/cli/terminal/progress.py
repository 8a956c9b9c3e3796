"""Progress on stderr: a bar with rate and time left, or plain lines without a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from index.model.progress import Event, Progress, Step
from recommender.cli.terminal.output import note

LINE_EVERY_S: Final = 5.0
_BEATS: Final = frozenset(
    (Step.KEPT, Step.ENCODED, Step.SETTLED, Step.COMMITTING, Step.STORED, Step.SWEPT)
)
"""Moments of one batch: to people they are one job, that of importing."""
_UNTOLD: Final = frozenset((Step.NOTED,))
"""Moments that count something else in the middle of a batch: nobody waits for them."""


@contextmanager
def bar() -> Iterator[Progress]:
    """Yield what an indexing job may tell its steps to."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with RichProgress(*columns, console=console) as drawn:
        task, pace = drawn.add_task("starting", total=None, pace=""), Pace()

        def tell(event: Event) -> None:
            if event.step in _UNTOLD:
                return
            said = pace.of(event)
            drawn.update(
                task,
                description=pace.doing,
                completed=event.done,
                total=event.total,
                pace=said,
            )

        yield tell


class Pace:
    """How fast a job goes, and how long it will still take at that rate.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began, self._from = clock(), 0
        self.doing = ""

    def of(self, event: Event) -> str:
        """Return the rate and the time left as text, as far as they are known.

        Looking a feed over is one job and importing it the next: each has a rate of its own.
        """
        doing = "importing" if event.step in _BEATS else event.step.value
        if doing != self.doing:
            self.doing, self._began, self._from = doing, self._clock(), event.done
        done, seconds = event.done - self._from, self._clock() - self._began
        if done <= 0 or seconds <= 0:
            return ""
        rate = done / seconds
        left = "" if event.total is None else f", {_time((event.total - event.done) / rate)} left"
        return f"{rate:.1f}/s{left}"


class Lines:
    """A line every few seconds, and one for each publication.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._pace = clock, Pace(clock)
        self._started = self._last = clock()

    def __call__(self, event: Event) -> None:
        """Say it, if it is time to."""
        if event.step in _UNTOLD:
            return
        now, pace = self._clock(), self._pace.of(event)
        if event.step is not Step.PUBLISHED and now - self._last < LINE_EVERY_S:
            return
        self._last = now
        of = f" of {event.total}" if event.total is not None else ""
        after = f"after {now - self._started:.0f} s"
        note(f"{self._pace.doing} {event.done}{of}, " + (f"{pace}, {after}" if pace else after))


def _time(seconds: float) -> str:
    """Return a time as people say it.

    >>> _time(8.2), _time(150), _time(9000)
    ('8 s', '2 min 30 s', '2 h 30 min')
    """
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
