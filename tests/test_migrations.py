"""The schema: up, no drift from the declarations, down to nothing, up again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

import migrations
from index.database.database import Database, open_database
from index.database.tables import Base
from index.errors import DatabaseUnfit


@pytest.fixture(params=["sqlite", "postgresql"])
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/100%/catalog.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").empty()
    opened = open_database(url)
    yield opened
    opened.close()


IN_A_FILE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_up_check_down_up(database: Database) -> None:
    migrations.upgrade(database.engine)
    migrations.upgrade(database.engine)
    migrations.check(database.engine)
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())
    migrations.downgrade(database.engine)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    migrations.upgrade(database.engine)
    migrations.check(database.engine)


def test_the_check_sees_drift(database: Database) -> None:
    migrations.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE items ADD COLUMN stray TEXT"))
    with pytest.raises(DatabaseUnfit, match="stray"):
        migrations.check(database.engine)


def test_a_step_that_fails_leaves_nothing_behind(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE vectors (only_column INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrations.upgrade(database.engine)
    assert "items" not in inspect(database.engine).get_table_names()


@IN_A_FILE
def test_keys_are_never_given_twice(database: Database) -> None:
    migrations.upgrade(database.engine)
    with database.engine.connect() as connection:
        sql = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'vectors'")
        ).scalar()
    assert "AUTOINCREMENT" in str(sql)


@IN_A_FILE
def test_foreign_keys_are_enforced(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


OLD_ITEM = """
    INSERT INTO items (key, catalogue, sku, brand, brand_key, colour, colour_key, second_colour,
        pattern, material, title, description, link, category, image, image_hash, currency,
        availability, audience, sizes, measured, filled, created_at, updated_at)
    VALUES (:key, 'default', :sku, '', '', '', '', '', :pattern, '', 'T', '', '', 'dress', 'x',
        'h', '', 'in_stock', 'unisex', '[]', '{}', '[]', '2026-01-01', '2026-01-01')
"""
OLD_VECTOR = """
    INSERT INTO vectors (key, item, position, id, image_hash, fingerprint, dim, data)
    VALUES (:key, :key, 0, :id, 'h', 'f', 1, :data)
"""


def test_attributes_are_added_to_a_catalogue_that_is_in_use(database: Database) -> None:
    migrations.upgrade(database.engine, "0001")
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO catalogues VALUES ('default', 1, 1)"))
        for key, pattern in enumerate(("Striped", "striped", "polka dots", "Ikat", "")):
            row = {"key": key, "sku": f"s{key}", "pattern": pattern}
            connection.execute(text(OLD_ITEM), row)
            vector = {"key": key, "id": f"{key:032x}", "data": bytes(2)}
            connection.execute(text(OLD_VECTOR), vector)

    def told(columns: str, table: str) -> list[tuple[object, ...]]:
        with database.engine.connect() as connection:
            query = text(f"SELECT {columns} FROM {table} ORDER BY key")
            return [tuple(row) for row in connection.execute(query)]

    migrations.upgrade(database.engine)
    migrations.check(database.engine)
    keys = [key for key, _, _ in told("pattern_key, sleeve, length_key", "items")]
    assert keys == ["stripe", "stripe", "dots", "ikat", ""]
    assert len(told("key", "vectors")) == 5, "changing the items must not take their vectors along"
    migrations.downgrade(database.engine, "0001")
    assert [p for (p,) in told("pattern", "items")][:2] == ["Striped", "striped"]
    assert len(told("key", "vectors")) == 5


def test_an_old_backup_that_is_migrated_later_is_known_as_the_same(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = []
    for since in ("2026-01-01", "2026-01-01", "2026-01-02"):
        path = tmp_path_factory.mktemp("old") / "catalog.sqlite3"
        database = open_database(f"sqlite:///{path}")
        migrations.upgrade(database.engine, "0001")
        with database.engine.begin() as connection:
            connection.execute(text("INSERT INTO catalogues VALUES ('default', 1, 1)"))
            connection.execute(text(OLD_ITEM), {"key": 1, "sku": "s", "pattern": ""})
            connection.execute(text("UPDATE items SET created_at = :at"), {"at": since})
        migrations.upgrade(database.engine)
        with database.engine.connect() as connection:
            found.append(connection.execute(text("SELECT lineage FROM catalogues")).scalar_one())
        database.close()
    assert found[0] == found[1] != found[2]
