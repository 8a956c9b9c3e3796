"""Servers that all rooms' tests may ask for, and how the tests are shared out where several processes run them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from filelock import FileLock

if "PYTEST_XDIST_WORKER" in os.environ:
    # each worker has a core: two threads of each would wait for one another. Read when torch is imported
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from index.bench import starting
from tests.browser import running
from tests.servers import PostgresServer

ROOT: Final = Path(__file__).parent
LONGEST: Final = (
    "browser",
    "test_guides.py",
    "index/distributed",
    "index/faults",
    "recommender/cli",
)
"""Begun first, so that no worker ends long after the others."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a file's tests on one worker, and those of the browser, which share an app."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item.path)))
    items.sort(key=lambda item: _turn(item.path))


def _group(path: Path) -> str:
    return "browser" if ROOT / "browser" in path.parents else str(path)


def _turn(path: Path) -> int:
    for turn, name in enumerate(LONGEST):
        if ROOT / name in (path, *path.parents):
            return turn
    return len(LONGEST)


@pytest.fixture(scope="session")
def boutique(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose catalogue holds every sixth garment of the sample boutique, to be copied.

    The shipped models index it once, for all workers.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "boutique"
    with FileLock(shared / "boutique.lock"):
        if not (folder / "indexed").exists():
            running.index(folder / "home", running.write_part_of_the_boutique(folder / "feed"))
            (folder / "indexed").touch()
    return folder / "home"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server with pgvector on 127.0.0.1."""
    with starting.postgres() as url:
        yield PostgresServer(url)


@pytest.fixture(scope="session")
def milvus() -> Iterator[str]:
    """The URI of a Milvus Lite server on 127.0.0.1."""
    with starting.milvus() as uri:
        yield uri
