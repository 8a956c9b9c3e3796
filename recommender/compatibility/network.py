"""The compatibility network: does an item of a wanted kind complete this scene?

After Kang et al., Complete the Look (CVPR 2019): a global view of the scene and local views, which the
wanted kind attends to; the distances of the item to both are averaged. All embeddings are unit
vectors, so the mean distance is 2 - item . ask, with `ask` = (global + attended local) for one scene
and kind: many items are scored by one product.

Views are of two sorts, and a network has one or both of them: the garments that masks give (`GarmentTensors`),
or the 7 x 7 regions of a picture, as in the paper (`Regions`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from recommender.compatibility.rows import KINDS

DIM: Final = 128
HIDDEN: Final = 128
KIND_DIM: Final = 32
DROPOUT: Final = 0.5


class GarmentTensors(NamedTuple):
    """What is worn in B scenes, at most M garments each.

    Attributes:
        rows: (B, M, width) float32; see `recommender.compatibility.rows`.
        kinds: (B, M) int64.
        there: (B, M) bool; False where a scene has fewer. At least one is there in each.
    """

    rows: Tensor
    kinds: Tensor
    there: Tensor


class Head(nn.Sequential):
    """Linear, norm, ReLU, dropout, linear, unit length: the paper's."""

    def __init__(self, width: int) -> None:
        super().__init__(
            nn.Linear(width, HIDDEN),
            nn.BatchNorm1d(HIDDEN),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            nn.Linear(HIDDEN, DIM),
        )

    def forward(self, rows: Tensor) -> Tensor:
        """Return (n, DIM) unit rows of (n, width) ones."""
        embedded: Tensor = super().forward(rows)  # type: ignore[no-untyped-call]
        return functional.normalize(embedded, dim=-1)


class Views(nn.Module):
    """A global view, and local ones that a wanted kind attends to."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.whole, self.part, self.key = Head(width), Head(width), Head(width)

    def forward(self, rows: Tensor, there: Tensor, wanted: Tensor) -> Tensor:
        """Return (B, DIM): global view + attended local views.

        Args:
            rows: (B, M, width).
            there: (B, M) bool.
            wanted: (B, DIM) unit rows of the wanted kinds.
        """
        count = there.sum(dim=1, keepdim=True).clamp(min=1)
        whole = self.whole((rows * there[..., None]).sum(dim=1) / count)
        flat = rows[there]
        parts = _spread(self.part(flat), there)
        keys = _spread(self.key(flat), there)
        far = (wanted[:, None] - keys).square().sum(dim=-1)
        attention = (-far).masked_fill(~there, -torch.inf).softmax(dim=1)
        attended: Tensor = whole + (attention[..., None] * parts).sum(dim=1)
        return attended


class CompatibilityNet(nn.Module):
    """Items and scenes -> embeddings whose product says how well they go together."""

    def __init__(self, width: int, *, garments: bool = True, regions: int = 0) -> None:
        """Make an untrained network.

        Args:
            width: of the rows of items and garments.
            garments: scenes are seen as garments.
            regions: width of a region; 0 where scenes are not seen as regions.
        """
        super().__init__()
        self.kind = nn.Embedding(len(KINDS), KIND_DIM)
        self.wanted = nn.Embedding(len(KINDS), DIM)
        self.item = Head(width + KIND_DIM)
        self.worn = Views(width + KIND_DIM) if garments else None
        self.seen = Views(regions) if regions else None
        self.log_scale = nn.Parameter(torch.tensor(2.0))

    def items(self, rows: Tensor, kinds: Tensor) -> Tensor:
        """Return (n, DIM) unit rows of items, given (n, width) rows and (n,) kinds."""
        embedded: Tensor = self.item(self._with_kind(rows, kinds))
        return embedded

    def ask(
        self, wanted: Tensor, garments: GarmentTensors | None = None, regions: Tensor | None = None
    ) -> Tensor:
        """Return (B, DIM): what the items of the wanted kinds are multiplied with, to -2 .. 2.

        Args:
            wanted: (B,) kinds.
            garments: what is worn, where the network sees garments.
            regions: (B, R, width), where it sees regions.
        """
        kinds = functional.normalize(self.wanted(wanted), dim=-1)
        asks: list[Tensor] = []
        if self.worn is not None and garments is not None:
            rows = self._with_kind(garments.rows, garments.kinds)
            asks.append(self.worn(rows, garments.there, kinds))
        if self.seen is not None and regions is not None:
            everywhere = torch.ones(regions.shape[:2], dtype=torch.bool)
            asks.append(self.seen(regions, everywhere, kinds))
        return torch.stack(asks).mean(dim=0)

    def _with_kind(self, rows: Tensor, kinds: Tensor) -> Tensor:
        return torch.cat([rows, self.kind(kinds)], dim=-1)


def _spread(flat: Tensor, there: Tensor) -> Tensor:
    """Return (B, M, DIM) with the flat rows where there is a garment, zeros elsewhere."""
    places = flat.new_zeros((*there.shape, flat.shape[-1]))
    return places.index_put((there,), flat)
