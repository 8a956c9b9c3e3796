"""How far to look: measured on vectors of the index itself, each asked for without itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.stores.faiss.plan import Reach
from index.stores.faiss.quantised import QuantisedStore

TARGET: Final = 0.95
"""Recall of the ten nearest that an index may not fall below."""
_IN_LISTS: Final = 0.975
"""The share of the nearest that the lists read must hold: candidates may lose as much again."""
_QUESTIONS: Final = 256
_DEPTHS: Final = (10, 30, 100, 300, 1000)
_K: Final = 10


@dataclass(frozen=True, eq=False)
class QuerySample:
    """Questions and their true answers.

    Attributes:
        rows: (q,) rows that ask.
        vectors: (q, dim) float32 unit rows.
        nearest: (q, m) rows nearest to each, itself left out, best first.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    nearest: NDArray[np.int64]


def calibrated(store: QuantisedStore) -> tuple[QuantisedStore, float]:
    """Return the store with the least reach and width that hold recall, and its recall@10, 0 to 1."""
    sample = _sample(store)
    reach = _reach(store, sample)
    found, recall = store, 0.0
    for width in _widths(store):
        found = replace(store, reach=reach, width=width)
        recall = _recall(found, sample)
        if recall >= TARGET + 0.01:
            break
    return found, recall


def _widths(store: QuantisedStore) -> Iterator[int]:
    width = store.width
    while width <= 16 * store.width:
        yield width
        width *= 2


def _sample(store: QuantisedStore) -> QuerySample:
    """Return true answers, from one reading of all rows in blocks."""
    count = store.count
    asking = np.unique(np.linspace(0, count - 1, min(_QUESTIONS, count)).astype(np.int64))
    vectors = store.rows.at(asking)
    depth = min(_DEPTHS[-1], max(_K, count // 8), count - 1)
    best = np.full((len(asking), 0), -np.inf, np.float32)
    rows = np.full((len(asking), 0), -1, np.int64)
    for first, block in store.rows.blocks():
        scores = vectors @ block.T
        own = np.flatnonzero((asking >= first) & (asking < first + len(block)))
        scores[own, asking[own] - first] = -np.inf
        best = np.concatenate([best, scores], axis=1)
        ours = np.broadcast_to(np.arange(first, first + len(block)), scores.shape)
        rows = np.concatenate([rows, ours], axis=1)
        if best.shape[1] > depth:
            kept = np.argpartition(-best, depth, axis=1)[:, :depth]
            best = np.take_along_axis(best, kept, 1)
            rows = np.take_along_axis(rows, kept, 1)
    order = np.argsort(-best, axis=1)
    return QuerySample(asking, vectors, np.take_along_axis(rows, order, 1))


def _reach(store: QuantisedStore, sample: QuerySample) -> Reach:
    order = np.argsort(-(sample.vectors @ store.turn.T @ store.lists.centres.T), axis=1)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(order.shape[1])[np.newaxis], 1)
    where = np.take_along_axis(places, store.list_of[sample.nearest].astype(np.int64), 1)
    depths = [depth for depth in _DEPTHS if depth <= where.shape[1]] or [max(where.shape[1], 1)]
    lists = [
        float(np.quantile(where[:, :depth], _IN_LISTS, method="higher")) + 1 for depth in depths
    ]
    return Reach(np.asarray(depths, np.float64), np.maximum.accumulate(lists))


def _recall(store: QuantisedStore, sample: QuerySample) -> float:
    k = min(_K, sample.nearest.shape[1])
    found = store.search(sample.vectors, k + 1).keys
    own = store.keys.keys[sample.rows][:, np.newaxis]
    truth = store.keys.keys[sample.nearest[:, :k]]
    hits = [
        len(set(truth[n].tolist()) & set(found[n].tolist()) - set(own[n].tolist()))
        for n in range(len(truth))
    ]
    return float(np.sum(hits) / truth.size)
