"""The two kinds of inverted index by what they keep of a shortened vector: a byte a number, or half.

Scores from so few bytes only choose candidates, which the stored fp16 rows then put in order.
"""

from __future__ import annotations

from typing import Any, Final

import faiss

from index.stores.faiss.recipes import Recipe

_NUMBERS: Final = 2
"""Numbers in one byte; one where they do not divide a vector."""
_BITS: Final = 8
_SAMPLE, _ROUNDS = 40, 8
"""Vectors for each of the 256 centres and rounds of k-means: exact scores mend what this leaves."""


def _bytes(centres: Any, lists: int) -> Any:
    kind = faiss.ScalarQuantizer.QT_8bit
    return faiss.IndexIVFScalarQuantizer(
        centres, centres.d, lists, kind, faiss.METRIC_INNER_PRODUCT, True
    )


def _products(centres: Any, lists: int) -> Any:
    numbers = _NUMBERS if centres.d % _NUMBERS == 0 else 1
    index = faiss.IndexIVFPQ(
        centres, centres.d, lists, centres.d // numbers, _BITS, faiss.METRIC_INNER_PRODUCT
    )
    index.pq.cp.min_points_per_centroid = 1
    index.pq.cp.niter = _ROUNDS
    index.pq.cp.max_points_per_centroid = _SAMPLE
    index.pq.cp.seed = 1
    return index


SCALAR: Final = Recipe(
    "faiss-ivf-sq8", "inverted lists of shortened vectors, one byte a number", _bytes, (2, 4, 8)
)
"""For some thousand to a few million vectors."""
PRODUCT: Final = Recipe(
    "faiss-ivf-pq", "inverted lists of shortened vectors, a byte for every two numbers", _products,
    (4, 8, 16, 32),
)  # fmt: skip
"""For many millions."""
