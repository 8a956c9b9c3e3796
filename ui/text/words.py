"""How the app speaks: money, dates, garments, places in an outfit, in the session's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from babel import dates, numbers

from recommender.wire.look_shapes import Suggestion
from recommender.wire.nouns import COLOURS, NAMED, PATTERNED
from recommender.wire.shapes import Garment, Item
from recommender.wire.terms import Fact
from segmentation.common.taxonomy import Category, Slot
from ui.text.speech import N_, language, say
from ui.text.troubles import problem as problem

_VALUES: Final[dict[str, dict[str, str]]] = {
    "colour": {name: name for name in COLOURS},
    "pattern": PATTERNED,
    "sleeve": {
        "sleeveless": N_("sleeveless"),
        "short": N_("short sleeves"),
        "three-quarter": N_("three-quarter sleeves"),
        "long": N_("long sleeves"),
    },
    "length": {
        "cropped": N_("cropped length"),
        "mini": N_("mini length"),
        "knee": N_("knee length"),
        "midi": N_("midi length"),
        "maxi": N_("maxi length"),
        "ankle": N_("ankle length"),
        "full": N_("full length"),
    },
    "audience": {
        "women": N_("Women"),
        "men": N_("Men"),
        "unisex": N_("Unisex"),
        "kids": N_("Kids"),
        "unknown": N_("Not known"),
    },
    "formality": {
        "sport": N_("sporty"),
        "casual": N_("casual"),
        "smart": N_("smart"),
        "formal": N_("formal"),
    },
    "warmth": {
        "hot": N_("for hot days"),
        "mild": N_("for mild days"),
        "cold": N_("for cold days"),
    },
    "availability": {
        "in_stock": N_("In stock"),
        "out_of_stock": N_("Sold out"),
        "preorder": N_("Pre-order"),
        "backorder": N_("On back-order"),
    },
}  # fmt: skip
FACETS: Final = {
    "colour": N_("Colour"),
    "pattern": N_("Pattern"),
    "sleeve": N_("Sleeves"),
    "length": N_("Length"),
    "brand": N_("Brand"),
    "size": N_("Size"),
    "category": N_("Kind"),
    "audience": N_("Department"),
    "formality": N_("How dressy"),
    "warmth": N_("Weather"),
    "fine_kind": N_("Finer kind"),
    "availability": N_("Availability"),
    "price": N_("Price"),
}
"""Filter -> its name; to be said."""
SLOTS: Final[dict[Slot, str]] = {
    Slot.TOP: N_("Tops"),
    Slot.OUTER: N_("Layers"),
    Slot.BOTTOM: N_("Bottoms"),
    Slot.ONE_PIECE: N_("Dresses and jumpsuits"),
    Slot.SHOES: N_("Shoes"),
    Slot.BAG: N_("Bags"),
    Slot.HOSIERY: N_("Hosiery"),
    Slot.ACCESSORIES: N_("Accessories"),
}
"""Slot -> its name; to be said."""
ONE_OF: Final[dict[Slot, str]] = {
    Slot.TOP: N_("Top"),
    Slot.OUTER: N_("Layer"),
    Slot.BOTTOM: N_("Bottom"),
    Slot.ONE_PIECE: N_("One-piece"),
    Slot.SHOES: N_("Shoes"),
    Slot.BAG: N_("Bag"),
    Slot.HOSIERY: N_("Hosiery"),
    Slot.ACCESSORIES: N_("Accessory"),
}
"""Slot -> how one thing in it is called; to be said."""


def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount as a price tag says it; nothing where there is none.

    >>> money(Decimal("129.00"), "EUR"), money(Decimal("9.5"), "CHF"), money(None, "EUR")
    ('€129', 'CHF 9.50', '')
    >>> money(Decimal("9.5"), "")
    '9.50'
    """
    if amount is None:
        return ""
    locale = language()
    if not currency:
        return numbers.format_decimal(amount, "#,##0.00", locale=locale)
    text = numbers.format_currency(amount, currency, locale=locale)
    if amount == amount.to_integral_value():
        text = text.replace(f"{numbers.get_decimal_symbol(locale)}00", "")
    # where there is no sign for a currency, its letters stand apart
    return re.sub(r"^([A-Z]{3})(?=\d)", r"\1 ", text.replace("\N{NO-BREAK SPACE}", " "))


def total(totals: Mapping[str, Decimal]) -> str:
    """Return what a look costs.

    >>> total({"EUR": Decimal("10.00"), "USD": Decimal("3.50")})
    '€10 + $3.50'
    """
    return " + ".join(money(amount, currency) for currency, amount in totals.items())


def day(at: datetime) -> str:
    """Return a date in words.

    >>> day(datetime(2026, 3, 31))
    'March 31, 2026'
    """
    return dates.format_date(at, "long", locale=language())


def moment(at: datetime) -> str:
    """Return a date and the time of day in this machine's zone, in short."""
    return dates.format_datetime(at.astimezone(), "short", locale=language())


def count(number: float, decimals: int = 1) -> str:
    """Return a number with its thousands apart, at most one decimal unless more are wanted.

    >>> count(12345), count(9.42)
    ('12,345', '9.4')
    """
    return numbers.format_decimal(round(number, decimals), locale=language())


