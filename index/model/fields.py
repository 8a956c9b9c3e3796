"""Fields: second vectors of the same items, for questions that are not about looking alike.

A field is published, checked and opened together with the encoder's vectors. What makes its rows is
given by whoever asks: this room knows only that something does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from segmentation.common.taxonomy import Category


class Traits(NamedTuple):
    """What the database says of an item, beside its vector, that a field's row may follow from."""

    category: Category
    colour: str
    second_colour: str
    pattern: str


class FieldMaker(Protocol):
    """What makes a field's rows."""

    @property
    def name(self) -> str:
        """What the field is called; it names a folder."""

    @property
    def dim(self) -> int:
        """Length of a row."""

    @property
    def fingerprint(self) -> str:
        """Of all that a row follows from beside `Traits` and the vector: encoder and weights."""

    def rows(
        self, traits: Sequence[Traits], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows of n items with their encoder's (n, d) unit rows."""
