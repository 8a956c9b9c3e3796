"""Questions of a field -> items: from a generation's store, and from one state of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.catalogue.snapshots import Snapshot
from index.model.items import CatalogItem
from index.model.questions import FieldQuestion, shared
from index.stores import VectorStore


def nearest_in(
    store: VectorStore, questions: Sequence[FieldQuestion], snapshot: Snapshot
) -> list[tuple[CatalogItem, ...]]:
    """Return the items of each question, the best of each kind first; see `Searcher.in_field`.

    The items of all answers are read from the catalogue at once.
    """
    found = [_keys(question, store, snapshot) for question in questions]
    items = snapshot.items(np.concatenate(found)) if found else {}
    return [
        tuple(item for key in keys.tolist() if (item := items[key]) is not None) for keys in found
    ]


def _keys(question: FieldQuestion, store: VectorStore, snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the keys that answer a question, the best of each kind first."""
    allowed = [snapshot.passing(each) for each in question.filters]
    gone = [frozenset(snapshot.keys_of(each.exclude).values()) for each in question.filters]
    most = [len(keys) for keys in allowed]
    found: list[list[int]] = [[] for _ in allowed]
    while True:
        places = shared(question.places, most)
        short = [at for at, wanted in enumerate(places) if wanted > len(found[at])]
        if not short:
            break
        for at in short:
            row = question.vectors_unit[at : at + 1]
            nearest = store.search(row, places[at] + len(gone[at]), allowed[at]).keys[0].tolist()
            found[at] = [key for key in nearest if key >= 0 and key not in gone[at]][: places[at]]
            if len(found[at]) < places[at]:  # some are excluded, or are further pictures
                most[at] = len(found[at])
    taken = [pair for keys, n in zip(found, places, strict=True) for pair in enumerate(keys[:n])]
    return np.asarray([key for _, key in sorted(taken, key=lambda pair: pair[0])], np.int64)
