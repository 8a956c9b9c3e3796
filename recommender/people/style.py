"""A person's style from their feedback, and scores moved a little towards it. Pure.

What is usual in a slot is taken off every vector first: what remains says how an item differs from
others of its slot, and that a like of red shoes can speak for a red bag. Likes pull along it,
dislikes push, each with what time has left of it; every slot has its own vector. Prices count by
how dear an item is for its kind. Nothing else about a person is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.people.feedback import Feedback, weigh
from recommender.people.usual import CatalogueAverages, Prices
from segmentation.common.taxonomy import Slot

BOUND: Final = 0.3
"""No score is moved by more, however sure the style is."""
SURE: Final = 2.0
"""So many fresh likes in a slot move its scores by half the bound."""
ELSEWHERE: Final = 0.5
"""Feedback on an item counts so much in the other slots."""
PRICE_SHARE: Final = 0.2
"""How much of taste is the price; the vector has the rest."""
TWIN: Final = 0.97
"""Items with a higher cosine to a disliked one sink with it."""
SUNK: Final = 0.5
"""What is left of a twin's score."""


@dataclass(frozen=True)
class Pull:
    """An item with feedback, and what is left of it, -0.5 to 1."""

    item: CatalogItem
    weight: float


@dataclass(frozen=True, eq=False)
class Style:
    """What is known of a person's taste; empty without feedback.

    Attributes:
        feedback_count: how many feedbacks there are.
        pulls: the items that are still in the catalogue, the strongest first.
        missing: skus with feedback that are in the catalogue no longer.
        vectors: slot -> (d,) sum of what its items pull; not of unit length.
        avoided_unit: (m, d) unit rows of disliked items.
        prices: None where no liked item has a price.
        usual: what the catalogue's items are like.
    """

    feedback_count: int = 0
    pulls: tuple[Pull, ...] = ()
    missing: tuple[str, ...] = ()
    vectors: Mapping[Slot, NDArray[np.float32]] = field(default_factory=dict)
    avoided_unit: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    prices: Prices | None = None
    usual: CatalogueAverages = field(default_factory=CatalogueAverages)

    @property
    def disliked(self) -> frozenset[str]:
        """The skus that should not be proposed."""
        return frozenset(pull.item.sku for pull in self.pulls if pull.weight < 0)

    def sureness(self, slot: Slot) -> float:
        """Return how sure the style is of a slot, 0 to 1: with n fresh likes in it, n / (n + 2)."""
        count = sum(
            abs(pull.weight) * (1.0 if pull.item.slot is slot else ELSEWHERE) for pull in self.pulls
        )
        return count / (count + SURE)


def learn(
    feedback: Sequence[Feedback],
    items: Mapping[str, CatalogItem],
    vectors_unit: Mapping[str, NDArray[np.float32]],
    usual: CatalogueAverages,
    at: datetime,
) -> Style:
    """Return the style that follows from feedback.

    Args:
        feedback: oldest first.
        items: sku -> item, of those that are in the catalogue.
        vectors_unit: sku -> (d,) unit vector, of those that have one; the others do not pull.
        usual: what the catalogue's items are like.
        at: now, with its zone.
    """
    weights = weigh(feedback, at)
    pulls = [Pull(items[sku], weight) for sku, weight in weights.items() if sku in items]
    vectors: dict[Slot, NDArray[np.float32]] = {}
    for pull in pulls:
        slot, sku = pull.item.slot, pull.item.sku
        if sku in vectors_unit:
            pulled = np.float32(pull.weight) * usual.unlike(slot, vectors_unit[sku])
            vectors[slot] = vectors[slot] + pulled if slot in vectors else pulled
    avoided = [p.item.sku for p in pulls if p.weight < 0 and p.item.sku in vectors_unit]
    return Style(
        feedback_count=len(feedback),
        pulls=tuple(sorted(pulls, key=lambda pull: (-abs(pull.weight), pull.item.sku))),
        missing=tuple(sku for sku in weights if sku not in items),
        vectors=vectors,
        avoided_unit=np.array([vectors_unit[sku] for sku in avoided], np.float32),
        prices=Prices.of([(usual.dearness(p.item), p.weight) for p in pulls if p.weight > 0]),
        usual=usual,
    )


def rerank(
    scores: NDArray[np.float32],
    items: Sequence[CatalogItem],
    vectors_unit: NDArray[np.float32],
    style: Style,
    *,
    cutoff: float = 0.0,
) -> NDArray[np.float32]:
    """Return (m,) scores, 0 to 1, moved towards a style; unchanged without feedback.

    On its side of the cut-off, a score is mixed with the taste for the item: at most `BOUND` of
    it, by how sure the style is of the slot. So nothing is lifted over the cut-off or pushed below
    it. A disliked item scores 0; one that looks just like it keeps half, and may fall below.

    Args:
        scores: (m,) how well the items complete the outfit, 0 to 1.
        items: the m items.
        vectors_unit: (m, d) their unit rows.
        style: whose taste.
        cutoff: below it, an item does not fit; 0 to 1.
    """
    if not style.pulls:
        return scores
    share = np.array([BOUND * style.sureness(item.slot) for item in items])
    liking = (1.0 + taste(items, vectors_unit, style)) / 2.0
    fits = scores >= np.float32(cutoff)
    low, high = np.where(fits, cutoff, 0.0), np.where(fits, 1.0, cutoff)
    moved = (1.0 - share) * scores + share * (low + (high - low) * liking)
    under = np.nextafter(np.float32(cutoff), np.float32(0.0))
    moved = np.where(fits, np.maximum(moved, cutoff), np.minimum(moved, under))
    return np.asarray(moved * _left(items, vectors_unit, style), dtype=np.float32)


def taste(
    items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32], style: Style
) -> NDArray[np.float64]:
    """Return (m,) how much a person would like items, -1 to 1; 0 where nothing is known.

    The cosine between what is unusual of an item and what is liked in its slot, and how near its
    price is to those liked.
    """
    found = np.zeros(len(items))
    for slot in {item.slot for item in items}:
        rows = [row for row, item in enumerate(items) if item.slot is slot]
        wanted = _wanted(style, slot)
        if wanted is not None:
            unlike = style.usual.unlike(slot, vectors_unit[rows])
            length = np.linalg.norm(unlike, axis=1) * np.linalg.norm(wanted)
            found[rows] = unlike @ wanted / np.maximum(length, 1e-9)
    for row, item in enumerate(items):
        dear = style.usual.dearness(item)
        if style.prices is not None and dear is not None:
            found[row] += PRICE_SHARE * (style.prices.liking(dear) - found[row])
    return np.clip(found, -1.0, 1.0)


def _wanted(style: Style, slot: Slot) -> NDArray[np.float32] | None:
    """Return the (d,) direction that is liked in a slot: its own vector, and a little of the others."""
    parts = [v * (1.0 if at is slot else ELSEWHERE) for at, v in style.vectors.items()]
    return np.sum(parts, axis=0, dtype=np.float32) if parts else None


def _left(
    items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32], style: Style
) -> NDArray[np.float64]:
    """Return (m,) what is left of each score for dislikes: all, `SUNK` or nothing."""
    left = np.ones(len(items))
    if style.avoided_unit.size:
        left[(vectors_unit @ style.avoided_unit.T).max(axis=1) > TWIN] = SUNK
    liked = {pull.item.sku for pull in style.pulls if pull.weight > 0}
    left[[row for row, item in enumerate(items) if item.sku in liked]] = 1.0
    left[[row for row, item in enumerate(items) if item.sku in style.disliked]] = 0.0
    return left
