"""Servers that all rooms' tests may ask for, and how the tests are shared out where several processes run them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from filelock import FileLock
from hypothesis import settings
from xdist.scheduler.loadscope import LoadScopeScheduling

if "PYTEST_XDIST_WORKER" in os.environ:
    # each worker has a core: two threads of each would wait for one another. Read when torch is imported
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# tests say the same with a GPU as without: what runs there is tested on a pretended one
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

# before whoever imports it first: its assertions are a helper's, and say what differs all the same
pytest.register_assert_rewrite("tests.index.faults.goods")

from index.bench import starting  # noqa: E402
from tests.browser import running  # noqa: E402
from tests.servers import PostgresServer  # noqa: E402

settings.register_profile("same", derandomize=True)
settings.register_profile("fresh", print_blob=True)
settings.load_profile("same")  # a check says the same twice; `make fuzz` asks for fresh examples

ROOT: Final = Path(__file__).parent
BROWSER: Final = "tests/browser/"
LONGEST: Final = (
    "browser",
    "test_guides.py",
    "index/distributed",
    "index/faults",
    "recommender/cli",
)
"""Begun first, so that no worker ends long after the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(key=lambda item: _turn(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Keep a file's tests on one worker, and all of the browser's, which share an app."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Hands out whole files in their order."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return BROWSER if file.startswith(BROWSER) else file


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
