"""A home on a disk of its own that is full at some page, or may only be read.

The disk is memory (tmpfs). Where this user may mount nothing, run `unshare --map-root-user --mount`
before it, as `make faults` does.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.campaign import Tally
from tests.faults.verbs import Stage, Verb, of, require_finished, require_nothing_lost, stage
from tests.index.faults.bench import snapshot
from tests.index.faults.goods import Home
from tests.index.faults.hatchery import REFUSED

PAGE: Final = 4096
ROOM: Final = "512m"
LEAST: Final = 64 * PAGE
"""Where a verb leaves no more than there was, it takes room meanwhile."""
A_BATCH: Final = 5
"""Full disks for each verb in a batch."""


@dataclass(frozen=True)
class Disk:
    """A disk of memory, mounted at a folder."""

    at: Path

    def mount(self) -> None:
        """Mount it, with room."""
        self.at.mkdir(parents=True, exist_ok=True)
        _call("mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(self.at))

    def remount(self, option: str) -> None:
        """Change its size, or whether it may be written to."""
        _call("mount", "-o", f"remount,{option}", str(self.at))

    def unmount(self) -> None:
        """Take it away, with all that is on it."""
        _call("umount", "--lazy", str(self.at))  # a database that was let go of may still be open

    def used(self) -> int:
        """Return the bytes that are taken."""
        return shutil.disk_usage(self.at).used


def _call(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"


@dataclass(frozen=True)
class DiskStage(Stage):
    """A stage whose homes lie on a disk, each on a new one."""

    disk: Disk

    def lay(self) -> Home:
        """Lay out the catalogue on a new disk, with room."""
        self.disk.unmount()
        self.disk.mount()
        shutil.copytree(self.desk.stocked, self.disk.at, dirs_exist_ok=True)
        return Home(self.disk.at)


@contextmanager
def on_a_disk(folder: Path) -> Iterator[DiskStage]:
    """Make the catalogue, and yield a stage whose homes lie on a disk."""
    with stage(folder) as made:
        disk = Disk(made.desk.at / "home")
        disk.mount()
        try:
            yield DiskStage(made.desk, made.hatchery, made.verbs, disk)
        finally:
            disk.unmount()


def full_at_some_page(made: DiskStage, verb: Verb, chance: random.Random) -> str:
    """Run a verb where the disk takes no more from some page on; return what became of it."""
    _, job = made.begin(verb)
    before = made.disk.used()
    assert made.hatchery.run(job) == 0
    takes = max(made.disk.used() - before, LEAST)
    home, job = made.begin(verb)
    made.disk.remount(f"size={made.disk.used() + chance.randrange(0, takes, PAGE)}")
    status = made.hatchery.run(job)
    assert status in (0, REFUSED), f"neither done nor refused: {status}"
    if status == REFUSED:
        require_nothing_lost(home, verb, job)
    made.disk.remount(f"size={ROOM}")
    assert made.hatchery.run(verb.again(job)) == 0, "with room again it finishes"
    require_finished(home, verb, job)
    return "refused" if status else "had room enough"


def on_a_disk_to_be_read(made: DiskStage, verb: Verb) -> None:
    """Run a verb where nothing can be written: it is refused, and all that reads goes on."""
    home, job = made.begin(verb)
    before = snapshot(home.path)
    made.disk.remount("ro")
    assert made.hatchery.run(job) == REFUSED, "a write to a disk that takes none is refused"
    assert snapshot(home.path) == before
    require_nothing_lost(home, verb, job)
    made.disk.remount("rw")
    assert made.hatchery.run(job) == 0
    assert made.hatchery.run(verb.again(job)) == 0
    require_finished(home, verb, job)


@contextmanager
def full(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Yield what runs every verb on disks that are full at a page of chance."""
    with on_a_disk(folder) as made:

        def batch(number: int) -> Tally:
            counts: Counter[str] = Counter()
            for name, verb in made.inside.items():
                for each in range(A_BATCH):
                    chance = random.Random(f"{name} {number * A_BATCH + each}")
                    with of(name):
                        counts[full_at_some_page(made, verb, chance)] += 1
            return Tally(counts.total(), counts)

        yield batch


@contextmanager
def read_only(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Yield what runs every verb on a disk that may only be read."""
    with on_a_disk(folder) as made:

        def batch(_: int) -> Tally:
            for name, verb in made.inside.items():
                with of(name):
                    on_a_disk_to_be_read(made, verb)
            return Tally(len(made.inside), Counter({"refused, and read on": len(made.inside)}))

        yield batch
