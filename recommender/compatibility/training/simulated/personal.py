"""How well a style meets hidden tastes: nDCG@10 after some likes, beside ways that know nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import bootstrap
from torchmetrics.functional.retrieval import retrieval_normalized_dcg

from index.model.items import CatalogItem
from recommender.compatibility.model import SimilarityAndColour
from recommender.compatibility.training.simulated.hidden import (
    COMMON,
    hidden_tastes,
    liked_of_shown,
    relevance,
)
from recommender.outfits.outfit import Outfit
from recommender.people import style
from recommender.people.feedback import Feedback
from recommender.people.usual import CatalogueAverages
from recommender.wire.terms import Verdict

AFTER: Final = (0, 1, 3, 10)
K: Final = 10
LEAST: Final = K + 2
"""A slot with fewer unseen items is not ranked: all of them would be among the first ten."""
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
Numbers: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SimulatedShop:
    """What is sold: n items, their (n, d) float32 unit rows, and the place of each in an outfit."""

    items: Sequence[CatalogItem]
    vectors_unit: NDArray[np.float32]

    def pools(self, unseen: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
        """Return the rows of each slot that has enough of what is unseen."""
        slots = np.array([item.slot.value for item in self.items])
        rows = [np.flatnonzero(unseen & (slots == slot)) for slot in np.unique(slots)]
        return [each for each in rows if len(each) >= LEAST]


def measure(
    shop: SimulatedShop, *, people: int, seed: int, common: float = COMMON
) -> dict[str, Any]:
    """Return nDCG@10 of each way to rank after each number of likes, with its 95 % interval.

    `none`, `popularity` and `style` rank items that fit an outfit equally well; `fit` and
    `fit_and_style` rank by how well items go with one item that is worn. `fit_kept` is the mean fit
    of the ten that the style puts first, as a share of the ten that fit best.

    Args:
        shop: what is sold.
        people: how many to simulate.
        seed: of everything that is left to chance.
        common: how much of their tastes' directions people share, 0 to 1.
    """
    rng = np.random.default_rng(seed)
    tastes = hidden_tastes(shop.items, people, rng, common=common)
    halves = np.tile(np.arange(len(shop.items)) % 2 == 0, (people, 1))
    shown = rng.permuted(halves, axis=1)
    liked = liked_of_shown(tastes, shown, max(AFTER), rng)
    votes = np.zeros(tastes.shape)
    np.put_along_axis(votes, liked, 1.0, axis=1)
    fit = _fits(shop, rng.integers(len(shop.items), size=people))
    plain = {"none": np.zeros(tastes.shape), "popularity": votes.sum(axis=0) - votes, "fit": fit}
    pools = [shop.pools(~each) for each in shown]
    fixed = {name: _ndcgs(scores, tastes, pools) for name, scores in plain.items()}
    after = {str(n): _after(shop, liked[:, :n], fit, tastes, pools) for n in AFTER}
    return {
        "people": people,
        "items": len(shop.items),
        "seed": seed,
        "common": common,
        "ndcg_at_10": {name: _interval(values) for name, values in fixed.items()},
        "after_likes": {n: _figures(found, fixed) for n, found in after.items()},
    }


def _figures(found: dict[str, Numbers], fixed: dict[str, Numbers]) -> dict[str, Any]:
    """Return the figures after some likes, and what is gained over each way that knows none."""
    over = (("style", "none"), ("style", "popularity"), ("fit_and_style", "fit"))
    gained = {f"{ours}_over_{other}": found[ours] - fixed[other] for ours, other in over}
    return {name: _interval(values) for name, values in (found | gained).items()}


def _after(
    shop: SimulatedShop,
    liked: NDArray[np.int64],
    fit: NDArray[np.float32],
    tastes: Numbers,
    pools: Sequence[Sequence[NDArray[np.int64]]],
) -> dict[str, Numbers]:
    """Return (people,) figures of the style of those who liked these (people, n) rows."""
    usual = CatalogueAverages.of(shop.items, shop.vectors_unit)
    styles = [_style(shop, usual, rows) for rows in liked]
    equal = np.full(fit.shape, 0.5, np.float32)

    def moved(scores: NDArray[np.float32]) -> NDArray[np.float32]:
        pairs = zip(scores, styles, strict=True)
        return np.stack([style.rerank(s, shop.items, shop.vectors_unit, t) for s, t in pairs])

    mixed = moved(fit)
    return {
        "style": _ndcgs(moved(equal), tastes, pools),
        "fit_and_style": _ndcgs(mixed, tastes, pools),
        "fit_kept": np.array([_kept(*each) for each in zip(mixed, fit, pools, strict=True)]),
    }


def _style(shop: SimulatedShop, usual: CatalogueAverages, liked: NDArray[np.int64]) -> style.Style:
    parts = [Feedback(Verdict.LIKE, (shop.items[row].sku,), NOW) for row in liked]
    items = {shop.items[row].sku: shop.items[row] for row in liked}
    vectors = {shop.items[row].sku: shop.vectors_unit[row] for row in liked}
    return style.learn(parts, items, vectors, usual, NOW)


def _fits(shop: SimulatedShop, worn: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return (people, n) how well all items go with the one that each wears, by the plain rule."""
    outfits = [Outfit.of_item(shop.items[row], shop.vectors_unit[row]) for row in worn]
    rule = SimilarityAndColour()
    return np.stack([rule.score(each, shop.items, shop.vectors_unit) for each in outfits])


def _kept(
    moved: NDArray[np.float32], fit: NDArray[np.float32], pools: Sequence[NDArray[np.int64]]
) -> float:
    shares = [
        fit[pool[np.argsort(-moved[pool], kind="stable")[:K]]].mean()
        / np.sort(fit[pool])[-K:].mean()
        for pool in pools
    ]
    return float(np.mean(shares))


def _ndcgs(
    scores: NDArray[Any], tastes: Numbers, pools: Sequence[Sequence[NDArray[np.int64]]]
) -> Numbers:
    """Return (people,) mean nDCG@10 over the slots; tied items share what their places give."""
    return np.array(
        [
            np.mean([_ndcg(scores[person, pool], tastes[person, pool]) for pool in own])
            for person, own in enumerate(pools)
        ]
    )


def _ndcg(scores: NDArray[Any], taste: Numbers) -> float:
    result = torch.as_tensor(np.asarray(scores, np.float64))
    return float(retrieval_normalized_dcg(result, torch.as_tensor(relevance(taste)), top_k=K))


def _interval(values: NDArray[np.float64]) -> dict[str, float]:
    """Return the mean over people and its 95 % bootstrap interval."""
    mean = float(values.mean())
    if np.ptp(values) == 0:
        return {"mean": round(mean, 4), "low": round(mean, 4), "high": round(mean, 4)}
    drawn = bootstrap((values,), np.mean, method="percentile", n_resamples=2000, rng=0)
    low, high = drawn.confidence_interval
    return {"mean": round(mean, 4), "low": round(float(low), 4), "high": round(float(high), 4)}
