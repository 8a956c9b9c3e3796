"""Which colours go together: a documented rule on the hue circle of CIELAB, no more than that.

Two colours, by their palette names, are related in one of seven ways:

    same            one name
    neutral         one of them is a neutral: of little chroma, or worn like one (navy, denim,
                    earth tones)
    analogous       hues at most 50 degrees apart
    complementary   hues at least 120 degrees apart, across the circle
    contrasting     hues between, one of them soft (chroma below 30)
    clashing        hues between, both of them strong
    unknown         a name that the palette lacks

The scores of the relations are our own choice, made once and not fitted to anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Final

import numpy as np

from segmentation.common.colours import PALETTE, lab_of

NEUTRAL_CHROMA: Final = 18.0
WORN_AS_NEUTRAL: Final = frozenset(
    {"navy", "denim blue", "camel", "tan", "brown", "khaki", "beige", "cream", "olive"}
)
SOFT_CHROMA: Final = 30.0
ANALOGOUS_DEGREES: Final = 50.0
COMPLEMENTARY_DEGREES: Final = 120.0


class Relation(StrEnum):
    """How two colours stand to each other."""

    SAME = "same"
    NEUTRAL = "neutral"
    ANALOGOUS = "analogous"
    COMPLEMENTARY = "complementary"
    CONTRASTING = "contrasting"
    CLASHING = "clashing"
    UNKNOWN = "unknown"


SCORE_OF: Final[dict[Relation, float]] = {
    Relation.ANALOGOUS: 0.9,
    Relation.NEUTRAL: 0.85,
    Relation.SAME: 0.8,
    Relation.COMPLEMENTARY: 0.7,
    Relation.CONTRASTING: 0.5,
    Relation.UNKNOWN: 0.5,
    Relation.CLASHING: 0.2,
}
"""Relation -> how well it goes, 0 to 1."""


@cache
def relation(one: str, other: str) -> Relation:
    """Return how two palette names are related.

    >>> [relation("red", other).value for other in ("navy", "coral", "green", "blue")]
    ['neutral', 'analogous', 'complementary', 'clashing']
    """
    if one not in PALETTE or other not in PALETTE:
        return Relation.UNKNOWN
    if one == other:
        return Relation.SAME
    if is_neutral(one) or is_neutral(other):
        return Relation.NEUTRAL
    apart = abs(_hue(one) - _hue(other))
    apart = min(apart, 360.0 - apart)
    if apart <= ANALOGOUS_DEGREES:
        return Relation.ANALOGOUS
    if apart >= COMPLEMENTARY_DEGREES:
        return Relation.COMPLEMENTARY
    soft = min(_chroma(one), _chroma(other)) < SOFT_CHROMA
    return Relation.CONTRASTING if soft else Relation.CLASHING


def is_neutral(name: str) -> bool:
    """Return whether a palette name goes with all.

    >>> is_neutral("charcoal"), is_neutral("navy"), is_neutral("magenta")
    (True, True, False)
    """
    return name in WORN_AS_NEUTRAL or _chroma(name) < NEUTRAL_CHROMA


def coherence(colour: str, worn: Sequence[str]) -> float:
    """Return how well a colour goes with all that is worn, 0 to 1; 0.5 where nothing is known.

    The mean of the average and the worst pair: one clash is seen among many that go well.

    >>> coherence("navy", ["red", "white"]), coherence("navy", []), coherence("", ["red"])
    (0.85, 0.5, 0.5)
    """
    scores = [SCORE_OF[relation(colour, other)] for other in worn]
    return (sum(scores) / len(scores) + min(scores)) / 2 if scores else 0.5


@cache
def _lch(name: str) -> tuple[float, float]:
    rgb = np.array([PALETTE[name]], dtype=np.uint8)
    _, a, b = (float(value) for value in lab_of(rgb)[0])
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360.0


def _chroma(name: str) -> float:
    return _lch(name)[0] if name in PALETTE else math.inf


def _hue(name: str) -> float:
    return _lch(name)[1]
