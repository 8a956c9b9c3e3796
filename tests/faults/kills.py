"""Random kills of everything that writes: nothing is lost, and the next run finishes.

Each kill has its control: the same run without the kill, which must come to its end and must not
count as killed. How long it takes says when the kill comes.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.faults.campaign import Tally
from tests.faults.verbs import (
    Stage,
    Verb,
    of,
    require_finished,
    require_nothing_lost,
    stage,
    traces,
)
from tests.index.faults.goods import Home
from tests.index.faults.hatchery import HALVES, Job

A_BATCH: Final = 5
"""Kills of each verb in a batch."""
TRIES: Final = 200
"""A run that ends before its kill is none of the kills; so often another is tried."""


def require_landed(status: int) -> None:
    """Fail unless a run was killed."""
    assert status in (0, -signal.SIGKILL), f"a run failed by itself: {status}"
    assert status == -signal.SIGKILL, "the kill landed"


def halves(job: Job) -> Counter[str]:
    """Return what lies in a home, and beside it, only while a write is not done."""
    found: Counter[str] = Counter()
    for path in job.home.parent.rglob("*"):
        found["in a file"] |= path.name.endswith(HALVES)
        found["in a transaction"] |= path.name.endswith("-journal") and path.stat().st_size > 0
    found["in a write"] += any(found.values())
    return +found


@dataclass(frozen=True)
class Kills:
    """Runs the batches: `A_BATCH` kills of every verb, every second one aimed at a write."""

    stage: Stage

    def __call__(self, batch: int) -> Tally:
        """Run one batch."""
        counts: Counter[str] = Counter()
        for name, verb in self.stage.verbs.items():
            for number in range(A_BATCH):
                chance = random.Random(f"{name} {batch * A_BATCH + number}")
                with of(name):
                    counts += self.case(verb, chance, in_a_write=number % 2 == 0)
                counts[f"of {name}"] += 1
        return Tally(len(self.stage.verbs) * A_BATCH, counts)

    def case(self, verb: Verb, chance: random.Random, *, in_a_write: bool) -> Counter[str]:
        """Run the control, then the kill; return what the kill met."""
        home, job = self.killed(verb, self.control(verb), chance, in_a_write=in_a_write)
        met = halves(job)
        require_nothing_lost(home, verb, job)
        met["left to be forgotten by the next run"] += traces(home.path, verb.forgets) > 0
        assert self.stage.hatchery.run(verb.again(job)) == 0, "the next run finishes"
        require_finished(home, verb, job)
        met["controls failed without their kill"] += 1
        return met

    def control(self, verb: Verb) -> float:
        """Run without the kill; return the seconds it took."""
        home, job = self.stage.begin(verb)
        started = time.monotonic()
        status = self.stage.hatchery.run(replace(job, after_s=0.0, killed=False))
        took_s = time.monotonic() - started
        try:
            require_landed(status)
        except AssertionError as error:
            assert str(error).startswith("the kill landed"), error
        else:
            raise AssertionError("a run that nobody killed counts as killed")
        self.stage.hatchery.run(verb.again(job))
        require_finished(home, verb, job)
        return took_s

    def killed(
        self, verb: Verb, took_s: float, chance: random.Random, *, in_a_write: bool
    ) -> tuple[Home, Job]:
        """Kill a run at a moment of chance, and return where and what it was."""
        for _ in range(TRIES):
            home, job = self.stage.begin(verb)
            after_s = chance.uniform(0, took_s)
            aimed = replace(job, after_s=after_s, in_a_write=in_a_write)
            status = self.stage.hatchery.run(aimed)
            if status != 0:
                require_landed(status)
                return home, job
        raise AssertionError(f"no kill landed in {TRIES} runs")


@contextmanager
def opened(folder: Path) -> Iterator[Kills]:
    """Make the catalogue to begin with, and yield what runs the batches."""
    with stage(folder) as made:
        yield Kills(made)
