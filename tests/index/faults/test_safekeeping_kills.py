"""Copies, backups and restores killed at moments that nobody chose: whole, or as before."""

from __future__ import annotations

import os
import random
import shutil
import time
from dataclasses import replace

import pytest

from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home
from tests.index.faults.hatchery import Hatchery, Job
from tests.index.faults.safekept import LOOKS
from tests.index.faults.test_random_kills import landed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")

KILLS = 8


@pytest.mark.parametrize("verb", LOOKS)
def test_killed_at_any_moment(desk: Desk, hatchery: Hatchery, verb: str) -> None:
    home = desk.lay(desk.stocked)
    job, look, kills = replace(desk.job(STOCK), verb=verb), LOOKS[verb], 0
    if verb == "restore":
        assert hatchery.run(replace(job, verb="backup")) == 0
    started = time.monotonic()
    assert hatchery.run(job) == 0
    took_s, chance = time.monotonic() - started, random.Random(14)
    assert look(job, STOCK), "the control: not killed, it comes to its end"
    for _ in range(KILLS):
        begin_anew(job)
        delay_s = chance.uniform(0, took_s)
        while not landed(hatchery.run(replace(job, after_s=delay_s))):
            begin_anew(job)
            delay_s /= 2
        kills += 1
        look(job, STOCK)
        home.require_sound()
        assert hatchery.run(job) == 0
        assert look(job, STOCK), "run again, it comes to its end"
    assert kills == KILLS
    home.require_whole(STOCK)
    if verb == "restore":
        Home(job.restored).require_whole(STOCK)


def begin_anew(job: Job) -> None:
    """Take away what the job makes."""
    job.copy.unlink(missing_ok=True)
    shutil.rmtree(job.restored, ignore_errors=True)
    if job.verb == "backup":
        job.backup.unlink(missing_ok=True)
