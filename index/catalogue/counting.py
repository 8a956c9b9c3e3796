"""What items can be filtered by: how many would be left by each value, and by dropping a filter.

The values of a filter are counted among the items that pass the others, so that a shopper who
chose navy still sees how many are red.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from index.catalogue.catalog import Catalog
from index.database.tables import ItemRow
from index.model.filters import Filters, Matching, declared


@dataclass(frozen=True)
class FacetCounts:
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


def count(session: Session, filters: Filters, catalogue: str) -> FacetCounts:
    """Return the numbers of a catalogue."""
    catalog, known = Catalog(session, catalogue), declared(type(filters)).values()
    facets: dict[str, Mapping[str, int]] = {}
    for each in known:
        if each.counted:
            others = without(filters, each.facet)
            found = catalog.facet(getattr(ItemRow, each.counted), others)
            facets[each.facet] = _apart(found) if each.matching is Matching.SIZES else found
    if "material" not in facets:  # shown, though nothing filters by it
        facets["material"] = catalog.facet(ItemRow.material, filters)
    dropped = {
        name: catalog.count(without(filters, name))
        for name in dict.fromkeys(each.facet for each in known)
        if without(filters, name) != filters
    }
    return FacetCounts(
        passing=catalog.count(filters),
        facets=facets,
        dropped=dict(sorted(dropped.items(), key=lambda each: -each[1])),
    )


def without(filters: Filters, facet: str) -> Filters:
    """Return filters without one of them, or without both bounds of the price."""
    fields = [each.field for each in declared(type(filters)).values() if each.facet == facet]
    nothing = type(filters)()
    return replace(filters, **{field: getattr(nothing, field) for field in fields})


def _apart(found: Mapping[str, int]) -> dict[str, int]:
    """Return size -> number of items, of sets of sizes; there are far fewer sets than items."""
    counted: Counter[str] = Counter()
    for sizes, number in found.items():
        for size in filter(None, sizes.split("\n")):
            counted[size] += number
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))
