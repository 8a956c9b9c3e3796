"""A kill of each verb, and some pairs of writers: a draw of what `make faults` does a thousand times."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.kills import Kills, require_landed
from tests.faults.verbs import Stage, require_finished, require_nothing_lost, stage
from tests.faults.writers import pair
from tests.index.faults.hatchery import Hatchery

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage")) as made:
        yield made


def test_a_kill_of_each_verb_loses_nothing(made: Stage) -> None:
    met: Counter[str] = Counter()
    for name, verb in made.verbs.items():
        met += Kills(made).case(verb, random.Random(name), in_a_write=True)
    assert met["in a write"] >= 0.3 * len(made.verbs)
    assert met["controls failed without their kill"] == len(made.verbs)


@pytest.mark.parametrize("status", [0, 1])
def test_a_run_that_nobody_killed_is_none_of_the_kills(status: int) -> None:
    with pytest.raises(AssertionError):
        require_landed(status)


def test_two_writers_at_once(made: Stage) -> None:
    other = Hatchery()
    with ThreadPoolExecutor(2) as both:
        met = sum((pair(made, other, random.Random(n), both) for n in range(3)), Counter[str]())
    other.close()
    assert met.total() == 3


@pytest.mark.parametrize("name", ["import", "purge", "forget"])
def test_what_was_lost_or_left_is_seen(made: Stage, name: str) -> None:
    """The test of the test: an item, a shared look, and a person's word."""
    verb = made.verbs[name]
    home, job = made.begin(verb)
    with home.connected() as connection, connection:
        if name == "import":
            connection.execute("DELETE FROM items WHERE sku = 'c30'")
        if name == "purge":
            connection.execute("DELETE FROM shares WHERE expires_at > datetime('now')")
    with pytest.raises(AssertionError):
        (require_finished if name == "forget" else require_nothing_lost)(home, verb, job)
