"""Kills at moments that nobody chose, some of them inside SQLite's commit."""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import replace

import pytest

from index.errors import IndexMissing
from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Hatchery, Job

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")

KILLS = 10
ITEMS: Shades = {**STOCK, **{f"c{n}": n for n in range(10, 290)}}
"""What is there already, and 280 more: enough for lists to be learnt."""


def landed(status: int) -> bool:
    """Tell whether a run was killed; one that came to its end before is none of the kills."""
    assert status in (0, -signal.SIGKILL), "a run must not fail by itself"
    return status == -signal.SIGKILL


def once_killed(hatchery: Hatchery, job: Job, delays_s: list[float], home: Home) -> int:
    """Kill one run after another until so many were; return how many were, and finish.

    After each kill the catalogue answers what it answered before. A run that ends before its kill
    finds the import begun anew: its kill is tried again sooner.
    """
    searcher, kills = home.searcher(), 0
    for delay_s in delays_s:
        while not landed(hatchery.run(replace(job, after_s=delay_s if job.killed else None))):
            if not job.killed:
                return kills
            delay_s /= 2
        kills += 1
        for asked in (searcher, home.searcher()):
            home.require_served(asked, STOCK)
        assert home.generations.verify().number >= 1
        home.require_sound()
    assert hatchery.run(replace(job, after_s=None)) == 0
    return kills


def import_of_many(desk: Desk) -> tuple[Home, Job]:
    """Return a stocked catalogue, and the import of several hundred items in inverted lists."""
    home = desk.lay(desk.stocked)
    return home, replace(desk.job(ITEMS), batch_size=16, exact_up_to=0)


def test_random_kills(desk: Desk, hatchery: Hatchery) -> None:
    _, job = import_of_many(desk)
    started = time.monotonic()
    assert hatchery.run(job) == 0
    took_s = time.monotonic() - started
    home, job = import_of_many(desk)
    chance = random.Random(10)
    # each run takes up where the one before was killed: so many parts of the whole add up to it
    delays_s = [chance.uniform(0.02, 4 * took_s / KILLS) for _ in range(KILLS)]
    assert once_killed(hatchery, job, delays_s, home) == KILLS
    home.require_whole(ITEMS)
    assert home.generations.current().manifest.store == "faiss-ivf-sq8"
    encoded = sum(map(int, job.encoded.read_text().split()))
    assert encoded <= len(ITEMS) - len(STOCK) + KILLS * job.batch_size, "a batch a kill at most"


def test_without_kills_none_landed(desk: Desk, hatchery: Hatchery) -> None:
    home, job = import_of_many(desk)
    job = replace(job, killed=False, batch_size=64)
    assert once_killed(hatchery, job, [0.1] * KILLS, home) == 0
    home.require_whole(ITEMS)


def test_an_import_killed_before_anything_was_served_serves_nothing(
    desk: Desk, hatchery: Hatchery
) -> None:
    home = desk.lay(desk.empty)
    job = desk.job(STOCK)
    assert landed(hatchery.run(replace(job, after_s=0.01)))
    with pytest.raises(IndexMissing):
        home.searcher().generation()
    assert hatchery.run(job) == 0
    home.require_whole(STOCK)
