"""`Filters` -> SQL conditions: the database decides exactly which items may answer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from sqlalchemy import ColumnElement, func, or_

from index.database.tables import ItemRow
from index.model.items import Audience, Filters
from index.model.patterns import allowed_by

_PRICE_LIMIT: Final = Decimal(10) ** 15
"""No price is higher."""


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what an item's row must satisfy, all of it; `exclude` is left to the caller.

    Skus to exclude differ from one query to the next and may be many; everything else here can
    be cached.
    """
    wanted: list[ColumnElement[bool]] = []
    if filters.categories:
        wanted.append(ItemRow.category.in_(sorted(c.value for c in filters.categories)))
    asking = func.coalesce(ItemRow.sale_price, ItemRow.price)
    if filters.min_price is not None:
        wanted.append(asking >= _cents(filters.min_price, ROUND_CEILING))
    if filters.max_price is not None:
        wanted.append(asking <= _cents(filters.max_price, ROUND_FLOOR))
    for column, words in (
        (ItemRow.brand_key, filters.brands),
        (ItemRow.colour_key, filters.colours),
        (ItemRow.sleeve_key, filters.sleeves),
        (ItemRow.length_key, filters.lengths),
        (ItemRow.fine_kind, filters.fine_kinds),
        (ItemRow.formality, filters.formalities),
        (ItemRow.warmth, filters.warmths),
    ):
        if words:
            wanted.append(column.in_(sorted({caseless(word) for word in words})))
    if filters.sizes:
        held = (
            ItemRow.sizes_key.contains(sizes_key([size]), autoescape=True)
            for size in sorted(filters.sizes)
        )
        wanted.append(or_(*held))
    if filters.patterns:
        wanted.append(ItemRow.pattern_key.in_(sorted(allowed_by(filters.patterns))))
    if filters.availability:
        wanted.append(ItemRow.availability.in_(sorted(a.value for a in filters.availability)))
    if filters.audiences:
        wanted.append(ItemRow.audience_key.in_(sorted(a.value for a in _with_open(filters))))
    return wanted


def caseless(value: str) -> str:
    """Return the form in which values are compared; databases know no case beyond ASCII.

    >>> caseless(" Écru ") == caseless("écru")
    True
    """
    return value.strip().casefold()


def sizes_key(sizes: Iterable[str]) -> str:
    r"""Return sizes as one text in which each stands between line breaks.

    >>> sizes_key(["S", "XL "]), sizes_key([])
    ('\ns\nxl\n', '')
    """
    words = [" ".join(caseless(size).split()) for size in sizes]
    return f"\n{chr(10).join(words)}\n" if words else ""


def _cents(bound: Decimal, rounding: str) -> Decimal:
    """Return a bound in whole hundredths that lets the same prices through, and fits the column."""
    return max(-_PRICE_LIMIT, min(bound, _PRICE_LIMIT)).quantize(Decimal("0.01"), rounding)


def _with_open(filters: Filters) -> frozenset[Audience]:
    """Return the audiences that pass: what is for anyone, or nobody knows for whom, is for adults."""
    if filters.audiences & {Audience.WOMEN, Audience.MEN, Audience.UNISEX}:
        return filters.audiences | {Audience.UNISEX, Audience.UNKNOWN}
    return filters.audiences
