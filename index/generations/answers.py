"""Questions -> rankings: from a generation's store, and from one state of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from index.catalogue.snapshots import Snapshot
from index.model.filters import Filters
from index.model.items import CatalogItem, Hit, Ranking
from index.model.questions import Question
from index.stores import Neighbours, VectorStore


def answers(questions: Sequence[Question], store: VectorStore, snapshot: Snapshot) -> list[Ranking]:
    """Return the answer to each question; see `Searcher.nearest_all`."""
    found: dict[int, Ranking] = {}
    waiting = _searches(questions, snapshot)
    while waiting:
        for search in waiting:
            search.run(store)
        items = snapshot.items(np.concatenate([search.found.keys.ravel() for search in waiting]))
        gone = [key for key, item in items.items() if item is None]
        again: list[_Search] = []
        for search in waiting:
            if gone and np.isin(search.found.keys, gone).any():  # removed since it was indexed
                search.allowed = snapshot.passing(search.filters)
                again.append(search)
                continue
            rankings = search.rankings(items)
            found |= rankings
            if not search.is_enough(rankings):
                search.wide *= 2  # an item with several pictures took several places
                again.append(search)
        waiting = again
    return [found[place] for place in range(len(questions))]


@dataclass(eq=False)
class _Search:
    """Questions of one filter, on their way to an answer.

    Attributes:
        filters: theirs, but for what each of them excludes.
        asked: the questions, by their places.
        wide: how many vectors are asked for.
        allowed: the keys that may answer; None is all.
        found: the nearest of each.
    """

    filters: Filters
    asked: dict[int, Question]
    wide: int
    allowed: NDArray[np.int64] | None
    found: Neighbours = field(init=False)

    def run(self, store: VectorStore) -> None:
        vectors_unit = np.stack([question.vector_unit for question in self.asked.values()])
        self.found = store.search(vectors_unit, self.wide, self.allowed)

    def rankings(self, items: Mapping[int, CatalogItem | None]) -> dict[int, Ranking]:
        """Return the ranking of each question by its place."""
        nearest = zip(self.found.keys.tolist(), self.found.scores.tolist(), strict=True)
        return {
            place: _ranking(question, keys, scores, items)
            for (place, question), (keys, scores) in zip(self.asked.items(), nearest, strict=True)
        }

    def is_enough(self, rankings: Mapping[int, Ranking]) -> bool:
        """Return whether each question has its k items, or the store has no more."""
        pairs = zip(self.asked.items(), self.found.keys, strict=True)
        return all(
            len(rankings[place]) >= question.k or bool((keys < 0).any())
            for (place, question), keys in pairs
        )


def _searches(questions: Sequence[Question], snapshot: Snapshot) -> list[_Search]:
    """Return the searches that answer some questions, one for each filter."""
    groups: dict[Filters, dict[int, Question]] = {}
    for place, question in enumerate(questions):
        lasting = replace(question.filters, exclude=frozenset())
        groups.setdefault(lasting, {})[place] = question
    known = snapshot.keys_of(frozenset().union(*(each.filters.exclude for each in questions)))
    return [
        _Search(
            filters,
            asked,
            max(each.k + len(each.filters.exclude & known.keys()) for each in asked.values()),
            snapshot.allowed(filters),
        )
        for filters, asked in groups.items()
    ]


def _ranking(
    question: Question,
    keys: Sequence[int],
    scores: Sequence[float],
    items: Mapping[int, CatalogItem | None],
) -> Ranking:
    pairs = ((items.get(key), score) for key, score in zip(keys, scores, strict=True))
    exclude = question.filters.exclude
    return Ranking(tuple(Hit(i, score) for i, score in pairs if i and i.sku not in exclude)).top(
        question.k
    )
