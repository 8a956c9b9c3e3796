"""What was made of rows of numbers, kept by their bytes: a shop's items come up in question after question."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

MOST: Final = 8_192
"""Rows that are remembered; the least recently used are forgotten."""
T = TypeVar("T")


class RowMemory(Generic[T]):
    """Makes something of each row, once; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        """Remember nothing yet, and `most` rows at most."""
        self._most, self._lock = most, threading.Lock()
        self._made: OrderedDict[Hashable, T] = OrderedDict()

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
            make: makes it for the numbers of rows that are not remembered.
        """
        keys = [
            (kind, hashlib.blake2b(row, digest_size=16).digest())
            for kind, row in zip(kinds, np.ascontiguousarray(rows), strict=True)
        ]
        with self._lock:
            known = {key: self._made[key] for key in keys if key in self._made}
        missing = [at for at, key in enumerate(keys) if key not in known]
        if missing:
            known |= {keys[at]: made for at, made in zip(missing, make(missing), strict=True)}
        with self._lock:
            for key in keys:
                self._made[key] = known[key]
                self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return [known[key] for key in keys]
