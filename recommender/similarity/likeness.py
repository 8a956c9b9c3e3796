"""What tells items like an item from others that are as near to it: finer kinds, colours, for a child or not.

The cosine of two vectors says roughly how alike two pictures are: a wool coat and a ski jacket are about as near to a
coat. The facts' network, which learned what things are called, tells them apart. Its answers are compared softly, by
their shares, sure or not. How much each counts was chosen by eye on street photos, and what it brings was
judged on others: see docs/encoder.md. For garments in photos it brought nothing and is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.facts.heads import FactHeads, shares_of
from index.facts.reader import AUDIENCE, FINE_KIND, allowed_kinds
from index.model.garment_facts import Audience
from index.model.items import CatalogItem
from recommender.outfits.outfit import colours_of
from recommender.outfits.row_memory import RowMemory
from segmentation.common.colours import PALETTE, lab_of
from segmentation.common.taxonomy import Category

FINER_KIND: Final = 0.4
"""How much of a cosine an item of quite another finer kind loses."""
CHILDS: Final = 0.2
"""How much a child's thing loses where none is asked about, and a grown person's where one is."""
COLOUR: Final = 0.1
"""How much an item of the least like colour loses."""
FAR: Final = 25.0
"""The distance in CIELAB at which two colours are alike by 1 / e."""
UNKNOWN: Final = 0.5
"""How alike two colours are of which one is not known."""
_LAB: Final = lab_of(np.array(list(PALETTE.values()), np.uint8))
_ALIKE: Final = np.exp(-np.linalg.norm(_LAB[:, None] - _LAB[None], axis=2) / FAR)
_PLACES: Final = {name: place for place, name in enumerate(PALETTE)}


@dataclass(frozen=True, eq=False)
class Likeness:
    """What is asked about, as the facts' network sees it.

    Attributes:
        heads: the network.
        kind_roots: (answers,) float32, the square roots of its shares of finer kinds.
        childs: the share that it is a child's, 0 to 1.
        colour: its main colour, a name of the palette; another text where it is not known.
    """

    heads: FactHeads
    kind_roots: NDArray[np.float32]
    childs: float
    colour: str = ""

    @classmethod
    def of(
        cls,
        heads: FactHeads | None,
        vector_unit: NDArray[np.float32],
        kind: Category,
        colour: str,
    ) -> Self | None:
        """Return what tells items like a garment from others; None where there is no network for it.

        Args:
            heads: the facts' network for the encoder.
            vector_unit: (d,) float32, the garment's.
            kind: the garment's.
            colour: its main colour.
        """
        if heads is None or FINE_KIND not in heads.header.families:
            return None
        [(roots, childs)] = _read(heads, vector_unit[np.newaxis], [kind])
        return cls(heads, roots, childs, colour)

    def differences(
        self, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (m,) float32, 0 to 0.7: how much less alike items are than their vectors say.

        Args:
            items: m items.
            vectors_unit: (m, d) float32 unit rows, theirs.
        """
        if not items:
            return np.zeros(0, np.float32)
        kinds = [item.category for item in items]
        read = _memory(self.heads).of(
            vectors_unit,
            kinds,
            lambda missing: _read(self.heads, vectors_unit[missing], [kinds[at] for at in missing]),
        )
        # the Bhattacharyya coefficient of both answers: 1 where they are the same
        same_kind = np.stack([roots for roots, _ in read]) @ self.kind_roots
        otherwise = np.abs(np.array([share for _, share in read], np.float32) - self.childs)
        alike = np.array([_alike(self.colour, item) for item in items], np.float32)
        lost = FINER_KIND * (1 - same_kind) + CHILDS * otherwise + COLOUR * (1 - alike)
        return np.asarray(lost.clip(min=0), np.float32)


@lru_cache(maxsize=2)
def _memory(heads: FactHeads) -> RowMemory[tuple[NDArray[np.float32], float]]:  # noqa: ARG001  # those of other heads differ
    return RowMemory()


def _read(
    heads: FactHeads, vectors_unit: NDArray[np.float32], kinds: Sequence[Category]
) -> list[tuple[NDArray[np.float32], float]]:
    """Return of each garment the roots of its shares of finer kinds, and the share that it is a child's."""
    logits, families = heads.logits(vectors_unit), heads.header.families
    finer = families[FINE_KIND]
    shares = shares_of(finer, logits[FINE_KIND], allowed_kinds(finer.answers, kinds))
    roots = np.sqrt(shares).astype(np.float32)
    childs = np.zeros(len(kinds), np.float32)
    audience = families.get(AUDIENCE)
    if audience is not None and Audience.KIDS in audience.answers:
        column = audience.answers.index(Audience.KIDS)
        childs = shares_of(audience, logits[AUDIENCE])[:, column]
    return [(row.copy(), float(share)) for row, share in zip(roots, childs, strict=True)]


def _alike(colour: str, item: CatalogItem) -> float:
    """Return how alike a colour and an item's main colour are, 0 to 1."""
    one, other = _PLACES.get(colour), _PLACES.get((*colours_of(item), "")[0])
    return UNKNOWN if one is None or other is None else float(_ALIKE[one, other])
