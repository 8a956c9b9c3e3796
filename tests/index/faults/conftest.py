"""What all tests of faults share: the hatchery, and catalogues to begin with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.index.faults.goods")

from tests.index.faults.goods import Home, Shades, write_feed  # noqa: E402
from tests.index.faults.hatchery import Hatchery, Job  # noqa: E402

STOCK: Shades = {f"a{n}": n for n in range(10)}
"""What a stocked catalogue holds, at generation 1."""


@pytest.fixture(scope="session")
def hatchery() -> Iterator[Hatchery]:
    if os.name == "nt":
        pytest.skip("there is no fork")
    served = Hatchery()
    yield served
    served.close()


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


@pytest.fixture(scope="session")
def stock(
    migrated: Path, hatchery: Hatchery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Return the folders of an empty catalogue and of a stocked one."""
    root = tmp_path_factory.mktemp("stock")
    empty = root / "empty"
    empty.mkdir()
    shutil.copy(migrated, empty)
    desk = Desk(empty, empty, root / "desk")
    home = desk.lay(empty)
    hatchery.warm(desk.job(STOCK))
    home.require_whole(STOCK)
    return empty, home.path


@pytest.fixture
def desk(stock: tuple[Path, Path], tmp_path: Path) -> Desk:
    return Desk(*stock, tmp_path / "desk")
