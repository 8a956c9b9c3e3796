"""One setting chooses the store; what it needs and lacks is said."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.database.database import Database, open_database
from index.errors import IndexMissing, IndexUnreachable
from index.stores.faiss import FaissEngine
from index.stores.milvus import MilvusEngine
from index.stores.pgvector import PgvectorEngine
from index.stores.servers import check_rollback
from recommender.errors import SettingsError
from recommender.runtime.engines import engine_of
from recommender.settings import Settings
from tests.servers import PostgresServer


def never() -> Database:
    raise AssertionError("no database is asked for")


def test_faiss_is_the_default(tmp_path: Path) -> None:
    with ExitStack() as closing:
        engine = engine_of(Settings(home=tmp_path), never, closing)
    assert isinstance(engine, FaissEngine)
    check_rollback(engine)


def test_pgvector_lies_in_the_catalogues_database(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.empty()
    settings = Settings(home=tmp_path, store="pgvector", database_url=url)
    database = open_database(url)
    engine = engine_of(settings, lambda: database, ExitStack())
    assert isinstance(engine, PgvectorEngine)
    assert engine.answer().startswith("pgvector missing in PostgreSQL ")
    database.close()
    with pytest.raises(IndexMissing, match="keeps no earlier index"):
        check_rollback(engine)


def test_milvus_is_connected_to_when_it_is_asked(milvus: str, tmp_path: Path) -> None:
    away = Settings(home=tmp_path, store="milvus", milvus_uri="http://127.0.0.1:1")
    there = Settings(home=tmp_path, store="milvus", milvus_uri=milvus)
    with ExitStack() as closing:
        engine = engine_of(there, never, closing)
        assert isinstance(engine, MilvusEngine)
        assert engine.answer().startswith("Milvus ")
        assert milvus in engine.answer()
        absent = engine_of(away, never, closing)
        assert isinstance(absent, MilvusEngine)
        with pytest.raises(IndexUnreachable, match="RECOMMENDER_MILVUS_URI"):
            absent.answer()


def test_a_server_keeps_each_catalogue_apart(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/unused.sqlite3")
    for store, kind in (("pgvector", PgvectorEngine), ("milvus", MilvusEngine)):
        for name in ("default", "kids"):
            settings = Settings(
                home=tmp_path,
                store=store,  # type: ignore[arg-type]
                database_url="postgresql://nobody@127.0.0.1:1/none",
                catalogue=name,
            )
            with ExitStack() as closing:
                engine = engine_of(settings, lambda: database, closing)
            assert isinstance(engine, kind) and engine.catalogue == name
    database.close()


@pytest.mark.parametrize(("store", "package"), [("pgvector", "pgvector"), ("milvus", "pymilvus")])
def test_a_missing_package_is_named_with_its_extra(
    tmp_path: Path, store: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(f"index.stores.{store}")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    settings = Settings(home=tmp_path, store=store, database_url="postgresql://x/y")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=rf"no module {package}.*\[scale\]"):
        engine_of(settings, never, ExitStack())