def percent(share: float) -> str:
    """Return a share as whole percents.

    >>> percent(0.333)
    '33%'
    """
    text = numbers.format_percent(share, locale=language())
    return text.replace("\N{NO-BREAK SPACE}", " ")


def vocabulary() -> tuple[str, ...]:
    """Return the English words for kinds, colours, patterns and cuts."""
    cuts = ("colour", "pattern", "sleeve", "length")
    return (*NAMED.values(), *(word for name in cuts for word in _VALUES[name].values()))


def kind(category: Category) -> str:
    """Return the everyday word for a kind, as within a sentence.

    >>> kind(Category.SHOE), kind(Category.DRESS)
    ('shoes', 'dress')
    """
    return say(NAMED[category])


def facet(name: str) -> str:
    """Return a filter's name.

    >>> facet("audience")
    'Department'
    """
    return say(FACETS[name]) if name in FACETS else name


def garment_name(garment: Garment) -> str:
    """Return how a garment is called: colour, pattern if it has one, kind: `Navy striped shirt`."""
    return named(garment.category, garment.attributes)


def named(category: Category, facts: Mapping[str, str]) -> str:
    """Return how what is of a kind and has these facts is called, as `garment_name`."""
    pattern = facts.get("pattern", "")
    return begun(
        _called(
            kind(category),
            spoken("colour", facts.get("colour", "")),
            "" if pattern == "plain" else spoken("pattern", pattern),
        )
    )


def _called(named: str, colour: str, pattern: str) -> str:
    parts = {"kind": named, "colour": colour, "pattern": pattern}
    if colour and pattern:
        return say("{colour} {pattern} {kind}").format(**parts)
    if colour:
        return say("{colour} {kind}").format(**parts)
    return say("{pattern} {kind}").format(**parts) if pattern else named


def garment_details(garment: Garment) -> str:
    """Return what else is known of a garment: `with white, long sleeves`; nothing if nothing is."""
    second = spoken("colour", garment.attributes.get("second_colour", ""))
    facts = [say("with {colour}").format(colour=second) if second else ""]
    facts += [spoken(name, garment.attributes.get(name, "")) for name in ("sleeve", "length")]
    return ", ".join(filter(None, facts))


def item_facts(item: Item) -> str:
    """Return an item's attributes, as its shop or its picture tells: `Navy and white, striped`."""
    both = [spoken("colour", name) for name in (item.colour, item.second_colour) if name]
    words = {"colour": say(" and ").join(both)}
    words |= {name: spoken(name, getattr(item, name)) for name in ("pattern", "sleeve", "length")}
    return begun(", ".join(filter(None, words.values())))


def seen_facts(item: Item) -> str:
    """Return those of an item's attributes that its shop left empty and its picture shows."""
    names = {name: FACETS.get(name, "") for name in item.measured}
    return ", ".join(within(say(name)) for name in names.values() if name)


def not_in_stock(item: Item) -> str:
    """Return how an item that is not simply in stock can be had; else nothing."""
    here = item.availability.value
    return "" if here == "in_stock" else spoken("availability", here)


def spoken(name: str, value: str) -> str:
    """Return a value of an attribute as it is said; a shop's own words stay as they are.

    >>> spoken("pattern", "stripe"), spoken("sleeve", "long"), spoken("sleeve", "sleeveless")
    ('striped', 'long sleeves', 'sleeveless')
    >>> spoken("length", "knee"), spoken("length", "mini"), spoken("colour", "navy")
    ('knee length', 'mini length', 'navy')
    >>> spoken("category", "shoe"), spoken("sleeve", "puff"), spoken("brand", "Nord")
    ('shoes', 'puff sleeves', 'Nord')
    """
    if name == "category" and value in set(Category):
        return kind(Category(value))
    known = _VALUES.get(name, {}).get(value)
    if known is not None:
        return say(known)
    if name == "sleeve" and value and "sleeve" not in value:
        return say("{kind} sleeves").format(kind=value)
    if name == "length" and value and "length" not in value:
        return say("{kind} length").format(kind=value)
    return value


def begun(text: str) -> str:
    """Return a text with its first letter large."""
    return f"{text[:1].upper()}{text[1:]}"


def within(text: str) -> str:
    """Return a name as within a sentence: with a small first letter where the language has it so.

    >>> within("Navy jacket")
    'navy jacket'
    """
    return f"{text[:1].lower()}{text[1:]}" if language() == "en" else text


def reasons(suggestion: Suggestion) -> list[str]:
    """Return why an item is suggested as sentences, the one that says most first; at least one.

    The price is left out: its card shows it already.
    """
    return [sentence(why.text) for why in suggestion.why if why.fact is not Fact.PRICE] or [""]


def sentence(text: str) -> str:
    """Return a clause as a sentence.

    >>> sentence("the picture is empty"), sentence("Done.")
    ('The picture is empty.', 'Done.')
    """
    text = text.strip()
    if not text:
        return ""
    whole = begun(text)
    return whole if whole[-1] in ".!?" else f"{whole}."
