"""The engine under test, with generations of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.stores.engines import ENGINES, Plan, Published


@pytest.fixture(scope="session", params=ENGINES, ids=lambda plan: plan.name)
def plan(request: pytest.FixtureRequest) -> Plan:
    found = request.param
    assert isinstance(found, Plan)
    return found


@pytest.fixture
def published(plan: Plan, tmp_path: Path) -> Published:
    return Published(plan.make(tmp_path / "server"), tmp_path / "generations")
