"""A record of named values, whatever its format -> an item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from index.feeds.categories.matching import category_of, is_foreign
from index.feeds.fields import vocabulary
from index.feeds.fields.money import MoneyRefused, money, on_sale
from index.feeds.fields.pictures import MAX_PICTURES
from index.model.items import CatalogItem, Unplaced, check_sku
from segmentation.common.taxonomy import Category

MAX_TEXT: Final = 100_000
"""Characters of one value; a longer one is a mistake of the export and rejects its row."""
_DESCRIPTION: Final = 5000
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_JSON: Final = ("[", "{")
_BETWEEN_ADDRESSES: Final = re.compile(r"[,|\s]+(?=[A-Za-z0-9]+://)")
_TEXTS: Final = {
    "group": 200, "brand": 200, "pattern": 100, "material": 200, "sleeve": 100, "length": 100,
}  # fmt: skip


class FieldRefused(ValueError):  # noqa: N818  # told as a reject's reason
    """A value cannot be used; the text says which field, what was got, what was expected."""


class NoGarment(FieldRefused):
    """The shop's words name something that is no garment of ours, such as a ring; it is passed over.

    Its picture is not asked: the encoder knows nothing but garments, and would find one.
    """

    @classmethod
    def of(cls, words: str) -> NoGarment:
        """Return the refusal of what the shop calls so."""
        return cls(f"passed over: {words[:100]!r} is no kind of garment that is kept here")


def item_from(
    record: Mapping[str, object], default_currency: str = "", now: datetime | None = None
) -> CatalogItem | Unplaced:
    """Return the item that a record describes; Unplaced where its words name no known kind.

    Args:
        record: values by the names in `columns.FIELDS`; text, numbers, or lists of them for
            pictures, sizes and kinds.
        default_currency: for a price that comes without one.
        now: when a sale's dates are compared; None is the present.

    Raises:
        FieldRefused: a value is missing or not understood.
        NoGarment: the words name something else.
    """
    words = [*_words(record, "category"), *_words(record, "product_type")]
    own_words = [*_words(record, "product_type"), *words, ""]
    try:
        sku = check_sku(text_of(record, "sku", 200, needed=True))
    except ValueError as error:
        raise FieldRefused(str(error)) from error
    fields = _fields(record, default_currency, now or datetime.now(UTC))
    fields["merchant_category"] = own_words[0]
    category = category_of(*words, fields["title"])
    if category is None and is_foreign(*words, fields["title"]):
        raise NoGarment.of(own_words[0] or fields["title"])
    try:
        item = CatalogItem(sku=sku, category=category or Category.TOP, **fields)
    except ValueError as error:
        raise FieldRefused(str(error)) from error
    return item if category else Unplaced(sku, fields)


def text_of(
    record: Mapping[str, object], name: str, limit: int = MAX_TEXT, *, needed: bool = False
) -> str:
    """Return a value as text, without blanks around it; nothing where there is none.

    Raises:
        FieldRefused: it is no text, too long, has control characters, or is needed and missing.
    """
    value = record.get(name)
    if value is None or value == "":
        if needed:
            raise FieldRefused(f"{name}: got nothing; expected a value")
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise FieldRefused(f"{name}: got {type(value).__name__}; expected text")
    text = str(value).strip()
    if _CONTROLS.search(text):
        raise FieldRefused(f"{name}: got control characters; expected plain text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FieldRefused(f"{name}: got broken characters; expected UTF-8") from error
    if len(text) > limit:
        raise FieldRefused(f"{name}: got {len(text)} characters; expected {limit} at most")
    if needed and not text:
        raise FieldRefused(f"{name}: got only blanks; expected a value")
    return text


def _fields(record: Mapping[str, object], currency: str, now: datetime) -> dict[str, Any]:
    """Return everything but sku and category."""
    title = text_of(record, "title", 500, needed=True)
    pictures = _pictures(record)
    colour, second_colour = _colours(record)
    return {
        "title": title,
        "description": text_of(record, "description")[:_DESCRIPTION].rstrip(),
        "image": pictures[0],
        "more_images": pictures[1:],
        "colour": colour,
        "second_colour": second_colour,
        "sizes": _sizes(record.get("sizes")),
        "link": _link(record),
        **_prices(record, currency, now),
        **_told(record),
        **{name: text_of(record, name, limit) for name, limit in _TEXTS.items()},
    }


def _prices(record: Mapping[str, object], default: str, now: datetime) -> dict[str, Any]:
    price, currency = _price(record, "price", default)
    sale_price, sale_currency = _price(record, "sale_price", currency)
    dates = text_of(record, "sale_dates", 200)
    if sale_price is not None and (price is None or sale_currency != currency):
        raise FieldRefused("sale_price: got one; expected a price in the same currency beside it")
    try:
        if sale_price is not None and dates and not on_sale(dates, now):
            sale_price = None
    except MoneyRefused as error:
        raise FieldRefused(f"sale_dates: {error}") from error
    return {"price": price, "currency": currency, "sale_price": sale_price}


def _price(record: Mapping[str, object], name: str, default: str) -> tuple[Decimal | None, str]:
    """Return the amount and its currency, or None and nothing."""
    text = text_of(record, name, 40)
    if not text:
        return None, ""
    try:
        return money(text, text_of(record, "currency", 10) or default)
    except MoneyRefused as error:
        raise FieldRefused(f"{name}: {error}") from error


def _told(record: Mapping[str, object]) -> dict[str, Any]:
    gender = text_of(record, "audience", 100)
    age = "" if gender else text_of(record, "age_group", 100)
    name = "availability"
    try:
        availability = vocabulary.availability(text_of(record, name, 100))
        name = "audience"
        audience = vocabulary.audience(gender or text_of(record, "gender", 100), age)
    except FieldRefused:
        raise
    except ValueError as error:
        raise FieldRefused(f"{name}: {error}") from error
    return {"availability": availability, "audience": audience}


def _colours(record: Mapping[str, object]) -> tuple[str, str]:
    """Return main and second colour; feeds write up to three as `black/white/red`."""
    colour, second = text_of(record, "colour", 100), text_of(record, "second_colour", 100)
    first, _, others = colour.partition("/")
    if second or not others:
        return colour, second
    return first.strip(), others.split("/")[0].strip()


def _words(record: Mapping[str, object], name: str) -> list[str]:
    value = record.get(name)
    words = value if isinstance(value, list) else [value]
    if len(words) > 100:
        raise FieldRefused(f"{name}: got {len(words)}; expected 100 at most")
    return [text for word in words if (text := text_of({name: word}, name, 1000))]


def _pictures(record: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of pictures, the main one first, each once."""
    more = record.get("more_images")
    columns = [record.get("image"), *(more if isinstance(more, list) else [more])]
    listed = [columns[0], *(_split(each) for each in columns[1:])]
    names = tuple(dict.fromkeys(name for each in listed for name in _named(each) if name))
    if not names:
        raise FieldRefused("image: got nothing; expected a value")
    return names[:MAX_PICTURES]


