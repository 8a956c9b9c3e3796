"""What was made of rows of numbers, kept by their bytes: a shop's items come up in question after question."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.model.recent import Recent

MOST: Final = 32_768
"""Rows that are remembered, and half as many at least: so many items has a large shop."""
T = TypeVar("T")


class RowMemory(Generic[T]):
    """Makes something of each row, once while it is asked for; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        """Remember nothing yet, and `most` rows at most; see `Recent`."""
        self._made: Recent[tuple[Hashable, int], T] = Recent(most)

    def of(
        self,
        rows: NDArray[Any],
        kinds: Sequence[Hashable],
        make: Callable[[list[int]], Sequence[T]],
    ) -> list[T]:
        """Return what is made of each of n rows.

        Args:
            rows: (n, d).
            kinds: (n,) what else it depends on.
            make: makes it, which is never None, for the numbers of rows that are not remembered.
        """
        keys = list(zip(kinds, digests(rows), strict=True))
        known = {key: made for key in keys if (made := self._made.get(key)) is not None}
        missing = [at for at, key in enumerate(keys) if key not in known]
        if missing:
            fresh = {keys[at]: made for at, made in zip(missing, make(missing), strict=True)}
            self._made.update(fresh)
            known |= fresh
        return [known[key] for key in keys]


def digests(rows: NDArray[np.float32]) -> list[int]:
    """Return a number of 64 bits for each of (n, d) rows: rows that differ have the same by no likely chance.

    The sum of a row's bits, word by word, each times an odd number of its own: a tenth of the time that a
    cryptographic digest takes of a row.
    """
    words = np.ascontiguousarray(rows, dtype=np.float32).view(np.uint32).astype(np.uint64)
    found: list[int] = (words * _factors(rows.shape[1])).sum(axis=1, dtype=np.uint64).tolist()
    return found


@lru_cache(maxsize=8)
def _factors(width: int) -> NDArray[np.uint64]:
    drawn = np.random.default_rng(width).integers(0, 2**63, width, dtype=np.uint64)
    return drawn * np.uint64(2) + np.uint64(1)
