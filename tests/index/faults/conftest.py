"""What all tests of faults share: the hatchery, and catalogues to begin with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index.faults.desk import Desk
from tests.index.faults.desk import stock as lay_stock
from tests.index.faults.hatchery import Hatchery


@pytest.fixture(scope="session")
def hatchery() -> Iterator[Hatchery]:
    if os.name == "nt":
        pytest.skip("there is no fork")
    served = Hatchery()
    yield served
    served.close()


@pytest.fixture(scope="session")
def stock(
    migrated: Path, hatchery: Hatchery, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Return the folders of an empty catalogue and of a stocked one."""
    return lay_stock(tmp_path_factory.mktemp("stock"), migrated, hatchery)


@pytest.fixture
def desk(stock: tuple[Path, Path], tmp_path: Path) -> Desk:
    return Desk(*stock, tmp_path / "desk")
