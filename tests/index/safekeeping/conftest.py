"""A shop of sixty items, and ways to lose its database."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.database.database import open_database
from tests.index.conftest import Shop

MANY = 60


@pytest.fixture
def full(shop: Shop) -> Shop:
    """Sixty items, indexed."""
    shop.write(*(shop.row(number) for number in range(MANY)))
    shop.run()
    return shop


def over(shop: Shop, database: Path) -> Shop:
    """Return the shop with the copy of another database in place of its own."""
    shop.database.close()
    shutil.copy(database, shop.home / "catalog.sqlite3")
    return replace(shop, database=open_database(f"sqlite:///{shop.home}/catalog.sqlite3"))


def kept(shop: Shop, into: Path) -> Path:
    """Return a copy of the shop's database as it is now."""
    return Path(shutil.copy(shop.home / "catalog.sqlite3", into))


def age(path: Path, days: float = 1.0) -> None:
    """Have a file look as if it had lain there for some days."""
    then = time.time() - days * 86400
    os.utime(path, (then, then))
