"""Bursts of large photos to the real server with the real models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.running import index, write_part_of_the_boutique
from tests.faults.campaign import Tally
from tests.recommender.overload import FULL, overload


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Index a small catalogue, and yield what sends one burst to a server of it."""
    index(folder / "home", write_part_of_the_boutique(folder / "feed", every=20))

    def batch(number: int) -> Tally:
        figures = overload(folder / "home", folder / f"{number}.log", FULL)
        statuses = figures["answers"]
        assert isinstance(statuses, dict)
        counts = Counter({f"answered {status}": count for status, count in statuses.items()})
        return Tally(FULL.photos, counts)

    yield batch
