"""What came up lately, kept up to a number: the rest is forgotten, that which was used longest ago first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers values by key, half of `most` at least and all of it at most.

    Two halves: what is put in or asked for goes into the young one, and once that is full, it is the old
    one and the old one is forgotten. So nothing is sorted, no lock is taken, and what is in use stays.
    Safe to share between threads, which may at worst forget more.
    """

    def __init__(self, most: int) -> None:
        """Remember nothing yet."""
        self._half = max(1, most // 2)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K) -> V | None:
        """Return what is remembered of a key, if anything."""
        value = self._young.get(key)  # no exception for what is not there: many keys are not
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self[key] = value
        return value

    def __getitem__(self, key: K) -> V:
        """Return what is remembered of a key.

        Raises:
            KeyError: nothing is.
        """
        try:
            return self._young[key]
        except KeyError:
            value = self._old[key]
            self[key] = value
            return value

    def __setitem__(self, key: K, value: V) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def update(self, fresh: Mapping[K, V]) -> None:
        """Remember some more."""
        for key, value in fresh.items():
            self[key] = value
