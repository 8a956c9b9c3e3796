"""Real servers for tests, started once when first asked for: see `index.bench.starting`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from sqlalchemy import create_engine, make_url, text

import migrations
from index.bench.starting import PASSWORD
from index.database.database import open_database

MIGRATED = "migrated"


@dataclass
class PostgresServer:
    """One server; every test gets a database of its own.

    Attributes:
        url: SQLAlchemy URL of the server's own database.
    """

    url: str
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        database = open_database(self.empty(MIGRATED))
        migrations.upgrade(database.engine)
        database.close()

    def empty(self, name: str = "", template: str = "template1") -> str:
        """Return the URL of a new database."""
        name = name or f"test{next(self.numbers)}"
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def migrated(self) -> str:
        """Return the URL of a new database that the migrations built."""
        return self.empty(template=MIGRATED)


__all__ = ["MIGRATED", "PASSWORD", "PostgresServer"]
