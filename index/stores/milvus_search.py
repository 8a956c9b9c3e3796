"""Searching one collection of Milvus'.

Where few may answer, the server is given which. Otherwise more is asked for than is wanted and what
may not answer is left out here, asking wider each time; where the server's limit is not wide
enough, all allowed are fetched and compared: slow, and right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.stores import Neighbours, check_rows
from index.stores.milvus_server import LIMIT, MilvusServer

FEW: Final = 2000
"""Maximum number of allowed keys that are sent with the question, some 20 kB."""
_EF: Final = 128
"""How far the graph looks around, at least."""
_EF_LIMIT: Final = 32_768
_MARGIN: Final = 8
"""Extra answers that are asked for, so that ties are ordered by key here."""
_WIDER: Final = 4
_FETCHED: Final = 5000
"""Vectors fetched at once."""
Found = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Keys and their scores, in any order."""


@dataclass(frozen=True, eq=False)
class MilvusStore:
    """One collection. What it holds may move on while it is held.

    Attributes:
        server: where it lies.
        name: the collection's.
        dim: length of a vector.
        count: number of vectors when it was opened.
    """

    server: MilvusServer
    name: str
    dim: int
    count: int

    def search(
        self,
        vectors_unit: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Neighbours:
        """Return the k nearest of each query; see `VectorStore.search`.

        More than 16,376 cannot be had of the server.
        """
        check_rows(vectors_unit, self.dim)
        keys = np.full((len(vectors_unit), k), -1, np.int64)
        scores = np.full((len(vectors_unit), k), -np.inf, np.float32)
        wide = min(k + _MARGIN, LIMIT)
        with self.server.asking() as client:
            found = self._found(client, vectors_unit, wide, allowed)
        for row, (some_keys, some_scores) in enumerate(found):
            order = np.lexsort((some_keys, -some_scores))[:k]
            keys[row, : len(order)] = some_keys[order]
            scores[row, : len(order)] = np.clip(some_scores[order], -1, 1)
        return Neighbours(keys, scores)

    def vectors_of(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; see `VectorStore.vectors_of`."""
        with self.server.asking() as client:
            held, rows = self._fetched(client, np.unique(keys))
        at = np.searchsorted(held, keys)
        known = at < len(held)
        known[known] = held[at[known]] == keys[known]
        if not known.all():
            raise KeyError(f"no vector has key {int(keys[~known][0])}")
        return rows[at]

    def _found(
        self,
        client: Any,
        queries: NDArray[np.float32],
        wide: int,
        allowed: NDArray[np.int64] | None,
    ) -> list[Found]:
        if not len(queries):
            return []
        if allowed is None:
            return self._asked(client, queries, wide)
        if not len(allowed):
            return [_nothing()] * len(queries)
        enough = min(wide, len(allowed))
        if len(allowed) <= FEW:
            found = self._asked(client, queries, wide, f"key in {allowed.tolist()}")
        else:
            found = self._widening(client, queries, enough, allowed)
        short = [row for row, (keys, _) in enumerate(found) if len(keys) < enough]
        if short:
            held, rows = self._fetched(client, allowed)
            for row in short:
                found[row] = _nearest(held, rows @ queries[row], wide)
        return found

    def _widening(
        self, client: Any, queries: NDArray[np.float32], enough: int, allowed: NDArray[np.int64]
    ) -> list[Found]:
        """Ask for ever more until enough of it is allowed, or the server's limit is reached."""
        width = int(1.5 * enough * max(self.count, 1) / len(allowed))
        while True:
            width = min(width, LIMIT)
            found = [
                (keys[held], scores[held])
                for keys, scores in self._asked(client, queries, width)
                for held in [np.isin(keys, allowed)]
            ]
            if width == LIMIT or all(len(keys) >= enough for keys, _ in found):
                return found
            width *= _WIDER

    def _asked(
        self, client: Any, queries: NDArray[np.float32], limit: int, only: str = ""
    ) -> list[Found]:
        ef = min(max(_EF, 2 * limit), _EF_LIMIT)
        answers = client.search(
            self.name,
            data=list(queries),
            anns_field="vector",
            filter=only,
            limit=limit,
            output_fields=["key"],
            search_params={"metric_type": "IP", "params": {"ef": ef}},
            consistency_level="Strong",
        )
        return [
            (
                np.asarray([hit["key"] for hit in hits], np.int64),
                np.asarray([hit["distance"] for hit in hits], np.float32),
            )
            for hits in answers
        ]

    def _fetched(
        self, client: Any, keys: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the (n,) keys that are held, ascending, and their (n, dim) vectors."""
        found: dict[int, Any] = {}
        for at in range(0, len(keys), _FETCHED):
            part = keys[at : at + _FETCHED].tolist()
            rows = client.get(self.name, ids=part, output_fields=["key", "vector"])
            found |= {row["key"]: row["vector"] for row in rows}
        held = np.asarray(sorted(found), np.int64)
        vectors = np.asarray([found[key] for key in held.tolist()], np.float32)
        return held, vectors.reshape(len(held), self.dim)


def _nothing() -> Found:
    return np.empty(0, np.int64), np.empty(0, np.float32)


def _nearest(keys: NDArray[np.int64], scores: NDArray[np.float32], wide: int) -> Found:
    best = np.lexsort((keys, -scores))[:wide]
    return keys[best], np.asarray(scores[best], np.float32)
