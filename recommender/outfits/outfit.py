"""What a person wears, as scoring and explaining see it: one row for each garment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.model.garment_facts import UNKNOWN, GarmentFacts
from index.model.items import CatalogItem
from segmentation.common.garments import Garments
from segmentation.common.taxonomy import Category


@dataclass(frozen=True, eq=False)
class Outfit:
    """The garments worn, aligned.

    Attributes:
        vectors_unit: (n, d) float32 unit rows.
        categories: n kinds.
        colours: n tuples of one or two palette names, main colour first; empty where unknown.
        patterns: n patterns by `index.model.patterns`' names, empty where unknown; all are where not given.
        facts: n facts; all are unknown where not given.
        whose: how a reason speaks of them: `your` for a photo, `the` for a catalogue item.
    """

    vectors_unit: NDArray[np.float32]
    categories: tuple[Category, ...]
    colours: tuple[tuple[str, ...], ...]
    whose: str = "your"
    patterns: tuple[str, ...] = ()
    facts: tuple[GarmentFacts, ...] = ()

    def __post_init__(self) -> None:
        rows = len(self.vectors_unit)
        if not self.patterns:
            object.__setattr__(self, "patterns", ("",) * rows)
        if not self.facts:
            object.__setattr__(self, "facts", (UNKNOWN,) * rows)
        aligned = rows == len(self.categories) == len(self.colours) == len(self.patterns)
        aligned = aligned and rows == len(self.facts)
        if self.vectors_unit.ndim != 2 or not aligned:
            raise ValueError(
                f"outfit: got vectors {self.vectors_unit.shape}, {len(self.categories)} categories, "
                f"{len(self.colours)} colours, {len(self.patterns)} patterns, {len(self.facts)} facts; "
                "expected as many rows of each"
            )

    def __len__(self) -> int:
        return len(self.categories)

    @classmethod
    def of_garments(
        cls,
        garments: Garments,
        vectors_unit: NDArray[np.float32],
        facts: tuple[GarmentFacts, ...] = (),
    ) -> Outfit:
        """Return a photo's garments with their (n, d) vectors and what is known of them."""
        colours = tuple(
            colour_names(
                (garment.attributes.get("colour", ""), garment.attributes.get("second_colour", ""))
            )
            for garment in garments
        )
        patterns = tuple(garment.attributes.get("pattern", "") for garment in garments)
        kinds = tuple(garment.category for garment in garments)
        return cls(vectors_unit, kinds, colours, patterns=patterns, facts=facts)

    @classmethod
    def of_item(cls, item: CatalogItem, vector_unit: NDArray[np.float32]) -> Outfit:
        """Return an outfit of one catalogue item with its (d,) vector."""
        return cls(
            vector_unit[None],
            (item.category,),
            (colours_of(item),),
            "the",
            (item.pattern,),
            (item.facts,),
        )


def colours_of(item: CatalogItem) -> tuple[str, ...]:
    """Return an item's colours as its shop or its picture names them, main colour first."""
    return colour_names((item.colour, item.second_colour))


def colour_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return names without case and empty ones.

    >>> colour_names(("Navy ", ""))
    ('navy',)
    """
    return tuple(name.strip().lower() for name in names if name.strip())
