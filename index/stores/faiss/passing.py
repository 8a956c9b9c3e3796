"""A filter as inverted lists take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

_PREPARED: Final = 64
"""FAISS's parameters that are kept for each filter; making them takes longer than a short search."""
_RARE: Final = 0.02


@dataclass(frozen=True, eq=False)
class Passing:
    """A filter as FAISS takes it.

    Attributes:
        total: how many vectors pass.
        rows: (m,) ascending rows that pass; empty where all do.
        counts: (lists,) how many of them each list holds.
        selector: FAISS's set of them; None is all.
        least: the share that passes of nearly every list, 0 to 1: fewer do in one of fifty.
        prepared: FAISS's parameters by answers, candidates, and lists to read.
    """

    total: int
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    selector: Any
    least: float = 1.0
    prepared: dict[tuple[int, int, int], Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def counts_listed(self) -> list[int]:
        """The counts as plain numbers."""
        return list(self.counts.tolist())

    @classmethod
    def of(
        cls, rows: NDArray[np.int64], list_of: NDArray[np.int32], sizes: NDArray[np.int64]
    ) -> Passing:
        """Return the filter that some rows pass.

        Args:
            rows: (m,) ascending.
            list_of: (n,) the list of each row.
            sizes: (lists,) how many rows each list holds.
        """
        passing = np.zeros(len(list_of), np.bool_)
        passing[rows] = True
        counts = np.bincount(list_of[rows], minlength=len(sizes))
        bitmap: Any = faiss.IDSelectorBitmap  # its stubs know C++ alone
        selector = bitmap(np.packbits(passing, bitorder="little"))
        filled = sizes > 0
        least = float(np.quantile(counts[filled] / sizes[filled], _RARE))
        return cls(len(rows), rows, counts, selector, least)

    def parameters(self, k: int, candidates: int, lists: int) -> Any:
        """Return FAISS's parameters for the k best of some candidates from some lists."""
        held = self.prepared.get((k, candidates, lists))
        if held is not None:
            return held
        parts: Any = faiss  # its stubs forget the keywords
        inner = parts.SearchParametersIVF(nprobe=lists)
        if self.selector is not None:
            inner = parts.SearchParametersIVF(nprobe=lists, sel=self.selector)
        result = parts.IndexRefineSearchParameters(
            k_factor=(candidates + 0.5) / k,  # FAISS rounds the product down
            base_index_params=parts.SearchParametersPreTransform(index_params=inner),
        )
        if len(self.prepared) >= _PREPARED:
            self.prepared.clear()
        self.prepared[k, candidates, lists] = result
        return result
