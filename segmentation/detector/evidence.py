"""Whether a picture shows clothes at all: a phone, a wall or noise is not asked what it wears.

A detector that learned from photos of clothes finds some everywhere. Where there are some, it is sure of
one, or finds several, and has few faint guesses for each sure one; elsewhere it is the other way round.
Three numbers tell the two apart; how they are weighed is fitted to the weights that gave them:
`segmentation.training.measuring.evidence`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from segmentation.detector.detections import Detections

LEAST: Final = 0.03
"""Probability of clothes below which nothing is reported. So low that torso crops pass (92 of 95 that were kept from
training; 82 at 0.15): what passes wrongly meets `index.encoders.clothes`."""


def measures(found: Detections, numbers: Sequence[int]) -> dict[str, float]:
    """Return what speaks for and against clothes in a picture.

    `best` is the highest score of what would be reported, `reported` and `guesses` are the logarithms of
    how many detections that is, and of how many there are at all.

    Args:
        found: all detections of a picture.
        numbers: of those that would be reported; at least one.
    """
    return {
        "best": max(float(found.scores[number]) for number in numbers),
        "reported": math.log(len(numbers)),
        "guesses": math.log(len(found.labels)),
    }


def probability(weights: Mapping[str, float], measured: Mapping[str, float]) -> float:
    """Return the probability that a picture shows clothes; 1 where the weights were never fitted.

    >>> probability({}, {"best": 0.5})
    1.0
    >>> probability({"best": 2.0, "constant": -1.0}, {"best": 0.5})
    0.5
    """
    if not weights:
        return 1.0
    total = sum(weight * measured.get(name, 1.0) for name, weight in weights.items())
    return 1 / (1 + math.exp(-total))


def shows_clothes(weights: Mapping[str, float], found: Detections, numbers: Sequence[int]) -> bool:
    """Whether what would be reported of a picture is worth reporting: see `LEAST`."""
    return bool(numbers) and probability(weights, measures(found, numbers)) >= LEAST
