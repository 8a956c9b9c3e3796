"""Milliseconds by stage of one request."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STAGES = ("decode", "segment", "cutout", "encode", "search", "rank")
"""The stages of a photo's way to a look, in order."""


class Stopwatch:
    """Adds up the time of each stage; one for each request.

    Attributes:
        ms: stage -> milliseconds, stages in the order in which they began.
    """

    def __init__(self, settle: Callable[[], None] = lambda: None) -> None:
        """Begin at nothing.

        Args:
            settle: waits until all that was begun is done, before the clock is read; a GPU works on by itself.
        """
        self.ms: dict[str, float] = {}
        self._settle = settle

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside as that stage's."""
        self._settle()
        start = time.perf_counter()
        try:
            yield
        finally:
            self._settle()
            spent = (time.perf_counter() - start) * 1000
            self.ms[name] = self.ms.get(name, 0.0) + spent
