"""The words of feeds for whom a garment is and whether it can be bought."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from index.model.items import Audience, Availability

Value = TypeVar("Value", Audience, Availability)

_AVAILABILITIES: Final = {
    **{state.value.replace("_", ""): state for state in Availability},
    "limitedavailability": Availability.IN_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "discontinued": Availability.OUT_OF_STOCK,
    "presale": Availability.PREORDER,
    "availablefororder": Availability.BACKORDER,
}
_GENDERS: Final = {
    **{audience.value: audience for audience in Audience},
    **dict.fromkeys(("woman", "female", "womens", "ladies"), Audience.WOMEN),
    **dict.fromkeys(("man", "male", "mens"), Audience.MEN),
    **dict.fromkeys(("kid", "child", "children", "boys", "girls"), Audience.KIDS),
    "adult": Audience.UNISEX,
}
_AGES: Final[dict[str, Audience]] = {
    **dict.fromkeys(("newborn", "infant", "infants", "baby", "toddler", "toddlers"), Audience.KIDS),
    **dict.fromkeys(("kids", "kid", "child", "children"), Audience.KIDS),
    **dict.fromkeys(("adult", "adults", "teen", "teens"), Audience.UNKNOWN),
    "allages": Audience.UNISEX,
}


def availability(word: str) -> Availability:
    """Return what a word, or schema.org's address of it, says; nothing is in stock.

    Raises:
        ValueError: the word is not known.

    >>> availability("in stock"), availability("https://schema.org/PreOrder")
    (<Availability.IN_STOCK: 'in_stock'>, <Availability.PREORDER: 'preorder'>)
    """
    return _meaning(word, _AVAILABILITIES) if word else Availability.IN_STOCK


def audience(gender: str, age_group: str = "") -> Audience:
    """Return whom a garment is for; nothing is unknown, and so is an adult's age without a gender.

    Raises:
        ValueError: a word is not known.

    >>> audience("female", "adult"), audience("male", "toddler"), audience("", "adult")
    (<Audience.WOMEN: 'women'>, <Audience.KIDS: 'kids'>, <Audience.UNKNOWN: 'unknown'>)
    """
    by_age = _meaning(age_group, _AGES) if age_group else Audience.UNKNOWN
    by_gender = _meaning(gender, _GENDERS) if gender else by_age
    return by_age if by_age is Audience.KIDS else by_gender


def _meaning(word: str, words: Mapping[str, Value]) -> Value:
    value = words.get(re.sub(r"[\s_'’-]", "", word.rsplit("/", 1)[-1].lower()))
    if value is None:
        expected = ", ".join(sorted({each.value for each in words.values()}))
        raise ValueError(f"got {word!r}; expected one of {expected}")
    return value
