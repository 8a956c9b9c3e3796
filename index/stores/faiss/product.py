"""Inverted lists of product-quantised vectors, one byte for every four numbers: for many millions.

Scores from so few bytes only choose candidates, which the stored fp16 rows then put in order.
"""

from __future__ import annotations

from typing import Any, Final

import faiss

from index.stores.faiss.recipes import Recipe

_NUMBERS: Final = 4
"""Numbers in one byte; fewer where they do not divide a vector."""
_BITS: Final = 8
_SAMPLE, _ROUNDS = 40, 8
"""Vectors for each of the 256 centres and rounds of k-means: exact scores mend what this leaves."""


def _make(centres: Any, lists: int) -> Any:
    numbers = next(n for n in (_NUMBERS, 3, 2, 1) if centres.d % n == 0)
    index = faiss.IndexIVFPQ(
        centres, centres.d, lists, centres.d // numbers, _BITS, faiss.METRIC_INNER_PRODUCT
    )
    index.pq.cp.min_points_per_centroid = 1
    index.pq.cp.niter = _ROUNDS
    index.pq.cp.max_points_per_centroid = _SAMPLE
    index.pq.cp.seed = 1
    return index


PRODUCT: Final = Recipe(
    "faiss-ivf-pq", "inverted lists, a byte for every four numbers", _make, (4, 8, 16, 32)
)
