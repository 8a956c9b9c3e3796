"""The trained scorer: how well an item completes an outfit, as a share of what people wore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from index.model.items import CatalogItem
from recommender.compatibility.field import CompatibilityField
from recommender.compatibility.network import GarmentTensors
from recommender.compatibility.rows import KINDS, kinds_of, rows_of
from recommender.compatibility.saved import Saved
from recommender.outfits.outfit import Outfit, colours_of
from recommender.outfits.row_memory import RowMemory
from segmentation.common.taxonomy import Category

FEW: Final = 8
"""Of a kind with fewer references than this, all kinds' references are taken."""
SMOOTH: Final = 0.15
"""How sharply a reference counts as worse, as a share of the references' spread."""


class Compatibility:
    """The shipped model behind the `Scorer` protocol; safe to share between threads."""

    name = "compatibility model (garments by their masks, trained on street outfits)"

    def __init__(self, saved: Saved) -> None:
        self._network, self.least = saved.network, saved.least
        self.field = CompatibilityField.of(saved)
        of_kind = {
            kind: saved.references[saved.reference_kinds == kind] for kind in range(len(KINDS))
        }
        self._references = {
            kind: those if len(those) >= FEW else saved.references
            for kind, those in of_kind.items()
        }
        self._items: RowMemory[Tensor] = RowMemory()
        self._asks: RowMemory[Tensor] = RowMemory()

    def score(
        self, outfit: Outfit, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (m,) float32: the share of garments of the item's kind that would fit worse, 0 to 1."""
        scores = np.zeros(len(items), dtype=np.float32)
        if not items:
            return scores
        with torch.inference_mode():
            rows, kinds = self._rows(items, vectors_unit)
            embedded = self._embedded(rows, kinds)
            wanted = kinds.unique()  # type: ignore[no-untyped-call]
            asks = self._network.ask(wanted, _worn(outfit, len(wanted)))
            for kind, ask in zip(wanted, asks, strict=True):
                those = kinds == kind
                share = share_below(embedded[those] @ ask, self._references[int(kind)] @ ask)
                scores[those.numpy()] = share.numpy()
        return scores

    def asks(self, outfit: Outfit, kinds: Sequence[Category]) -> NDArray[np.float32]:
        """Return (k, DIM) float32 unit rows; see `Scorer.asks`."""
        with torch.inference_mode():
            wanted = torch.from_numpy(kinds_of(kinds))
            asked = functional.normalize(
                self._network.ask(wanted, _worn(outfit, len(wanted))), dim=-1
            )
        return np.asarray(asked.numpy(), dtype=np.float32)

    def pairs(
        self, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (m, m) float32, symmetric: the same for each item beside each other one alone."""
        if not items:
            return np.zeros((0, 0), dtype=np.float32)
        with torch.inference_mode():
            rows, kinds = self._rows(items, vectors_unit)
            embedded, asks = self._embedded(rows, kinds), self._asked_by(rows, kinds)
            scores = asks @ embedded.T
            for kind in kinds.unique():  # type: ignore[no-untyped-call]
                those = kinds == kind
                worn = asks @ self._references[int(kind)].T
                middle, spread = worn.mean(dim=1, keepdim=True), worn.std(dim=1, keepdim=True)
                scores[:, those] = torch.special.ndtr((scores[:, those] - middle) / spread)
            return np.asarray(((scores + scores.T) / 2).numpy(), dtype=np.float32)

    def _rows(
        self, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> tuple[Tensor, Tensor]:
        """Return what the network is given of m items: (m, width) and (m,) kinds."""
        colours, patterns = [colours_of(item) for item in items], [item.pattern for item in items]
        kinds = kinds_of([item.category for item in items])
        return torch.from_numpy(rows_of(vectors_unit, colours, patterns)), torch.from_numpy(kinds)

    def _embedded(self, rows: Tensor, kinds: Tensor) -> Tensor:
        """Return (m, DIM): what questions are multiplied with."""
        made = self._items.of(
            rows.numpy(), kinds.tolist(),
            lambda missing: _apart(self._network.items(rows[missing], kinds[missing])),
        )  # fmt: skip
        return torch.stack(made)

    def _asked_by(self, rows: Tensor, kinds: Tensor) -> Tensor:
        """Return (m, DIM): what each of the items alone asks for.

        One garment has all attention, whatever is wanted.
        """

        def asks(missing: list[int]) -> list[Tensor]:
            there = torch.ones(len(missing), 1, dtype=torch.bool)
            alone = GarmentTensors(rows[missing][:, None], kinds[missing][:, None], there)
            return _apart(self._network.ask(kinds[missing], alone))

        return torch.stack(self._asks.of(rows.numpy(), kinds.tolist(), asks))


def _apart(rows: Tensor) -> list[Tensor]:
    """Return rows each on its own: a view would keep all of them."""
    return [row.clone() for row in rows]


def share_below(scores: Tensor, references: Tensor) -> Tensor:
    """Return (m,): the smoothed share of (r,) references below each of (m,) scores."""
    width = SMOOTH * references.std().clamp(min=1e-3)
    return torch.sigmoid((scores[:, None] - references[None]) / width).mean(dim=1)


def _worn(outfit: Outfit, times: int) -> GarmentTensors:
    rows = torch.from_numpy(rows_of(outfit.vectors_unit, outfit.colours, outfit.patterns))
    kinds = torch.from_numpy(kinds_of(outfit.categories))
    there = torch.ones(times, len(outfit), dtype=torch.bool)
    return GarmentTensors(rows.expand(times, -1, -1), kinds.expand(times, -1), there)
