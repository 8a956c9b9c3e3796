"""Two writers at one home, begun at the same moment, neither of which knows of the other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.faults.campaign import Tally
from tests.faults.verbs import CHANGED, Stage, require_people, stage
from tests.index.faults.hatchery import REFUSED, Hatchery

A_BATCH: Final = 25


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Yield what lets two verbs of chance loose at once, again and again."""
    with stage(folder / "one") as one, stage(folder / "two") as two, ThreadPoolExecutor(2) as both:

        def batch(number: int) -> Tally:
            counts: Counter[str] = Counter()
            for each in range(A_BATCH):
                chance = random.Random(number * A_BATCH + each)
                counts += pair(one, two.hatchery, chance, both)
            return Tally(A_BATCH, counts)

        yield batch


def pair(
    made: Stage, other: Hatchery, chance: random.Random, both: ThreadPoolExecutor
) -> Counter[str]:
    """Run two verbs at once; both, or one of them, come to their end, and nothing is lost."""
    names = chance.choices(list(made.inside), k=2)
    home = made.lay()
    # the second feed takes the first one's place before either is read
    jobs = [made.verbs[name].job(made.desk) for name in names]
    statuses = list(both.map(lambda at, job: at.run(job), (made.hatchery, other), jobs))
    text = f"{names} {statuses}"
    assert set(statuses) <= {0, REFUSED}, text
    assert 0 in statuses, f"{text}: one of them at least comes to its end"
    home.require_sound()
    require_people(home)
    home.generations.verify()
    assert made.hatchery.run(made.verbs["change"].job(made.desk)) == 0, text
    home.require_whole(CHANGED)
    return Counter({"one refused" if REFUSED in statuses else "one after the other": 1})
