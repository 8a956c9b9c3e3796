"""Outfit + candidate items -> how well each completes it: the seam, and the first scorer.

`SimilarityAndColour` is a rule, not a trained model, and no claim about people's taste is made
for it. A learned model takes its place behind the same protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from index.model.fields import FieldMaker
from index.model.items import CatalogItem
from recommender.outfits import harmony
from recommender.outfits.outfit import Outfit, colours_of
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category

STYLE_SHARE: Final = 0.6
"""How much of the rule's score is similarity; colour coherence has the rest."""


class Scorer(Protocol):
    """What says how well items complete an outfit."""

    @property
    def name(self) -> str:
        """What it is, for `recommender doctor` and model cards."""

    @property
    def least(self) -> float:
        """The score below which an item does not fit, 0 to 1; 0 where nothing calibrated one."""

    def score(
        self,
        outfit: Outfit,
        items: Sequence[CatalogItem],
        vectors_unit: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Return (m,) float32 scores, 0 to 1; comparable among items of one slot only.

        Args:
            outfit: what is worn, at least one garment.
            items: m candidates.
            vectors_unit: (m, d) float32 unit rows of the candidates, by the outfit's encoder.
        """

    @property
    def field(self) -> FieldMaker | None:
        """What makes the index's second vectors that `asks` asks; None where it asks none."""

    def asks(self, outfit: Outfit, kinds: Sequence[Category]) -> NDArray[np.float32] | None:
        """Return (k, field.dim) float32 unit rows: for each kind, what its items fit the better the nearer.

        None where there is no field. Cosines are comparable within a kind only.

        Args:
            outfit: what is worn, at least one garment.
            kinds: k wanted kinds.
        """

    def pairs(
        self, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (m, m) float32, 0 to 1, symmetric: how well items go beside each other.

        Args:
            items: m items, of any slots.
            vectors_unit: (m, d) float32 unit rows of the items, by the outfit's encoder.
        """


class SimilarityAndColour:
    """A heuristic: the encoder's similarity to what is worn, and colours that go together.

    score = 0.6 * style + 0.4 * colour, where style is the mean cosine to the garments worn, cut
    to 0..1, and colour is `harmony.coherence`. Two items go beside each other as well as their
    main colours do. Nothing in it was learned from outfits.
    """

    name = "similarity and colour rule (heuristic, not trained)"
    least = 0.0  # calibrated by nothing
    field: FieldMaker | None = None

    def asks(self, outfit: Outfit, kinds: Sequence[Category]) -> None:  # noqa: ARG002
        """Return None: similar items come first by the rule as well. See `Scorer.asks`."""
        return

    def score(
        self,
        outfit: Outfit,
        items: Sequence[CatalogItem],
        vectors_unit: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Return (m,) float32 scores, 0 to 1. See `Scorer.score`."""
        cosines = vectors_unit @ outfit.vectors_unit.T
        style = np.clip(cosines.mean(axis=1), 0.0, 1.0)
        worn = [names[0] for names in outfit.colours if names]
        named = [colours_of(item)[:1] for item in items]
        known = {names: _coherence(names, worn) for names in set(named)}  # few colours, many items
        colour = np.array([known[names] for names in named], dtype=np.float32)
        mixed = STYLE_SHARE * style + (1 - STYLE_SHARE) * colour
        return np.asarray(np.clip(mixed, 0.0, 1.0), dtype=np.float32)

    def pairs(
        self,
        items: Sequence[CatalogItem],
        vectors_unit: NDArray[np.float32],  # noqa: ARG002  # of the seam; colours alone decide
    ) -> NDArray[np.float32]:
        """Return (m, m) float32, 0 to 1, symmetric; 0.5 of unknown colours. See `Scorer.pairs`."""
        shades = [(*colours_of(item), "")[0] for item in items]
        names = ["", *(name for name in dict.fromkeys(shades) if name in PALETTE)]  # few
        table = np.array(
            [[harmony.coherence(one, [other]) for other in names] for one in names], np.float32
        )
        numbers = np.array([names.index(s) if s in names else 0 for s in shades], np.intp)
        return table[numbers[:, None], numbers]


def _coherence(names: Sequence[str], worn: Sequence[str]) -> float:
    return harmony.coherence(names[0] if names else "", worn)
