"""How the app speaks: money, garments, places in an outfit, problems. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from recommender.api.shapes import Garment, Item, Suggestion
from recommender.api.state_shapes import Problem
from segmentation.taxonomy import Category, Slot

_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_PAIRS: Final = {
    Category.SHOE: "shoes",
    Category.SOCK: "socks",
    Category.GLOVE: "gloves",
    Category.LEG_WARMER: "leg warmers",
}
_PATTERNS: Final = {
    "stripe": "striped",
    "pinstripe": "pinstriped",
    "check": "checked",
    "dots": "dotted",
}
FACETS: Final = {"colour": "Colour", "pattern": "Pattern", "sleeve": "Sleeves", "length": "Length"}
SLOTS: Final[dict[Slot, str]] = {
    Slot.TOP: "Tops",
    Slot.OUTER: "Layers",
    Slot.BOTTOM: "Bottoms",
    Slot.ONE_PIECE: "Dresses and jumpsuits",
    Slot.SHOES: "Shoes",
    Slot.BAG: "Bags",
    Slot.HOSIERY: "Hosiery",
    Slot.ACCESSORIES: "Accessories",
}
ONE_OF: Final[dict[Slot, str]] = {
    Slot.TOP: "Top",
    Slot.OUTER: "Layer",
    Slot.BOTTOM: "Bottom",
    Slot.ONE_PIECE: "One-piece",
    Slot.SHOES: "Shoes",
    Slot.BAG: "Bag",
    Slot.HOSIERY: "Hosiery",
    Slot.ACCESSORIES: "Accessory",
}


def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount as a price tag says it; nothing where there is none.

    >>> money(Decimal("129.00"), "EUR"), money(Decimal("9.5"), "CHF"), money(None, "EUR")
    ('€129', 'CHF 9.50', '')
    """
    if amount is None:
        return ""
    number = f"{amount:,.2f}".removesuffix(".00")
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{currency} {number}".strip()


def total(totals: Mapping[str, Decimal]) -> str:
    """Return what a look costs.

    >>> total({"EUR": Decimal("10.00"), "USD": Decimal("3.50")})
    '€10 + $3.50'
    """
    return " + ".join(money(amount, currency) for currency, amount in totals.items())


def garment_name(garment: Garment) -> str:
    """Return how a garment is called: colour, pattern if it has one, kind: `Navy striped shirt`."""
    kind = _PAIRS.get(garment.category, garment.category.value)
    pattern = garment.attributes.get("pattern", "")
    worn = "" if pattern == "plain" else spoken("pattern", pattern)
    return _begun(" ".join(filter(None, (garment.attributes.get("colour", ""), worn, kind))))


def garment_details(garment: Garment) -> str:
    """Return what else is known of a garment: `with white, long sleeves`; nothing if nothing is."""
    second = garment.attributes.get("second_colour", "")
    facts = [f"with {second}" if second else ""]
    facts += [spoken(name, garment.attributes.get(name, "")) for name in ("sleeve", "length")]
    return ", ".join(filter(None, facts))


def item_facts(item: Item) -> str:
    """Return an item's attributes; what its picture told, and not its shop, is told apart.

    A pattern, say, that the shop named stands plainly: `Navy and white, striped`.
    """
    colours = " and ".join(filter(None, (item.colour, item.second_colour)))
    known = {"colour": colours, "pattern": item.pattern, "sleeve": item.sleeve}
    known["length"] = item.length
    words = {name: spoken(name, value) for name, value in known.items() if value}
    given = [text for name, text in words.items() if name not in item.measured]
    seen = [text for name, text in words.items() if name in item.measured]
    told = [", ".join(given), f"in the picture: {', '.join(seen)}" if seen else ""]
    return _begun("; ".join(filter(None, told)))


def spoken(name: str, value: str) -> str:
    """Return a value of an attribute as it is said.

    >>> spoken("pattern", "stripe"), spoken("sleeve", "long"), spoken("sleeve", "sleeveless")
    ('striped', 'long sleeves', 'sleeveless')
    >>> spoken("length", "knee"), spoken("length", "mini"), spoken("colour", "navy")
    ('knee length', 'mini length', 'navy')
    """
    if name == "pattern":
        return _PATTERNS.get(value, value)
    if name == "sleeve" and value and "sleeve" not in value:
        return f"{value} sleeves"
    if name == "length" and value and "length" not in value:
        return f"{value} length"
    return value


def _begun(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def reason(told: Suggestion) -> str:
    """Return why an item is suggested, without the price, which its card shows already."""
    currency = told.item.currency
    facts = told.why.removesuffix(".").split("; ")
    return sentence("; ".join(fact for fact in facts if not currency or currency not in fact))


def sentence(text: str) -> str:
    """Return a clause as a sentence.

    >>> sentence("the picture is empty"), sentence("Done.")
    ('The picture is empty.', 'Done.')
    """
    text = text.strip()
    if not text:
        return ""
    whole = f"{text[0].upper()}{text[1:]}"
    return whole if whole[-1] in ".!?" else f"{whole}."


def problem(told: Problem) -> tuple[str, str]:
    """Return a problem for a person: what is wrong, and what to do next."""
    if told.errors:
        return told.title, "; ".join(each.message for each in told.errors)
    what = sentence(told.what or told.title)
    wanted = f"It has to be {told.expected}. " if told.status in {413, 415} else ""
    return what, f"{wanted}{told.next_step or told.detail}"
