"""The one table of what items can be filtered by: `Filters`, each field with its declaration.

SQL conditions, counts, parameters of the API and options of the command line are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Final

from index.model.garment_facts import Audience, Formality, Warmth
from index.model.items import Availability
from segmentation.common.taxonomy import Category


class Matching(Enum):
    """How a filter's values are compared with those of an item."""

    CASELESS = auto()
    """one of them is the item's, without regard to case"""
    PATTERN = auto()
    """by `index.model.patterns`: `striped` is `stripe`, and holds `pinstripe`"""
    SIZES = auto()
    """one of them is among the item's, without regard to case"""
    AUDIENCE = auto()
    """unisex and unknown pass wherever an adult audience is allowed"""
    CODE = auto()
    """one of them is the item's, which is written in capitals"""
    AT_LEAST = auto()
    """the item's asking price is no lower; without a price it does not pass"""
    AT_MOST = auto()
    """the item's asking price is no higher; without a price it does not pass"""


@dataclass(frozen=True)
class Filter:
    """What is declared of a filter.

    Attributes:
        name: of the API's parameter and the command line's option.
        field: of `Filters`.
        values: what it takes: text, a closed list, or an amount.
        column: of the items' table, that is compared.
        description: for the API.
        option: for the command line.
        matching: how values are compared.
        facet: what it is counted as; `price` for both bounds.
        counted: the column whose values are counted; empty where none are.
        metavar: what the command line calls a value.
    """

    name: str
    field: str
    values: type
    column: str
    description: str
    option: str
    matching: Matching = Matching.CASELESS
    facet: str = ""
    counted: str = ""
    metavar: str | None = None

    @property
    def is_bound(self) -> bool:
        """Whether it takes one amount; all others take any number of allowed values."""
        return self.values is Decimal


def allowed(name: str, values: type, column: str, **more: Any) -> Any:
    """Return a field of `Filters` that holds allowed values; an empty set allows all."""
    more = {"facet": name, "counted": column, **more}
    record = {"name": name, "values": values, "column": column, **more}
    return field(default=frozenset(), metadata=record)


def bound(name: str, matching: Matching, **more: Any) -> Any:
    """Return a field of `Filters` that bounds the asking price; None bounds nothing."""
    record = {"name": name, "values": Decimal, "column": "", "matching": matching, "facet": "price"}
    return field(default=None, metadata={**record, "metavar": "AMOUNT", **more})


@dataclass(frozen=True)
class Filters:
    """Which items may answer: one field a filter, and `exclude`: skus that may not answer."""

    categories: frozenset[Category] = allowed(
        "category", Category, "category", metavar="C",
        description="Kinds of garment.",
        option="Only this kind; may be repeated.",
    )  # fmt: skip
    min_price: Decimal | None = bound(  # noqa: RUF009  (it is a `field`)
        "min_price", Matching.AT_LEAST,
        description="Least asking price.",
        option="Least price.",
    )  # fmt: skip
    max_price: Decimal | None = bound(  # noqa: RUF009  (it is a `field`)
        "max_price", Matching.AT_MOST,
        description="Highest asking price.",
        option="Highest price.",
    )  # fmt: skip
    currencies: frozenset[str] = allowed(
        "currency", str, "currency", matching=Matching.CODE, metavar="C",
        description="Of an item's price, such as EUR: where a catalogue is sold in several, amounts "
        "are compared as they stand.",
        option="Only what is sold in this currency; may be repeated.",
    )  # fmt: skip
    brands: frozenset[str] = allowed(
        "brand", str, "brand_key", counted="brand", metavar="B",
        description="Without regard to case.",
        option="Only this brand; may be repeated.",
    )  # fmt: skip
    colours: frozenset[str] = allowed(
        "colour", str, "colour_key", metavar="C",
        description="Without regard to case.",
        option="Only this main colour; may be repeated.",
    )  # fmt: skip
    patterns: frozenset[str] = allowed(
        "pattern", str, "pattern_key", matching=Matching.PATTERN, metavar="P",
        description="plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; "
        "stripe finds pinstripe too.",
        option="Only this pattern; may be repeated.",
    )  # fmt: skip
    sleeves: frozenset[str] = allowed(
        "sleeve", str, "sleeve_key", metavar="S",
        description="Such as short or long.",
        option="Only these sleeves; may be repeated.",
    )  # fmt: skip
    lengths: frozenset[str] = allowed(
        "length", str, "length_key", metavar="L",
        description="Such as mini or midi.",
        option="Only this length; may be repeated.",
    )  # fmt: skip
    sizes: frozenset[str] = allowed(
        "size", str, "sizes_key", matching=Matching.SIZES, metavar="S",
        description="One of an item's sizes; without regard to case.",
        option="Only with this size; may be repeated.",
    )  # fmt: skip
    audiences: frozenset[Audience] = allowed(
        "audience", Audience, "audience_key", matching=Matching.AUDIENCE,
        description="Whom items are cut for; those of unisex and unknown audience pass wherever "
        "adults do. Without it, all but kids' items answer.",
        option="Only items cut for them; may be repeated. Kids' items only if asked.",
    )  # fmt: skip
    fine_kinds: frozenset[str] = allowed(
        "fine_kind", str, "fine_kind", metavar="K",
        description="Finer kinds, such as blazer or trainer.",
        option="Only this finer kind, such as blazer; may be repeated.",
    )  # fmt: skip
    formalities: frozenset[Formality] = allowed(
        "formality", Formality, "formality",
        description="How dressy.",
        option="Only so dressy; may be repeated.",
    )  # fmt: skip
    warmths: frozenset[Warmth] = allowed(
        "warmth", Warmth, "warmth",
        description="Worn on which days.",
        option="Only what is worn on such days; may be repeated.",
    )  # fmt: skip
    availability: frozenset[Availability] = allowed(
        "availability", Availability, "availability",
        description="Without it, all but what is out of stock.",
        option="Only so available; may be repeated.",
    )  # fmt: skip
    exclude: frozenset[str] = frozenset()


def declared(filters: type[Filters] = Filters) -> Mapping[str, Filter]:
    """Return the declarations of filters by name, in their order."""
    parts = (Filter(field=each.name, **each.metadata) for each in fields(filters) if each.metadata)
    return {each.name: each for each in parts}


def filters_of(asked: Mapping[str, Any], filters: type[Filters] = Filters) -> Filters:
    """Return filters by what was asked under each filter's name; None and nothing ask nothing.

    >>> filters_of({"colour": ["navy"], "min_price": None}).colours
    frozenset({'navy'})
    """
    known = declared(filters)
    allowing: dict[str, Any] = {
        known[name].field: value if known[name].is_bound else frozenset(value or ())
        for name, value in asked.items()
    }
    return filters(**allowing)


NO_FILTERS: Final = Filters()
