"""What is asked of a catalogue's vectors."""

from __future__ import annotations

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
