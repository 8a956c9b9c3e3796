"""Milliseconds by stage of one request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STAGES = ("decode", "segment", "cutout", "encode", "search", "rank")
"""The stages of a photo's way to a look, in order."""


class Stopwatch:
    """Adds up the time of each stage; one for each request.

    Attributes:
        ms: stage -> milliseconds, stages in the order in which they began.
    """

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside as that stage's."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.ms[name] = self.ms.get(name, 0.0) + spent
