"""A record of named values, whatever its format -> an item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from index.items import Audience, Availability, CatalogItem
from segmentation.taxonomy import Category, parse_category

FIELDS: Final = (
    "sku", "title", "description", "brand", "category", "price", "currency", "sale_price",
    "availability", "audience", "colour", "second_colour", "pattern", "material", "sleeve",
    "length", "sizes", "image", "link",
)  # fmt: skip
"""The names that a record may use; others are left alone."""
_TEXTS: Final = {
    "description": 5000, "brand": 200, "colour": 100, "second_colour": 100, "pattern": 100,
    "material": 200, "sleeve": 100, "length": 100,
}  # fmt: skip
_AUDIENCES: Final = {
    **{audience.value: audience for audience in Audience},
    **dict.fromkeys(("woman", "female", "womens", "ladies"), Audience.WOMEN),
    **dict.fromkeys(("man", "male", "mens"), Audience.MEN),
    **dict.fromkeys(("kid", "child", "children", "boys", "girls"), Audience.KIDS),
    "adult": Audience.UNISEX,
}
_AVAILABILITIES: Final = {
    **{state.value.replace("_", ""): state for state in Availability},
    "soldout": Availability.OUT_OF_STOCK,
}
_MONEY: Final = re.compile(r"(?:([A-Za-z]{3})\s*)?(\d{1,10}(?:\.\d{1,2})?)(?:\s*([A-Za-z]{3}))?")

Value = TypeVar("Value", Audience, Availability)


class FieldRefused(ValueError):  # noqa: N818  # told as a reject's reason
    """A value cannot be used; the text says which field, what was got, what was expected."""


def item_from(record: Mapping[str, object], default_currency: str = "") -> CatalogItem:
    """Return the item that a record describes.

    Args:
        record: values by the names in `FIELDS`; text, numbers, or for `sizes` a list.
        default_currency: for a price that comes without one.

    Raises:
        FieldRefused: a value is missing or not understood.
    """
    price, currency = _price(record, "price", default_currency)
    texts: dict[str, Any] = {name: _text(record, name, limit) for name, limit in _TEXTS.items()}
    sale_price, sale_currency = _price(record, "sale_price", currency)
    if sale_price is not None and (price is None or sale_currency != currency):
        raise FieldRefused("sale_price: got one; expected a price in the same currency beside it")
    return CatalogItem(
        sku=_text(record, "sku", 200, needed=True),
        title=_text(record, "title", 500, needed=True),
        category=_category(record),
        image=_text(record, "image", 1000, needed=True),
        price=price,
        currency=currency,
        sale_price=sale_price,
        availability=_one_of(record, "availability", _AVAILABILITIES, Availability.IN_STOCK),
        audience=_one_of(record, "audience", _AUDIENCES, Audience.UNISEX),
        sizes=_sizes(record.get("sizes")),
        link=_link(record),
        **texts,
    )


def _text(record: Mapping[str, object], name: str, limit: int, *, needed: bool = False) -> str:
    value = record.get(name)
    if value is None or value == "":
        if needed:
            raise FieldRefused(f"{name}: got nothing; expected a value")
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise FieldRefused(f"{name}: got {type(value).__name__}; expected text")
    text = str(value).strip()
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        raise FieldRefused(f"{name}: got control characters; expected plain text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FieldRefused(f"{name}: got broken characters; expected plain text") from error
    if len(text) > limit:
        raise FieldRefused(f"{name}: got {len(text)} characters; expected {limit} at most")
    if needed and not text:
        raise FieldRefused(f"{name}: got only blanks; expected a value")
    return text


def _category(record: Mapping[str, object]) -> Category:
    word = _text(record, "category", 200, needed=True)
    category = parse_category(word)
    if category is None:
        raise FieldRefused(f"category: got {word!r}; expected a garment such as 'dress' or 'shoe'")
    return category


def _price(
    record: Mapping[str, object], name: str, default_currency: str
) -> tuple[Decimal | None, str]:
    """Return the amount and its currency, or None and nothing."""
    text = _text(record, name, 40)
    if not text:
        return None, ""
    found = _MONEY.fullmatch(text)
    if found is None:
        raise FieldRefused(f"{name}: got {text!r}; expected an amount such as 49.90")
    given = found[1] or found[3] or _text(record, "currency", 3) or default_currency
    if not re.fullmatch("[A-Za-z]{3}", given):
        raise FieldRefused(f"{name}: got {text!r} without a currency; expected one (--currency)")
    return Decimal(found[2]), given.upper()


def _one_of(
    record: Mapping[str, object], name: str, words: Mapping[str, Value], default: Value
) -> Value:
    word = _text(record, name, 100)
    if not word:
        return default
    value = words.get(re.sub(r"[\s_'-]", "", word.rsplit("/", 1)[-1].lower()))
    if value is None:
        expected = ", ".join(sorted({v.value for v in words.values()}))
        raise FieldRefused(f"{name}: got {word!r}; expected one of {expected}")
    return value


def _sizes(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    parts = value if isinstance(value, list) else re.split(r"[,|]", str(value))
    if len(parts) > 100:
        raise FieldRefused(f"sizes: got {len(parts)}; expected 100 at most")
    sizes = (_text({"sizes": part}, "sizes", 50) for part in parts)
    return tuple(dict.fromkeys(size for size in sizes if size))


def _link(record: Mapping[str, object]) -> str:
    link = _text(record, "link", 2000)
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        scheme = "?"
    if link and scheme not in ("http", "https"):
        raise FieldRefused(f"link: got {link[:60]!r}; expected an http or https address")
    return link
