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


@dataclass(frozen=True, eq=False)
class Passing:
    """A filter as FAISS takes it.

    Attributes:
        total: how many vectors pass.
        rows: (m,) ascending rows that pass; empty where all do.
        counts: (lists,) how many of them each list holds.
        selector: FAISS's set of them; None is all.
        prepared: FAISS's parameters by answers, candidates, and lists to read.
    """

    total: int
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    selector: Any
    prepared: dict[tuple[int, int, int], Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def counts_listed(self) -> list[int]:
        """The counts as plain numbers."""
        return list(self.counts.tolist())

    @classmethod
    def of(cls, rows: NDArray[np.int64], counts: NDArray[np.int64], count: int) -> Passing:
        """Return the filter that some rows of `count` pass."""
        passing = np.zeros(count, np.bool_)
        passing[rows] = True
        bitmap: Any = faiss.IDSelectorBitmap  # its stubs know C++ alone
        return cls(len(rows), rows, counts, bitmap(np.packbits(passing, bitorder="little")))

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
