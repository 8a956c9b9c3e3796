"""Events -> how popular items are. Pure but for the cache; equal input is equal output."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from recommender.wire.terms import EventKind

WEIGHT: Final[Mapping[EventKind, float]] = {
    EventKind.CLICK: 1.0,
    EventKind.CART: 4.0,
    EventKind.PURCHASE: 10.0,
}
"""How much an event counts."""
HALF_LIFE_DAYS: Final = 14.0
"""After so many days an event counts half."""
HALF_AT: Final = 50.0
"""So much makes an item half as popular as one can be: of two that sell well neither leaves the other far
behind, and no number of clicks makes an item the only one that is shown."""
FRESH_S: Final = 60.0
"""How long what was worked out is used before it is worked out anew."""


@dataclass(frozen=True)
class Tally:
    """How often one thing was done with an item on one day, counted once for each answer that showed it."""

    sku: str
    kind: EventKind
    day: int
    count: int


def popularity(tallies: Iterable[Tally], today: int) -> dict[str, float]:
    """Return sku -> how popular an item is, 0 to 1, of those that anything was done with.

    >>> found = popularity([Tally("a", EventKind.PURCHASE, 100, 5), Tally("b", EventKind.CLICK, 86, 2)], 100)
    >>> found["a"], round(found["b"], 3)
    (0.5, 0.02)
    """
    points: defaultdict[str, float] = defaultdict(float)
    for each in tallies:
        age = max(0, today - each.day)
        points[each.sku] += WEIGHT[each.kind] * each.count * 0.5 ** (age / HALF_LIFE_DAYS)
    return {sku: value / (value + HALF_AT) for sku, value in points.items()}


class Popularity:
    """How popular items are, worked out anew after `FRESH_S`. Safe to share between threads."""

    def __init__(
        self,
        work_out: Callable[[], Mapping[str, float]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what works it out, and the clock."""
        self._work_out, self._clock = work_out, clock
        self._guard = threading.Lock()
        self._found: Mapping[str, float] | None = None
        self._at = 0.0

    def now(self) -> Mapping[str, float]:
        """Return sku -> 0 to 1; an item that is not there is not popular at all."""
        found = self._found
        if found is not None and self._clock() - self._at < FRESH_S:
            return found
        if not self._guard.acquire(blocking=found is None):
            return found or {}  # whoever works it out does so for all
        try:
            if self._found is None or self._clock() - self._at >= FRESH_S:
                self._found, self._at = self._work_out(), self._clock()
            return self._found
        finally:
            self._guard.release()
