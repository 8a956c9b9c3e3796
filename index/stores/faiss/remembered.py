"""What was worked out for a filter, for as long as the same filter is asked again."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

_KEPT: Final = 256
"""Filters that are remembered at most: a completion asks some three for each kind of garment."""
_KEYS: Final = 8_000_000
"""Keys that pass all remembered filters together, at most; what is made of each takes 8 bytes or so."""


class Remembered(Generic[T]):
    """What was made of arrays of allowed keys. Safe to share between threads.

    An array is known by itself, not by what is in it, and only if it is read-only: one that can be
    written to may be another filter the next time. It is forgotten when nobody else holds it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[int, tuple[weakref.ref[NDArray[Any]], T]] = {}

    def of(self, allowed: NDArray[np.int64], make: Callable[[], T]) -> T:
        """Return what `make` makes of these keys, made before where they were asked before."""
        if allowed.flags.writeable:
            return make()
        known = self._held.get(id(allowed))
        if known is not None and known[0]() is allowed:
            return known[1]
        made = make()
        with self._lock:
            living = {at: held for at, held in self._held.items() if held[0]() is not None}
            living[id(allowed)] = (weakref.ref(allowed), made)
            sizes = {
                at: len(keys) for at, held in living.items() if (keys := held[0]()) is not None
            }
            whole = sum(sizes.values())
            for oldest in list(living)[:-1]:
                if len(living) <= _KEPT and whole <= _KEYS:
                    break
                whole -= sizes.get(oldest, 0)
                del living[oldest]
            self._held = living
        return made
