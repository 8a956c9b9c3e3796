"""`Filters` -> SQL conditions: the database decides exactly which items may answer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_

from index.database.tables import ItemRow
from index.model.filters import Filter, Filters, Matching, declared
from index.model.items import Audience
from index.model.patterns import allowed_by

_PRICE_LIMIT: Final = Decimal(10) ** 15
"""No price is higher."""


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what an item's row must satisfy, all of it; `exclude` is left to the caller.

    Skus to exclude differ from one query to the next and may be many; everything else here can
    be cached.
    """
    asked = ((each, getattr(filters, each.field)) for each in declared(type(filters)).values())
    return [_condition(each, value) for each, value in asked if value or value == 0]


def _condition(declaration: Filter, asked: Any) -> ColumnElement[bool]:
    asking = func.coalesce(ItemRow.sale_price, ItemRow.price)
    match declaration.matching:
        case Matching.AT_LEAST:
            return asking >= _cents(asked, ROUND_CEILING)
        case Matching.AT_MOST:
            return asking <= _cents(asked, ROUND_FLOOR)
    column = getattr(ItemRow, declaration.column)
    if declaration.matching is Matching.SIZES:
        each = (column.contains(sizes_key([size]), autoescape=True) for size in sorted(asked))
        return or_(*each)
    condition: ColumnElement[bool] = column.in_(sorted(words_of(declaration, asked)))
    return condition


def words_of(declaration: Filter, asked: Any) -> frozenset[str]:
    """Return the values of a column that pass a filter which takes any of some values."""
    match declaration.matching:
        case Matching.PATTERN:
            return frozenset(allowed_by(asked))
        case Matching.AUDIENCE:
            return frozenset(_with_open(asked))
        case Matching.CODE:
            return frozenset(word.strip().upper() for word in asked)
        case _:
            return frozenset(caseless(word) for word in asked)


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


def _with_open(audiences: frozenset[Audience]) -> frozenset[Audience]:
    """Return the audiences that pass: what is for anyone, or nobody knows for whom, is for adults."""
    if audiences & {Audience.WOMEN, Audience.MEN, Audience.UNISEX}:
        return audiences | {Audience.UNISEX, Audience.UNKNOWN}
    return audiences
