"""Why a style is as it is: what pulls, what is liked most, which prices. Worked out, never stated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np

from recommender.outfits.outfit import colours_of
from recommender.people.style import Pull, Style
from segmentation.common.taxonomy import Category, Slot

T = TypeVar("T")


@dataclass(frozen=True)
class PriceRange:
    """What a person would pay for a kind, in a currency: a spread below and above the liked level."""

    category: Category
    currency: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Believed:
    """What a style believes of one slot.

    Attributes:
        sureness: how much of the bound it may use, 0 to 1.
        pulls: the slot's own items, the strongest first.
    """

    sureness: float
    pulls: tuple[Pull, ...]


@dataclass(frozen=True)
class Explanation:
    """Why a style is as it is.

    Attributes:
        feedback_count: how many feedbacks there are.
        slots: each slot with feedback.
        colours: main colours of liked items -> sum of their weights, the most liked first.
        kinds: kinds of liked items, likewise.
        prices: for every kind that is liked.
        missing: skus with feedback that are in the catalogue no longer.
    """

    feedback_count: int
    slots: Mapping[Slot, Believed]
    colours: Mapping[str, float]
    kinds: Mapping[Category, float]
    prices: tuple[PriceRange, ...]
    missing: tuple[str, ...]


def explain(style: Style) -> Explanation:
    """Return why a style is as it is, worked out from the same numbers that rank."""
    by_slot: dict[Slot, list[Pull]] = {}
    for pull in style.pulls:
        by_slot.setdefault(pull.item.slot, []).append(pull)
    liked = [pull for pull in style.pulls if pull.weight > 0]
    coloured = [(colours_of(pull.item)[:1], pull.weight) for pull in liked]
    kinds = _sums([(pull.item.category, pull.weight) for pull in liked])
    return Explanation(
        feedback_count=style.feedback_count,
        slots={s: Believed(style.sureness(s), tuple(pulls)) for s, pulls in by_slot.items()},
        colours=_sums([(names[0], weight) for names, weight in coloured if names]),
        kinds=kinds,
        prices=_ranges(style, kinds),
        missing=style.missing,
    )


def _sums(weighted: Iterable[tuple[T, float]]) -> dict[T, float]:
    """Return the sum of the weights of each thing, the largest first."""
    sums: dict[T, float] = {}
    for thing, weight in weighted:
        sums[thing] = sums.get(thing, 0.0) + weight
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], str(pair[0]))))


def _ranges(style: Style, kinds: Iterable[Category]) -> tuple[PriceRange, ...]:
    prices = style.prices
    if prices is None:
        return ()
    wanted = set(kinds)
    found = []
    for (kind, currency), usual in sorted(style.usual.prices.items()):
        if kind in wanted:
            low, high = (
                usual.mean + usual.spread * (prices.level + side * prices.spread)
                for side in (-1.0, 1.0)
            )
            found.append(PriceRange(kind, currency, _money(low), _money(high)))
    return tuple(found)


def _money(logarithm: float) -> Decimal:
    return Decimal(float(np.exp(logarithm))).quantize(Decimal("0.01"))
