"""Indexes damaged in every way that `damage.py` knows, a new draw of chance each batch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.campaign import Tally
from tests.index.conftest import write_migrated
from tests.index.faults.bench import WAYS, bench_at, damage_many, indexes_of, lay_catalogues
from tests.index.faults.desk import stock
from tests.index.faults.hatchery import Hatchery

A_BATCH = 10 * len(WAYS)


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Make an index of every kind, and yield what damages copies of them."""
    hatchery = Hatchery()
    try:
        catalogues = lay_catalogues(
            stock(folder, write_migrated(folder), hatchery), hatchery, folder
        )
    finally:
        hatchery.close()
    indexes = indexes_of(catalogues)
    with bench_at(catalogues[0], folder / "index") as bench:

        def batch(number: int) -> Tally:
            numbers = range(number * A_BATCH, (number + 1) * A_BATCH)
            refused = damage_many(indexes, bench, numbers, random.Random(500 + number))
            assert set(refused) == set(WAYS)
            counts = Counter({"refused before they were read": refused.total()})
            counts["opened whole between"] = A_BATCH // 10
            return Tally(refused.total(), counts)

        yield batch
