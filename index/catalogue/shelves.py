"""What there is of each kind, as arrays: which of a million items may be proposed is known without their rows.

Kind, availability and audience are nearly always all that decides it. They are read once for each kind and
state of the catalogue, 10 bytes a vector, and every filter on them alone is answered from these arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from index.catalogue.filtering import conditions, words_of
from index.database.tables import ItemRow, VectorRow
from index.model.filters import Filters, declared
from segmentation.common.taxonomy import Category

_DECLARED: Final = {each.field: each for each in declared().values()}
_HELD: Final = ("availability", "audiences")
"""The fields of `Filters` whose columns a shelf holds."""
_AT_ONCE: Final = 1_000
"""Rows that are objects at the same time: Python looks through all objects whenever there are many more."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of n items' rows.

    Attributes:
        words: its different values.
        codes: (n,) uint8, the place of each item's value among them.
    """

    words: tuple[str, ...]
    codes: NDArray[np.uint8]

    @classmethod
    def of(cls, values: list[str]) -> Column:
        """Return a column of few different values."""
        places = {word: place for place, word in enumerate(sorted(set(values)))}
        return cls(tuple(places), np.fromiter(map(places.__getitem__, values), np.uint8))

    def among(self, words: frozenset[str]) -> NDArray[np.bool_]:
        """Return (n,): which items have one of some values."""
        return np.array([word in words for word in self.words], np.bool_)[self.codes]


@dataclass(frozen=True, eq=False)
class Shelf:
    """The vectors of one kind's items.

    Attributes:
        keys: (n,) int64, ascending.
        columns: field of `Filters` -> what it is compared with.
    """

    keys: NDArray[np.int64]
    columns: Mapping[str, Column]

    @classmethod
    def read(cls, session: Session, catalogue: str, kind: Category) -> Shelf:
        """Return what a catalogue has of a kind."""
        compared = [getattr(ItemRow, _DECLARED[name].column) for name in _HELD]
        query = select(VectorRow.key, *compared).join(ItemRow, VectorRow.item == ItemRow.key)
        of_kind = conditions(Filters(categories=frozenset({kind})))
        query = query.where(ItemRow.catalogue == catalogue, *of_kind)
        # a session would handle each row for as long as the database takes to find it
        result = session.connection().execute(query)
        keys: list[int] = []
        values: dict[str, list[str]] = {name: [] for name in _HELD}
        for rows in result.partitions(_AT_ONCE):
            some, *columns = zip(*rows, strict=True)
            keys.extend(some)
            for name, column in zip(_HELD, columns, strict=True):
                values[name].extend(column)
        order = np.argsort(np.array(keys, np.int64))
        read = {name: Column.of(column) for name, column in values.items()}
        return cls(
            np.array(keys, np.int64)[order],
            {name: Column(each.words, each.codes[order]) for name, each in read.items()},
        )

    def passing(self, filters: Filters) -> NDArray[np.int64]:
        """Return the keys of the items that pass, ascending; kinds are not looked at."""
        passes = np.ones(len(self.keys), np.bool_)
        for name in _HELD:
            asked = getattr(filters, name)
            if asked:
                passes &= self.columns[name].among(words_of(_DECLARED[name], asked))
        return self.keys[passes]


def is_answered(filters: Filters) -> bool:
    """Return whether shelves tell what passes: some kinds are asked for, and nothing else that they do not hold."""
    others = _DECLARED.keys() - {"categories", *_HELD}
    asked = (getattr(filters, name) for name in others)
    return bool(filters.categories) and not any(each or each == 0 for each in asked)
