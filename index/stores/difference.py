"""What a server's store lacks, and what it holds in vain, by keys and ids alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class StoredVectors:
    """What a store holds.

    Attributes:
        keys: (n,) int64, ascending.
        ids: (n, 2) uint64, their UUIDs; see `pack_ids`.
    """

    keys: NDArray[np.int64]
    ids: NDArray[np.uint64]

    @classmethod
    def of(cls, keys: Sequence[int], ids: Sequence[UUID]) -> StoredVectors:
        """Return what is held, in whichever order it was held."""
        unsorted = np.asarray(keys, np.int64)
        order = np.argsort(unsorted)
        return cls(unsorted[order], pack_ids(ids)[order])


@dataclass(frozen=True, eq=False)
class Difference:
    """What brings a store to the vectors wanted.

    Attributes:
        changed: (m,) int64 keys to be written, ascending: new ones, and known ones with a new id.
        gone: int64 keys to be deleted, ascending.
    """

    changed: NDArray[np.int64]
    gone: NDArray[np.int64]


def pack_ids(ids: Sequence[UUID]) -> NDArray[np.uint64]:
    """Return (n, 2) uint64, so that a million ids are compared at once and take 16 MB."""
    return np.frombuffer(b"".join(each.bytes for each in ids), ">u8").reshape(-1, 2)


def difference(
    held: StoredVectors, wanted: Iterable[tuple[NDArray[np.int64], Sequence[UUID]]]
) -> Difference:
    """Compare what is held with `Vectors.identities`.

    >>> one, two = UUID(int=1), UUID(int=2)
    >>> found = difference(StoredVectors.of([5, 7, 9], [one, one, one]), [(np.array([5, 7, 8]), [one, two, one])])
    >>> found.changed.tolist(), found.gone.tolist()
    ([7, 8], [9])
    """
    kept = np.zeros(len(held.keys), np.bool_)
    changed = [np.empty(0, np.int64)]
    for keys, ids in wanted:
        at = np.searchsorted(held.keys, keys)
        known = at < len(held.keys)
        known[known] = held.keys[at[known]] == keys[known]
        kept[at[known]] = True
        same = known.copy()
        same[known] = (held.ids[at[known]] == pack_ids(ids)[known]).all(axis=1)
        changed.append(keys[~same])
    return Difference(np.concatenate(changed), held.keys[~kept])
