"""How soon a style finds out a taste: simulated people, and nDCG@10 after some likes.

python -m recommender.compatibility.training.tastes [--home FOLDER]

Each person sees a random half of the catalogue, likes some of it, and the other half is ranked slot
by slot: without a person, by how often the others liked an item, and by the style. See
docs/style.md. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from scipy.stats import bootstrap
from torchmetrics.functional.retrieval import retrieval_normalized_dcg

from index import encoder as encoders
from index.catalog import Catalog
from index.database import open_database
from index.generations import Generations
from index.items import Audience, CatalogItem
from index.search import Searcher
from recommender import style
from recommender.compatibility.training.hidden import hidden_tastes, liked_of_shown, relevance
from recommender.feedback import Feedback, Verdict
from recommender.sample import BOUTIQUE
from recommender.usual import Usual
from segmentation.commands import run

AFTER: Final = (0, 1, 3, 10)
K: Final = 10
LEAST: Final = K + 2
"""A slot with fewer unseen items is not ranked: all of them would be among the first ten."""
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def measure(
    items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32], *, people: int, seed: int
) -> dict[str, Any]:
    """Return nDCG@10 of each way to rank after each number of likes, with its 95 % interval.

    Args:
        items: n items of a catalogue.
        vectors_unit: (n, d) their unit rows.
        people: how many to simulate.
        seed: of everything that is left to chance.
    """
    rng = np.random.default_rng(seed)
    tastes = hidden_tastes(items, people, rng)
    shown = rng.permuted(np.tile(np.arange(len(items)) % 2 == 0, (people, 1)), axis=1)
    liked = liked_of_shown(tastes, shown, max(AFTER), rng)
    votes = np.zeros(tastes.shape)
    np.put_along_axis(votes, liked, 1.0, axis=1)
    popularity = votes.sum(axis=0) - votes  # what the others liked
    usual = Usual.of(items, vectors_unit)
    ways: dict[str, Any] = {"none": {}, "popularity": {}, "style": {}}
    gains: dict[str, Any] = {}
    for after in AFTER:
        styled = np.stack([_styled(items, vectors_unit, usual, each[:after]) for each in liked])
        found = {
            name: _ndcgs(scores, tastes, ~shown, items)
            for name, scores in (
                ("none", np.zeros(tastes.shape)), ("popularity", popularity), ("style", styled)
            )
        }  # fmt: skip
        for name, each in found.items():
            ways[name][str(after)] = _interval(each)
        gains[str(after)] = {
            f"over_{name}": _interval(found["style"] - found[name])
            for name in ("none", "popularity")
        }
    return {"people": people, "items": len(items), "seed": seed, "ndcg_at_10": ways, "gain": gains}


def _styled(
    items: Sequence[CatalogItem],
    vectors_unit: NDArray[np.float32],
    usual: Usual,
    liked: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return (n,) equal scores, re-ranked for one who liked these."""
    told = [Feedback(Verdict.LIKE, (items[row].sku,), NOW) for row in liked]
    known = {items[row].sku: row for row in liked}
    learnt = style.learn(
        told,
        {sku: items[row] for sku, row in known.items()},
        {sku: vectors_unit[row] for sku, row in known.items()},
        usual,
        NOW,
    )
    return style.rerank(np.full(len(items), 0.5, np.float32), items, vectors_unit, learnt)


def _ndcgs(
    scores: NDArray[Any],
    tastes: NDArray[np.float64],
    unseen: NDArray[np.bool_],
    items: Sequence[CatalogItem],
) -> NDArray[np.float64]:
    """Return (people,) mean nDCG@10 over the slots; tied items share what their places give."""
    slots = np.array([item.slot.value for item in items])
    found = []
    for person in range(len(scores)):
        pools = [np.flatnonzero(unseen[person] & (slots == slot)) for slot in np.unique(slots)]
        each = [
            float(
                retrieval_normalized_dcg(
                    torch.as_tensor(scores[person, pool], dtype=torch.float64),
                    torch.as_tensor(relevance(tastes[person, pool])),
                    top_k=K,
                )
            )
            for pool in pools
            if len(pool) >= LEAST
        ]
        found.append(np.mean(each))
    return np.array(found)


def _interval(values: NDArray[np.float64]) -> dict[str, float]:
    """Return the mean over people and its 95 % bootstrap interval."""
    mean = float(values.mean())
    if np.ptp(values) == 0:
        return {"mean": round(mean, 4), "low": round(mean, 4), "high": round(mean, 4)}
    drawn = bootstrap((values,), np.mean, method="percentile", n_resamples=2000, rng=0)
    low, high = drawn.confidence_interval
    return {"mean": round(mean, 4), "low": round(float(low), 4), "high": round(float(high), 4)}
