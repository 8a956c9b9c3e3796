"""What the kinds of inverted index share, and how one learns from a sample: directions, then lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.stores.faiss import gpu
from index.stores.faiss.files import HalfRows

_LISTS: Final = 4.0
"""Lists for each root of the number of vectors: as much time goes into choosing lists as into
reading them."""
_SAMPLE: Final = 32
"""Vectors that each list is learnt from, at most; below, a list is not learnt at all."""
_ROUNDS: Final = 8
"""Of k-means; more made no list better in a way that recall shows."""
_LEAST_SAMPLE: Final = 20_000
_HELD: Final = 0.985
"""The share of vectors' squared length that the directions kept must hold. What they leave out costs
some order among near ones, which comparing candidates by their whole vectors mends."""
_STEP: Final = 16
"""Directions are kept by so many: numbers that a processor takes at once."""


@dataclass(frozen=True)
class Recipe:
    """One kind of inverted index.

    Attributes:
        kind: `Manifest.store`.
        says: what it is, for `index status`.
        make: an IndexFlatIP of list centres, their number -> the untrained lists.
        widths: how many times k candidates may be compared exactly, ascending; the first that
            keeps recall is taken.
    """

    kind: str
    says: str
    make: Callable[[Any, int], Any]
    widths: tuple[int, ...]

    def trained(self, rows: HalfRows) -> Any:
        """Return an empty index that learnt from a sample of rows; the same rows, the same index."""
        count = len(rows.halves)
        lists = lists_for(count)
        sample = rows.at(_sample(count, max(_SAMPLE * lists, _LEAST_SAMPLE)))
        turn = _shortening(sample)
        index = self.make(faiss.IndexFlatIP(turn.d_out), lists)
        index.cp.spherical, index.cp.niter, index.cp.seed = True, _ROUNDS, 1
        index.cp.max_points_per_centroid = _SAMPLE
        index.cp.min_points_per_centroid = 1  # small ones are for tests: no warning
        device = gpu.for_training(turn.d_out)
        if device is not None:
            index.clustering_index = device
        whole = faiss.IndexPreTransform(turn, index)
        whole.train(sample)
        return whole


def _shortening(sample: NDArray[np.float32]) -> Any:
    """Return FAISS's map of vectors to their coordinates in the directions that hold the most."""
    dim = sample.shape[1]
    strengths, directions = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    held = np.cumsum(strengths[::-1]) / strengths.sum()
    enough = int(np.searchsorted(held, _HELD)) + 1
    kept = min(dim, -(-enough // _STEP) * _STEP)
    turn: Any = faiss.LinearTransform(dim, kept, False)
    rows = np.ascontiguousarray(directions[:, ::-1][:, :kept].T, np.float32)
    faiss.copy_array_to_vector(rows.ravel(), turn.A)
    turn.is_trained = True
    return turn


def lists_for(count: int) -> int:
    """Return the number of inverted lists for a number of vectors.

    >>> lists_for(300), lists_for(100_000), lists_for(1_000_000)
    (9, 1265, 4000)
    """
    return max(1, min(round(_LISTS * sqrt(count)), count // _SAMPLE))


def _sample(count: int, size: int) -> NDArray[np.int64]:
    if count <= size:
        return np.arange(count)
    return np.sort(np.random.default_rng(1).choice(count, size, replace=False))
