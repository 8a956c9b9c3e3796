"""The engine under test, with generations of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.index.stores.engines import ENGINES, Plan, Published
from tests.index.stores.server_engines import SERVERS, ServerPlan


@pytest.fixture(scope="session", params=[*ENGINES, *SERVERS], ids=lambda plan: plan.name)
def plan(request: pytest.FixtureRequest) -> Iterator[Plan]:
    found = request.param
    with ExitStack() as closing:
        if isinstance(found, ServerPlan):
            found = found.plan(request.getfixturevalue(found.server), closing)
        assert isinstance(found, Plan)
        yield found


@pytest.fixture
def published(plan: Plan, tmp_path: Path) -> Published:
    return Published(plan.make(tmp_path / "server"), tmp_path / "generations")
