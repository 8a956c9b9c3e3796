"""Searching one table of pgvector's.

Where few may answer, all of them are compared: exact. Otherwise the HNSW index is asked, ever wider
(pgvector's iterative scan goes on past `ef_search`), and what may not answer is left out here, so
that no list of keys goes to the server; where the scan ends too soon, all allowed are compared after all.
Scores are computed here from the stored vectors and the whole query, not from the rounded one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pgvector import Vector
from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from index.database.database import Database, database_refusals
from index.errors import BUILD_COMMAND, IndexDamaged
from index.stores import Neighbours, check_rows
from index.stores.pgvector_tables import SCHEMA

FEW: Final = 2000
"""Maximum number of allowed vectors that are compared exhaustively; the index is no faster."""
_EF: Final = 120
"""How far the index looks around, at least; recall@10 is above 0.95 from about 80 on."""
_EF_LIMIT: Final = 1000
_MARGIN: Final = 8
"""Extra candidates that are compared again, because the server rounds to fp16."""
_NARROWEST: Final = 64
_WIDER: Final = 4
"""Factor by which the search widens where too few of its answers are allowed."""
_KEYS: Final = 10_000


@dataclass(frozen=True, eq=False)
class PgvectorStore:
    """One table. What it holds may move on while it is held, from one whole state to the next.

    Attributes:
        database: where it lies.
        name: the table's, without its schema.
        dim: length of a vector.
        count: number of vectors when it was opened.
        few: maximum number of allowed vectors that are compared exhaustively.
    """

    database: Database
    name: str
    dim: int
    count: int
    few: int = FEW

    def search(
        self,
        vectors_unit: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Neighbours:
        """Return the k nearest of each query; see `VectorStore.search`."""
        check_rows(vectors_unit, self.dim)
        with self._reading() as connection:
            ef = min(max(_EF, 2 * k), _EF_LIMIT)
            connection.exec_driver_sql(_PREPARE, (str(ef),))
            answers = [self._nearest(connection, query, k, allowed) for query in vectors_unit]
        keys, scores = (
            np.empty((len(answers), k), np.int64),
            np.empty((len(answers), k), np.float32),
        )
        for row, (its_keys, its_scores) in enumerate(answers):
            keys[row], scores[row] = its_keys, its_scores
        return Neighbours(keys, scores)

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; see `VectorStore.vectors_of`."""
        with self._reading() as connection:
            found = self._rows(connection, np.unique(keys))
        for key in keys.tolist():
            if key not in found:
                raise KeyError(f"no vector has key {key}")
        rows = [found[key] for key in keys.tolist()]
        return np.stack(rows) if rows else np.empty((0, self.dim), np.float32)

    @property
    def _table(self) -> str:
        return f"{SCHEMA}.{self.name}"

    def _nearest(
        self,
        connection: Connection,
        query: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.int64] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        asked, wide = Vector(query).to_text(), k + _MARGIN
        if allowed is None:
            sql = f"SELECT key, {_SENT} FROM {self._table} ORDER BY vector <#> %s::halfvec LIMIT %s"
            found = _parsed(connection.exec_driver_sql(sql, (asked, wide)).all())
            if len(found) < min(wide, self.count):  # the graph does not lead to every vector
                found = self._among(connection, asked, wide, None)
        elif len(allowed) <= self.few:
            found = self._among(connection, asked, wide, allowed)
        else:
            near = self._widening(connection, asked, wide, allowed)
            enough = len(near) >= wide
            found = (
                self._rows(connection, near)
                if enough
                else self._among(connection, asked, wide, allowed)
            )
        return _best(found, query, k)

    def _among(
        self, connection: Connection, asked: str, wide: int, allowed: NDArray[np.int64] | None
    ) -> dict[int, NDArray[np.float32]]:
        """Return the nearest of the allowed, all of which are compared; None is all there are."""
        only = "" if allowed is None else "WHERE key = ANY(%s)"
        sql = f"""WITH allowed AS MATERIALIZED (SELECT key, vector FROM {self._table} {only})
            SELECT key, {_SENT} FROM allowed ORDER BY vector <#> %s::halfvec, key LIMIT %s"""
        keys = () if allowed is None else (allowed.tolist(),)
        return _parsed(connection.exec_driver_sql(sql, (*keys, asked, wide)).all())

    def _widening(
        self, connection: Connection, asked: str, wide: int, allowed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the keys of the nearest allowed, fewer than `wide` where the index ends first."""
        width = int(max(2 * wide * max(self.count, 1) / len(allowed), _NARROWEST))
        sql = f"SELECT key FROM {self._table} ORDER BY vector <#> %s::halfvec LIMIT %s"
        while True:
            answer = connection.exec_driver_sql(sql, (asked, width)).scalars().all()
            keys = np.asarray(answer, np.int64)
            at = np.minimum(np.searchsorted(allowed, keys), len(allowed) - 1)
            found: NDArray[np.int64] = keys[allowed[at] == keys]
            if len(found) >= wide or len(keys) < width:
                return found[:wide]
            width *= _WIDER

    def _rows(
        self, connection: Connection, keys: NDArray[np.int64]
    ) -> dict[int, NDArray[np.float32]]:
        sql = f"SELECT key, {_SENT} FROM {self._table} WHERE key = ANY(%s)"
        found: dict[int, NDArray[np.float32]] = {}
        for at in range(0, len(keys), _KEYS):
            part = keys[at : at + _KEYS].tolist()
            found |= _parsed(connection.exec_driver_sql(sql, (part,)).all())
        return found

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the table."""
        engine = self.database.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with database_refusals(), engine.connect() as connection:
            try:
                yield connection
            except ProgrammingError as error:
                raise self._lost(str(error.orig)) from error

    def _lost(self, got: str) -> IndexDamaged:
        return IndexDamaged(
            "the database no longer has this encoder's vectors",
            got=got.splitlines()[0],
            expected=f"the table {self._table}",
            next_step=f"Run `{BUILD_COMMAND}`: it makes the table anew from what is stored.",
        )


_SENT: Final = "halfvec_send(vector)"
"""A vector as bytes: 4 of a head, then big-endian fp16 numbers."""
_HEAD: Final = 4
_PREPARE: Final = """
    SELECT set_config('hnsw.ef_search', %s, true),
           set_config('hnsw.iterative_scan', 'strict_order', true),
           set_config('enable_seqscan', 'off', true),
           set_config('enable_sort', 'off', true)
"""
"""Of this transaction alone. The planner believes that reading all and sorting is as cheap."""


def _parsed(rows: Sequence[Any]) -> dict[int, NDArray[np.float32]]:
    """Return the float32 unit vector of each key."""
    if not rows:
        return {}
    sent = np.stack([np.frombuffer(row[1], ">f2", offset=_HEAD) for row in rows])
    vectors = sent.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {row[0]: vector for row, vector in zip(rows, vectors, strict=True)}


def _best(
    found: dict[int, NDArray[np.float32]], query: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return (k,) keys and scores, best first, ties by key, padded as `Neighbours` are."""
    keys, scores = np.full(k, -1, np.int64), np.full(k, -np.inf, np.float32)
    if found:
        held = np.fromiter(found, np.int64, len(found))
        cosines = np.clip(np.stack(list(found.values())) @ query, -1, 1)
        order = np.lexsort((held, -cosines))[:k]
        keys[: len(order)], scores[: len(order)] = held[order], cosines[order]
    return keys, scores
