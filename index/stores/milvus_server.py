"""A Milvus server as the stores use it: a connection, the list of collections, and refusals.

Each catalogue and encoder has a collection of its own; one more lists them. Milvus commits row by
row, so the list says which revision a collection was last brought to as a whole.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
from pymilvus import DataType, MilvusClient, MilvusException

from index.errors import BUILD_COMMAND, IndexDamaged, IndexUnreachable
from index.stores.servers import Published

PREFIX: Final = "recommender_"
LIMIT: Final = 16_384
"""The server neither finds nor lists more at once."""
_LIST: Final = f"{PREFIX}stores"
_TIMEOUT_S: Final = 60.0
_NO_COLLECTION: Final = 100
"""The server's code for a collection that is not there."""
_CALM: Final = {"grpc.keepalive_time_ms": 360_000, "grpc.keepalive_permit_without_calls": 0}
"""pymilvus pings every 10 s, idle or not. A server with gRPC's own defaults tolerates one ping in
five minutes: after the third it ends the connection, and whatever is being asked then fails."""


@dataclass(frozen=True)
class MilvusServer:
    """A server; connected to when it is first asked. Safe to share between threads.

    Attributes:
        uri: such as http://127.0.0.1:19530.
        token: `user:password` or an API key; never shown.
    """

    uri: str
    token: str = field(default="", repr=False)
    _made: list[Any] = field(default_factory=list, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @contextmanager
    def asking(self) -> Iterator[Any]:
        """Yield pymilvus' client; what it raises becomes a refusal.

        Raises:
            IndexUnreachable: the server does not answer, or not to us.
            IndexDamaged: it has no such collection.
        """
        try:
            yield self._client()
        except (MilvusException, grpc.RpcError) as error:
            if getattr(error, "code", None) == _NO_COLLECTION:
                raise lost(f"{self.uri}: no such collection") from error
            message = error.message if isinstance(error, MilvusException) else type(error).__name__
            raise IndexUnreachable(
                "the vectors' server does not answer",
                got=f"{self.uri}: {message}",
                expected="a Milvus server that lets us in",
                next_step="Start it, or mend RECOMMENDER_MILVUS_URI and RECOMMENDER_MILVUS_TOKEN.",
            ) from error

    def close(self) -> None:
        """End the connection; the next question makes another."""
        with self._lock:
            while self._made:
                self._made.pop().close()

    def version(self) -> str:
        """Return what the server says of itself."""
        with self.asking() as client:
            return str(client.get_server_version())

    def _client(self) -> Any:
        with self._lock:
            if not self._made:
                # refusals say what went wrong; pymilvus would print a traceback besides
                logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
                client = MilvusClient(
                    self.uri, token=self.token, timeout=_TIMEOUT_S, grpc_options=_CALM
                )
                self._made.append(client)
            return self._made[0]


def lost(got: str) -> IndexDamaged:
    """Return the refusal for vectors that are not on the server."""
    return IndexDamaged(
        "the server does not have this encoder's vectors",
        got=got,
        expected="the collection that was published",
        next_step=f"Run `{BUILD_COMMAND}`: it fills the server anew from what is stored.",
    )


def name_of(catalogue: str, fingerprint: str) -> str:
    """Return a collection's name; it says nothing, the list does."""
    return PREFIX + hashlib.sha256(f"{catalogue}\0{fingerprint}".encode()).hexdigest()[:24]


def create(client: Any, name: str, dim: int) -> None:
    """Make a collection where it is missing, and have it answer."""
    if not client.has_collection(name):
        schema = MilvusClient.create_schema(auto_id=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("id", DataType.VARCHAR, max_length=36)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
        graph = {"M": 16, "efConstruction": 128}
        _make(client, name, schema, field_name="vector", index_type="HNSW", params=graph)
    client.load_collection(name)


def published(client: Any, name: str) -> Published | None:
    """Return what the list says of a collection; None where either is not there."""
    if not (client.has_collection(_LIST) and client.has_collection(name)):
        return None
    client.load_collection(_LIST)
    rows = client.get(_LIST, ids=[name], output_fields=["dim", "count", "revision"])
    return Published(*(int(rows[0][key]) for key in ("dim", "count", "revision"))) if rows else None


def note(client: Any, name: str, of: Published, *, catalogue: str, fingerprint: str) -> None:
    """Write into the list what a collection is now."""
    if not client.has_collection(_LIST):
        schema = MilvusClient.create_schema(auto_id=False)
        schema.add_field("name", DataType.VARCHAR, max_length=64, is_primary=True)
        schema.add_field("catalogue", DataType.VARCHAR, max_length=64)
        schema.add_field("fingerprint", DataType.VARCHAR, max_length=512)
        for number in ("dim", "count", "revision", "published"):
            schema.add_field(number, DataType.INT64)
        schema.add_field("place", DataType.FLOAT_VECTOR, dim=2)  # no collection may be without
        _make(client, _LIST, schema, field_name="place", index_type="FLAT")
    row: dict[str, Any] = {"name": name, "catalogue": catalogue, "fingerprint": fingerprint}
    row |= {"place": [1.0, 0.0]}
    row |= {"dim": of.dim, "count": of.count, "revision": of.revision, "published": time.time_ns()}
    client.upsert(_LIST, [row])


def prune(client: Any, catalogue: str, keep: int = 2) -> None:
    """Drop a catalogue's collections but the newest few.

    The one before the newest stays: servers that were started with another encoder still read it.
    """
    wanted = ["name", "catalogue", "published"]
    rows = client.query(_LIST, filter='name != ""', output_fields=wanted, limit=LIMIT)
    ours = [row for row in rows if row["catalogue"] == catalogue]
    for row in sorted(ours, key=lambda row: -row["published"])[keep:]:
        client.drop_collection(row["name"])
        client.delete(_LIST, ids=[row["name"]])


def _make(client: Any, name: str, schema: Any, **of: Any) -> None:
    index = MilvusClient.prepare_index_params()
    index.add_index(metric_type="IP", **of)
    # Strong: whoever asks after a publication sees all of it
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")
