"""What copies, backups and restores leave, whole or killed: everything, or nothing that anybody reads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from sqlalchemy import inspect

from index.database.database import open_database
from index.safekeeping import archive
from index.safekeeping.copying import held, sums
from recommender.runtime.safekeeping import TABLES
from tests.index.faults.goods import Home, Shades
from tests.index.faults.hatchery import Job

Look = Callable[[Job, Shades], bool]
"""Checks what a killed run left, and tells whether it had come to its end."""


def copied(job: Job, _: Shades) -> bool:
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


def backed_up(job: Job, shades: Shades) -> bool:
    """Check that there is no backup, or a whole one."""
    if not job.backup.exists():
        return False
    with archive.opened(job.backup) as reader:
        reader.verify()
        assert reader.contents.pictures == len(shades)
    return True


def restored(job: Job, shades: Shades) -> bool:
    """Check that there is no index there, or one that is whole, with all that it answers from."""
    if not (job.restored / "index" / "current.json").exists():
        return False
    home = Home(job.restored)
    home.require_served(home.searcher(), shades)
    return True


LOOKS = {"copy": copied, "backup": backed_up, "restore": restored}
