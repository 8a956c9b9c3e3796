"""Copies, backups and restores killed at moments that nobody chose: whole, or as before."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import inspect

from index.database.database import open_database
from index.safekeeping import archive
from index.safekeeping.copying import held, sums
from recommender.runtime.safekeeping import TABLES
from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home
from tests.index.faults.hatchery import Hatchery, Job
from tests.index.faults.test_random_kills import landed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")

KILLS = 8
Look = Callable[[Job], bool]
"""Checks what a killed run left, and tells whether it had come to its end."""


def copied(job: Job) -> bool:
    """Check that the other database holds nothing, or everything."""
    if not job.copy.exists():
        return False
    with (
        closing(open_database(Home(job.home).url)) as ours,
        closing(open_database(f"sqlite:///{job.copy}")) as theirs,
    ):
        if "items" not in inspect(theirs.engine).get_table_names():
            return False
        with theirs.reading() as there, ours.reading() as here:
            if not held(there, TABLES):
                return False
            assert sums(there, TABLES) == sums(here, TABLES)
    return True


def backed_up(job: Job) -> bool:
    """Check that there is no backup, or a whole one."""
    if not job.backup.exists():
        return False
    with archive.opened(job.backup) as reader:
        reader.verify()
        assert reader.contents.pictures == len(STOCK)
    return True


def restored(job: Job) -> bool:
    """Check that there is no index there, or one that is whole, with all that it answers from."""
    if not (job.restored / "index" / "current.json").exists():
        return False
    home = Home(job.restored)
    home.require_served(home.searcher(), STOCK)
    return True


LOOKS = {"copy": copied, "backup": backed_up, "restore": restored}


@pytest.mark.parametrize("verb", LOOKS)
def test_killed_at_any_moment(desk: Desk, hatchery: Hatchery, verb: str) -> None:
    home = desk.lay(desk.stocked)
    job, look, kills = replace(desk.job(STOCK), verb=verb), LOOKS[verb], 0
    if verb == "restore":
        assert hatchery.run(replace(job, verb="backup")) == 0
    started = time.monotonic()
    assert hatchery.run(job) == 0
    took_s, chance = time.monotonic() - started, random.Random(14)
    assert look(job), "the control: not killed, it comes to its end"
    for _ in range(KILLS):
        begin_anew(job)
        delay_s = chance.uniform(0, took_s)
        while not landed(hatchery.run(replace(job, after_s=delay_s))):
            begin_anew(job)
            delay_s /= 2
        kills += 1
        look(job)
        home.require_sound()
        assert hatchery.run(job) == 0
        assert look(job), "run again, it comes to its end"
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
