"""What is asked of a catalogue's vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.model.filters import NO_FILTERS, Filters


@dataclass(frozen=True, eq=False)
class Question:
    """The `k` items nearest to a vector, among those that pass.

    Attributes:
        vector_unit: (dim,) float32, of length 1.
        k: how many, 1 or more.
        filters: which items may answer.
    """

    vector_unit: NDArray[np.float32]
    k: int
    filters: Filters = NO_FILTERS

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError(f"k: got {self.k}; expected 1 or more")


@dataclass(frozen=True, eq=False)
class FieldQuestion:
    """Several questions that share their answers' places.

    Attributes:
        vectors_unit: (q, dim) float32 unit rows.
        filters: which items may answer each of them; each filter names one kind.
        places: how many items are wanted in all.
    """

    vectors_unit: NDArray[np.float32]
    filters: tuple[Filters, ...]
    places: int


def shared(places: int, counts: Sequence[int]) -> list[int]:
    """Return how many places each of some lists gets: equally many, or all that it has.

    >>> shared(200, [1000, 30, 0, 500])
    [85, 30, 0, 85]
    """
    given = [0] * len(counts)
    order = sorted(range(len(counts)), key=lambda at: (counts[at], at))
    for number, at in enumerate(order):
        given[at] = min(counts[at], places // (len(order) - number))
        places -= given[at]
    return given
