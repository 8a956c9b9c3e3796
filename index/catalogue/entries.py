"""One item on its way into the catalogue, with its pictures and their vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.catalogue.records import Picture
from index.model.items import CatalogItem


@dataclass(frozen=True, eq=False)
class Vector:
    """A (d,) float32 unit vector and the encoder that made it."""

    unit: NDArray[np.float32]
    fingerprint: str


@dataclass(frozen=True, eq=False)
class View:
    """A further picture of an item. For its vector, see `Entry`."""

    picture: Picture
    vector: Vector | None = None


@dataclass(frozen=True, eq=False)
class Entry:
    """One item to write, as its feed gave it.

    A picture that comes without a vector keeps the one it has at its position, as long as that was
    made of the same picture and category; else it waits for the encoder.

    Attributes:
        item: as its feed gave it.
        picture: the main picture.
        vector: what an encoder makes of it.
        more: its further pictures in order; None where those it has stay.
        stored: as the catalogue holds it now, where it was read from there.
        due: positions of pictures that an encoder has yet to see, where one was asked about; the
            main picture's is 0.
    """

    item: CatalogItem
    picture: Picture
    vector: Vector | None = None
    more: tuple[View, ...] | None = None
    due: tuple[int, ...] = ()
    stored: CatalogItem | None = None

    @property
    def views(self) -> tuple[View, ...]:
        """All pictures that come with it, by position."""
        return (View(self.picture, self.vector), *(self.more or ()))
