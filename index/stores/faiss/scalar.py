"""Inverted lists of vectors at one byte a number: for a hundred thousand to a few million."""

from __future__ import annotations

from typing import Any, Final

import faiss

from index.stores.faiss.recipes import Recipe


def _make(centres: Any, lists: int) -> Any:
    kind = faiss.ScalarQuantizer.QT_8bit
    return faiss.IndexIVFScalarQuantizer(
        centres, centres.d, lists, kind, faiss.METRIC_INNER_PRODUCT, True
    )


SCALAR: Final = Recipe("faiss-ivf-sq8", "inverted lists, one byte a number", _make, (2, 4, 8))