def _split(cell: object) -> object:
    """Return a list where a text holds several names; addresses may have commas of their own."""
    if not isinstance(cell, str) or cell.lstrip().startswith(_JSON):
        return cell
    return _BETWEEN_ADDRESSES.split(cell) if "://" in cell else re.split("[,|]", cell)


def _named(value: object, depth: int = 3) -> Iterator[str]:
    """Yield the texts in a value: text, a list, `{"url": ...}`, or either of these as JSON."""
    if isinstance(value, str) and value.lstrip().startswith(_JSON):
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, list | dict) and depth:
        for part in [value.get("url")] if isinstance(value, dict) else value:
            yield from _named(part, depth - 1)
    else:
        yield text_of({"image": value}, "image", 2000)


def _sizes(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    parts = value if isinstance(value, list) else re.split(r"[,|]", str(value))
    if len(parts) > 100:
        raise FieldRefused(f"sizes: got {len(parts)}; expected 100 at most")
    sizes = (text_of({"sizes": part}, "sizes", 50) for part in parts)
    return tuple(dict.fromkeys(size for size in sizes if size))


def _link(record: Mapping[str, object]) -> str:
    link = text_of(record, "link", 2000)
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        scheme = "?"
    if link and scheme not in ("http", "https"):
        raise FieldRefused(f"link: got {link[:60]!r}; expected an http or https address")
    return link
