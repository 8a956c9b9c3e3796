"""Servers that all rooms' tests may ask for. They start when the first test does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.bench import starting
from tests.servers import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server with pgvector on 127.0.0.1."""
    with starting.postgres() as url:
        yield PostgresServer(url)


@pytest.fixture(scope="session")
def milvus() -> Iterator[str]:
    """The URI of a Milvus Lite server on 127.0.0.1."""
    with starting.milvus() as uri:
        yield uri
