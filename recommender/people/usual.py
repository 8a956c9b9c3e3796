"""What is usual in a catalogue: the middle of each slot's vectors, and each kind's prices. Pure.

How dear an item is counts in its kind's own spreads, so that socks speak of coats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from segmentation.common.taxonomy import Category, Slot

LEAST_SPREAD: Final = 0.2
"""Of the logarithms of a kind's prices: where all cost nearly the same, small steps mean little."""


@dataclass(frozen=True)
class PriceSpread:
    """A kind's prices in one currency: mean and spread of their natural logarithms."""

    mean: float
    spread: float


@dataclass(frozen=True)
class Prices:
    """How dear what someone likes is for its kind: mean and spread, in the kind's spreads."""

    level: float
    spread: float

    @classmethod
    def of(cls, liked: Sequence[tuple[float | None, float]]) -> Prices | None:
        """Return the prices of liked items, each (dearness, weight); None where none is known."""
        known = np.array([(dear, weight) for dear, weight in liked if dear is not None])
        if not len(known):
            return None
        dear, weights = known.T
        level = float(np.average(dear, weights=weights))
        # one fresh like's worth of the kind's own spread: a single price is no narrow range
        squares = 1.0 + float(weights @ (dear - level) ** 2)
        return cls(level, float(np.sqrt(squares / (1.0 + weights.sum()))))

    def liking(self, dear: float) -> float:
        """Return how near a dearness is to what is liked: 1 at its mean, towards -1 far away."""
        return float(2.0 * np.exp(-(((dear - self.level) / self.spread) ** 2) / 2.0) - 1.0)


@dataclass(frozen=True, eq=False)
class CatalogueAverages:
    """What a catalogue's items are like; empty where nothing is known of it.

    Attributes:
        vectors: slot -> (d,) mean of its items' unit vectors.
        prices: kind and currency -> its prices.
    """

    vectors: Mapping[Slot, NDArray[np.float32]] = field(default_factory=dict)
    prices: Mapping[tuple[Category, str], PriceSpread] = field(default_factory=dict)

    @classmethod
    def of(
        cls, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32] | None = None
    ) -> CatalogueAverages:
        """Return what is usual among items, given with or without their (n, d) unit rows."""
        prices: dict[tuple[Category, str], list[float]] = defaultdict(list)
        rows: dict[Slot, list[int]] = defaultdict(list)
        for row, item in enumerate(items):
            rows[item.slot].append(row)
            if item.asking_price:
                prices[item.category, item.currency].append(float(np.log(float(item.asking_price))))
        means = (
            {} if vectors_unit is None else {s: vectors_unit[r].mean(0) for s, r in rows.items()}
        )
        return cls(
            means,
            {k: PriceSpread(float(np.mean(p)), _spread(p)) for k, p in prices.items()},
        )

    def unlike(self, slot: Slot, vectors_unit: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (..., d) vectors without what is usual in a slot."""
        usual = self.vectors.get(slot)
        return vectors_unit if usual is None else vectors_unit - usual

    def dearness(self, item: CatalogItem) -> float | None:
        """Return how far an item's price is above its kind's mean, in spreads; None if unknown."""
        usual = self.prices.get((item.category, item.currency))
        if usual is None or not item.asking_price:
            return None
        return (float(np.log(float(item.asking_price))) - usual.mean) / usual.spread


def _spread(logarithms: Sequence[float]) -> float:
    # below three prices a spread says nothing: half as dear again is then one spread
    found = float(np.std(logarithms)) if len(logarithms) > 2 else 0.4
    return max(found, LEAST_SPREAD)
