"""A place where one catalogue at a time is laid out, worked on and cleared away."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.index.faults.goods import Home, Shades, write_feed
from tests.index.faults.hatchery import Hatchery, Job

STOCK: Shades = {f"a{n}": n for n in range(10)}
"""What a stocked catalogue holds, at generation 1."""


@dataclass(frozen=True)
class Desk:
    """A place for one catalogue at a time.

    Attributes:
        empty, stocked: catalogues to copy.
        at: the folder to work in.
    """

    empty: Path
    stocked: Path
    at: Path

    def lay(self, begin: Path) -> Home:
        """Clear the desk, and lay a copy of a catalogue on it."""
        shutil.rmtree(self.at, ignore_errors=True)
        self.at.mkdir()
        shutil.copytree(begin, self.at / "home")
        return Home(self.at / "home")

    def job(self, shades: Shades, prices: dict[str, str] | None = None) -> Job:
        """Write a feed, and return the job of importing it."""
        feed = self.at / "feed" / "feed.jsonl"
        write_feed(feed, shades, prices)
        return Job(self.at / "home", feed)


def stock(root: Path, migrated: Path, hatchery: Hatchery) -> tuple[Path, Path]:
    """Return the folders of an empty catalogue and of a stocked one, made below `root`."""
    empty = root / "empty"
    empty.mkdir()
    shutil.copy(migrated, empty)
    desk = Desk(empty, empty, root / "desk")
    home = desk.lay(empty)
    hatchery.warm(desk.job(STOCK))
    home.require_whole(STOCK)
    return empty, home.path
