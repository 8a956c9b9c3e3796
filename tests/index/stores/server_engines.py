"""The engines of the contract that need a server; each is started once a session."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.database.database import open_database
from index.stores import Engine
from index.stores.milvus import KIND, MilvusEngine
from index.stores.milvus_server import MilvusServer
from index.stores.pgvector import EXACT, HNSW, PgvectorEngine
from tests.index.stores.engines import Plan
from tests.servers import PostgresServer


@dataclass(frozen=True)
class ServerPlan:
    """A plan that is made of a server.

    Attributes:
        name: what the test is called by.
        server: the fixture that starts it.
        plan: the fixture's value, and what is closed at the end of the session -> the plan.
    """

    name: str
    server: str
    plan: Callable[[Any, ExitStack], Plan]


def _exact(server: PostgresServer, closing: ExitStack) -> Plan:
    return Plan("pgvector-exact", _pgvector(server, closing), 1.0, EXACT)


def _hnsw(server: PostgresServer, closing: ExitStack) -> Plan:
    made = _pgvector(server, closing, hnsw_from=0, few=60)
    return Plan("pgvector-hnsw", made, 0.95, HNSW)


def _pgvector(server: PostgresServer, closing: ExitStack, **small: int) -> Callable[[Path], Engine]:
    database = open_database(server.empty())
    closing.callback(database.close)
    # one database for all tests, and a catalogue for each: its folder's name
    return lambda folder: PgvectorEngine(database, folder.parent.name, **small)


def _milvus(uri: str, closing: ExitStack) -> Plan:
    server = MilvusServer(uri)
    closing.callback(server.close)
    # One collection for all of these tests: what the one before left is only a difference more. No other
    # file's catalogue is called so, since one server serves all tests of a worker.
    return Plan("milvus", lambda _: MilvusEngine(server, "contract"), 0.95, KIND)


SERVERS: Final[list[ServerPlan]] = [
    ServerPlan("pgvector-exact", "postgres", _exact),
    ServerPlan("pgvector-hnsw", "postgres", _hnsw),
    ServerPlan("milvus", "milvus", _milvus),
]
