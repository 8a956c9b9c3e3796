"""Two writers at once: the second is told at once, and one that died is in nobody's way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from index.build import Indexer
from index.database.database import open_database
from index.errors import CatalogBusy
from index.generations.rollback import roll_back
from index.importing.reports import ImportOptions
from index.model.progress import Step
from index.stores.faiss import FaissEngine
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home
from tests.index.faults.hatchery import Hatchery, Job

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGSTOP")

MORE = {**STOCK, "b": 50}
AT_ONCE_S = 5.0
"""Far below the 30 s for which SQLite itself would wait."""


def writes(indexer: Indexer, job: Job) -> dict[str, Callable[[], object]]:
    return {
        "import": lambda: indexer.import_feed(job.feed),
        "rebuild": indexer.rebuild,
        "remove": lambda: indexer.remove(["a1"]),
        "rollback": lambda: roll_back(
            indexer.home, indexer.database, indexer.engine, indexer.generations
        ),
    }


@pytest.mark.parametrize("step", [Step.COMMITTING, Step.STORED, Step.POINTING])
def test_a_second_writer_is_told_at_once(step: Step, desk: Desk, hatchery: Hatchery) -> None:
    home = desk.lay(desk.stocked)
    job = replace(desk.job(MORE), step=step)
    assert hatchery.begin(job), "the first stands in the middle of its work"
    database = open_database(home.url)
    indexer = Indexer(database, home.path, FakeEncoder(), FakeCutter(), FaissEngine())
    for name, write in writes(indexer, job).items():
        started = time.monotonic()
        with pytest.raises(CatalogBusy, match="another import, removal or build") as refused:
            write()
        assert time.monotonic() - started < AT_ONCE_S, name
        assert "Wait until it ends" in refused.value.next_step
    foretold = indexer.import_feed(job.feed, ImportOptions(dry_run=True))
    assert foretold.added == (1 if step is Step.COMMITTING else 0), "looking is no writing"
    assert hatchery.end() == -signal.SIGKILL
    require_free(home, indexer, job)
    database.close()


def require_free(home: Home, indexer: Indexer, job: Job) -> None:
    """Check that the writer that died is in nobody's way, and that its lock's file may lie there."""
    assert (home.path / "writer.lock").is_file()
    indexer.import_feed(job.feed)
    home.require_whole(MORE)
    indexer.remove(["b"])
    home.require_whole(STOCK)
