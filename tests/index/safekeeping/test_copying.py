"""Rows and vectors from one database to another, on both engines, and whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

import migrations
import recommender.tables  # noqa: F401 - declares its tables
from index.catalogue.catalog import Catalog
from index.database.database import Database, open_database
from index.database.tables import Base
from index.errors import DatabaseError, LossUnconfirmed
from index.generations.inspection import inspect
from index.safekeeping import copying
from index.safekeeping.copying import copy_rows, held
from tests.index.conftest import DATABASES, Shop

TABLES = Base.metadata.sorted_tables
Opened = Callable[[], Database]


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/there.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").empty()
    with closing(open_database(url)) as opened:
        migrations.upgrade(opened.engine)
        yield opened


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """Items with prices, sizes, further pictures; one was taken out, and its numbers are given."""
    shop.row(8)
    shop.write(
        shop.row(1, sizes=["S", "M"], brand="Größe", image=["p1.png", "p8.png"]),
        shop.row(2, price="19.99", colour="red"),
        shop.row(3),
    )
    shop.run()
    shop.indexer().remove(["s3"])
    return shop


@pytest.mark.parametrize("shop", DATABASES, indirect=True)
def test_there_it_is_the_same_and_serves_the_same_index(stocked: Shop, target: Database) -> None:
    copied = copy_rows(stocked.database, target, TABLES)
    assert copied["items"].rows == 2
    assert copied["vectors"].rows == 3
    with stocked.database.reading() as ours, target.reading() as theirs:
        assert list(Catalog(ours).items()) == list(Catalog(theirs).items())
        assert copying.sums(ours, TABLES) == copying.sums(theirs, TABLES) == copied
    moved = replace(stocked, database=target)
    assert moved.searcher().nearest(moved.query(2), 1)[0].item.sku == "s2"
    indexer = moved.indexer()
    found = inspect(target, indexer.generations, indexer.images, moved.engine, contents=True)
    assert (found.trouble, found.current, found.compared) == (None, True, 3)
    assert indexer.rebuild().generation.manifest.count == 3


@pytest.mark.parametrize("shop", DATABASES, indirect=True)
def test_a_number_that_was_given_is_never_given_again(stocked: Shop, target: Database) -> None:
    with stocked.database.reading() as session:
        before = Catalog(session).keys_of(["s1", "s2"])
    copy_rows(stocked.database, target, TABLES)
    moved = replace(stocked, database=target)
    moved.write(moved.row(1), moved.row(2), moved.row(9))
    moved.run()
    with target.reading() as session:
        after = Catalog(session).keys_of(["s2", "s9"])
    assert after["s2"] == before["s2"]
    assert after["s9"] > max(before.values()) + 1, "the one between was taken out"


def test_a_target_that_is_full_is_left_alone(stocked: Shop, target: Database) -> None:
    copy_rows(stocked.database, target, TABLES)
    stocked.indexer().remove(["s2"])
    with pytest.raises(LossUnconfirmed, match="2 items"):
        copy_rows(stocked.database, target, TABLES)
    with target.reading() as session:
        assert held(session, TABLES)["items"] == 2
    assert copy_rows(stocked.database, target, TABLES, confirmed=True)["items"].rows == 1


def test_a_copy_that_is_another_is_undone(
    stocked: Shop, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number_of = copying.sums

    def meddled(session: object, tables: object) -> object:
        session.execute(text("UPDATE items SET title = 'x' WHERE sku = 's1'"))  # type: ignore[attr-defined]
        return number_of(session, tables)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "sums", meddled)
    with pytest.raises(DatabaseError, match="not what was copied"):
        copy_rows(stocked.database, target, TABLES)
    with target.reading() as session:
        assert held(session, TABLES) == {}


def test_a_row_that_the_other_cannot_keep(shop: Shop, tmp_path: Path, postgres: object) -> None:
    shop.write(shop.row(1))
    shop.run()
    with shop.database.writing() as session:
        session.execute(text("UPDATE items SET title = 'a' || char(0) || 'b'"))
    with closing(open_database(postgres.migrated())) as target:  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError, match="NUL"):
            copy_rows(shop.database, target, TABLES)
        with target.reading() as session:
            assert held(session, TABLES) == {}
