"""Indexes swapped under a server that is asked all the while, a new server each batch."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.campaign import Tally
from tests.index.conftest import Shop, write_migrated
from tests.index.faults.swapping import serving, swap_under_load

A_BATCH = 100


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Yield what serves a new shop and swaps its index."""
    migrated = write_migrated(folder)

    def batch(number: int) -> Tally:
        place = folder / str(number)
        with pytest.MonkeyPatch.context() as patch, Shop.opened(place, migrated) as shop:
            patch.setattr(os, "fsync", lambda _: None)  # no power is cut here
            with serving(shop) as server:
                answers = swap_under_load(server, shop, A_BATCH)
        shutil.rmtree(place)
        return Tally(A_BATCH, Counter({"right answers meanwhile": answers}))

    yield batch
