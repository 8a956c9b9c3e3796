"""How many photos are worked on at once, and how many may wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from recommender.api.errors import Busy

T = TypeVar("T")


class Gate:
    """Runs blocking work in threads, a few at once, with a bounded queue before them.

    A waiting request holds its photo's bytes, so the queue's length bounds memory as well.
    """

    def __init__(self, *, at_once: int = 2, waiting: int = 16) -> None:
        """Let `at_once` pieces of work run and `waiting` more wait."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._room = at_once + waiting
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; it runs in a thread of its own.

        Raises:
            Busy: the queue is full.
        """
        if self._inside >= self._room:
            raise Busy(
                "too many photos are waiting",
                got=f"{self._inside} before this one",
                expected=f"fewer than {self._room}",
                next_step="Try again in a few seconds.",
            )
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._inside -= 1
