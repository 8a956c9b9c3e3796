"""Made-up catalogues whose vectors lie as the shipped encoder's do, at any size.

A vector is a common mean, and what its kind, its style, its product and its picture add to it; all
four have the spectrum of real garments' vectors. Fitted to the shipped encoder's vectors of 2,765
product photos (clothing-dataset-small); `likeness` says how near a sample comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

DIM: Final = 256
KINDS: Final = 30
_MEAN: Final = 0.5
"""Length of the mean of all vectors; real: 0.51, 0.48, 0.40, 0.45 in four sets."""
_SHARES: Final = {"kind": 0.42, "style": 0.36, "product": 0.12, "picture": 0.10}
"""Of all variance; between kinds, real: 0.45 with nine kinds."""
_STYLES: Final = 300
_PICTURES: Final = 5
"""Near-alike items, variants of one product."""
_FLAT, _FALL = 7.0, 2.7
"""The i-th variance is (i + 7) ^ -2.7. Its first 4, 16, 64 hold 0.42, 0.83, 0.98; real: 0.44, 0.83, 0.98."""
REAL: Final = {
    "nearest": 0.925, "tenth": 0.859, "random pair": 0.235, "first 16 of variance": 0.886,
}  # fmt: skip
"""Median cosines of 2,765 real vectors."""


@dataclass(frozen=True, eq=False)
class GarmentVectors:
    """Vectors of made-up garments.

    Attributes:
        vectors: (n, DIM) float32 unit rows.
        kinds: (n,) int64, the kind of each, 0 to KINDS - 1; some are far more frequent.
    """

    vectors: NDArray[np.float32]
    kinds: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What all draws of one size share: its products."""

    products: NDArray[np.float32]
    kinds: NDArray[np.int64]
    turned: NDArray[np.float32]

    @classmethod
    def of(cls, size: int) -> Catalogue:
        """Return the products of a catalogue with a number of items."""
        chance = np.random.default_rng(2026)
        turned = np.linalg.qr(chance.normal(size=(DIM, DIM)))[0].astype(np.float32)
        often = 1 / np.arange(1, KINDS + 1)
        kind_of = chance.choice(KINDS, size=_STYLES, p=often / often.sum())
        styles = _added(chance, KINDS, "kind")[kind_of] + _added(chance, _STYLES, "style")
        count = max(size // _PICTURES, 1)
        style_of = chance.integers(_STYLES, size=count)
        products = styles[style_of] + _added(chance, count, "product")
        products[:, 0] += np.float32(_MEAN)
        return cls(products, kind_of[style_of], turned)

    def draw(self, count: int, seed: int) -> GarmentVectors:
        """Return a number of items of the catalogue's products, or new pictures of them."""
        chance = np.random.default_rng(seed)
        which = chance.integers(len(self.products), size=count)
        vectors = np.empty((count, DIM), np.float32)
        for at in range(0, count, 65_536):
            some = which[at : at + 65_536]
            rows = (self.products[some] + _added(chance, len(some), "picture")) @ self.turned
            vectors[at : at + 65_536] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return GarmentVectors(vectors, self.kinds[which])


def likeness(vectors_unit: NDArray[np.float32]) -> dict[str, float]:
    """Return of (n, DIM) unit rows what `REAL` says of real ones; compare it at like numbers."""
    scores = vectors_unit @ vectors_unit.T
    np.fill_diagonal(scores, -1)
    ordered = np.partition(scores, (-10, -1), axis=1)
    spread = np.sort(np.linalg.eigvalsh(np.cov(vectors_unit.T)))[::-1]
    return {
        "nearest": float(np.median(ordered[:, -1])),
        "tenth": float(np.median(ordered[:, -10])),
        "random pair": float(np.median(scores)),
        "first 16 of variance": float(spread[:16].sum() / spread.sum()),
    }


def _added(chance: np.random.Generator, count: int, level: str) -> NDArray[np.float32]:
    """Return what one level adds to (count, DIM) vectors."""
    spectrum = (np.arange(1, DIM + 1) + _FLAT) ** -_FALL
    spectrum *= _SHARES[level] * (1 - _MEAN**2) / spectrum.sum()
    drawn = chance.standard_normal((count, DIM), dtype=np.float32)
    added: NDArray[np.float32] = drawn * np.sqrt(spectrum).astype(np.float32)
    return added
