"""What items can be filtered by: how many would be left by each value, and by dropping a filter.

The values of a filter are counted among the items that pass the others, so that a shopper who
chose navy still sees how many are red.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from index.catalogue.catalog import FACETS, Catalog
from index.database.tables import ItemRow
from index.model.items import FILTERS, Filters

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: (field,) for name, field in FILTERS.items()},
    "price": ("min_price", "max_price"),
}
"""What a filter is called -> its fields of `Filters`."""
_NONE: Final = Filters()


@dataclass(frozen=True)
class Counts:
    """Numbers of items.

    Attributes:
        passing: how many pass all filters.
        facets: what items can be filtered by -> value -> how many that pass the other filters
            have it, the most frequent first.
        dropped: a filter in use -> how many pass the others, the one that hides most first.
    """

    passing: int
    facets: Mapping[str, Mapping[str, int]]
    dropped: Mapping[str, int]


def count(session: Session, filters: Filters, catalogue: str) -> Counts:
    """Return the numbers of a catalogue."""
    catalog = Catalog(session, catalogue)
    facets = {
        name: catalog.facet(column, without(filters, name)) for name, column in FACETS.items()
    }
    sizes = _sizes(session, catalog.filtered(_by_size(), without(filters, "size")))
    dropped = {
        name: catalog.count(without(filters, name)) for name in _FIELDS if _used(filters, name)
    }
    return Counts(
        passing=catalog.count(filters),
        facets={**facets, "size": sizes},
        dropped=dict(sorted(dropped.items(), key=lambda each: -each[1])),
    )


def without(filters: Filters, name: str) -> Filters:
    """Return filters without one of them."""
    return replace(filters, **{field: getattr(_NONE, field) for field in _FIELDS.get(name, ())})


def _used(filters: Filters, name: str) -> bool:
    return without(filters, name) != filters


def _by_size() -> Any:
    return select(ItemRow.sizes_key, func.count()).group_by(ItemRow.sizes_key)


def _sizes(session: Session, query: Any) -> dict[str, int]:
    """Return size -> number of items; there are far fewer sets of sizes than items."""
    counted: Counter[str] = Counter()
    for sizes, number in session.execute(query):
        for size in filter(None, sizes.split("\n")):
            counted[size] += number
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))
