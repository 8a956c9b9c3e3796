"""A record of named values, whatever its format -> an item."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from index.feeds.categories.matching import category_of, is_foreign
from index.feeds.fields.colours import colours
from index.feeds.fields.field_texts import (
    FieldRefused,
    Reading,
    as_read,
    as_read_in_lines,
    cleaned,
    left_out,
    text_of,
    words_of,
)
from index.feeds.fields.offers import buyers, prices
from index.feeds.fields.picture_names import named_in
from index.model.items import CatalogItem, Unplaced, check_sku
from segmentation.common.taxonomy import Category

_DESCRIPTION: Final = 5000
_NO_SIZES: Final[tuple[str, ...]] = ()
_TEXTS: Final = {
    "group": 200, "brand": 200, "pattern": 100, "material": 200, "sleeve": 100, "length": 100,
}  # fmt: skip
_HIDDEN: Final = re.compile(
    r"0|-1|false|no|off|draft|hidden|private|pending|trash|archived|inactive|disabled|unpublished|"
    r"unlisted|not visible|deleted|nein|non|2"
)
"""What a column says of a product that shoppers do not see; 2 is Magento's."""


class PassedOver(FieldRefused):
    """A record is in order, and not meant for shoppers or for this catalogue."""


class NoGarment(PassedOver):
    """The shop's words name something that is no garment of ours, such as a ring; it is passed over.

    Its picture is not asked: the encoder knows nothing but garments, and would find one.
    """

    @classmethod
    def of(cls, words: str) -> NoGarment:
        """Return the refusal of what the shop calls so."""
        return cls(f"passed over: {words[:100]!r} is no kind of garment that is kept here")


_DEFAULTS: Final = Reading()


def item_from(record: Mapping[str, object], reading: Reading = _DEFAULTS) -> CatalogItem | Unplaced:
    """Return the item that a record describes; Unplaced where its words name no known kind.

    What cannot be read of a field that an item can do without is left out, with a warning.

    Args:
        record: values by the names in `columns.FIELDS`; text, numbers, or lists of them for
            pictures, sizes, colours and kinds.
        reading: how it is read.

    Raises:
        FieldRefused: a value is missing or not understood.
        NoGarment: the words name something else.
        PassedOver: shoppers do not see it.
    """
    try:
        sku = check_sku(text_of(record, "sku", 200, needed=True))
    except ValueError as error:
        raise FieldRefused(str(error)) from error
    if _HIDDEN.fullmatch(words_of(record, "published", reading).casefold()):
        raise PassedOver(f"passed over: not published ({record.get('published')})")
    fields = _fields(record, reading)
    words = [*_words(record, "category"), *_words(record, "product_type")]
    own_words = [*_words(record, "product_type"), *words, ""]
    fields["merchant_category"] = own_words[0]
    category = category_of(*words, fields["title"])
    if category is None and is_foreign(*words, fields["title"]):
        raise NoGarment.of(own_words[0] or fields["title"])
    try:
        item = CatalogItem(sku=sku, category=category or Category.TOP, **fields)
    except ValueError as error:
        raise FieldRefused(str(error)) from error
    return item if category else Unplaced(sku, fields)


def _fields(record: Mapping[str, object], reading: Reading) -> dict[str, Any]:
    """Return everything but sku and category."""
    title = as_read(text_of(cleaned(record, "title", reading), "title", 500, needed=True))
    if not title:
        raise FieldRefused("title: got only blanks; expected a value")
    pictures = named_in(record)
    main, second = _colours(record, reading)
    texts = {
        name: as_read(words_of(record, name, reading, limit)) for name, limit in _TEXTS.items()
    }
    return {
        "title": title,
        "description": _description(record, reading),
        "image": pictures[0],
        "more_images": pictures[1:],
        "colour": main,
        "second_colour": second,
        "sizes": left_out(lambda: _sizes(record.get("sizes")), _NO_SIZES, reading),
        "link": left_out(lambda: _link(record), "", reading),
        **prices(record, reading),
        **buyers(record, reading),
        **texts,
    }


def _description(record: Mapping[str, object], reading: Reading) -> str:
    clean = cleaned(record, "description", reading)
    text = left_out(lambda: text_of(clean, "description"), "", reading)
    return as_read_in_lines(text)[:_DESCRIPTION].rstrip()


def _colours(record: Mapping[str, object], reading: Reading) -> tuple[str, str]:
    """Return main and second colour; feeds write up to three as `black/white/red`."""
    cells = [as_read(words_of(record, name, reading, 200)) for name in ("colour", "second_colour")]
    found = [name[:100] for name in colours(cells)]
    return (*found, "", "")[0], (*found, "", "")[1]


def _words(record: Mapping[str, object], name: str) -> list[str]:
    value = record.get(name)
    words = [
        part for each in (value if isinstance(value, list) else [value]) for part in _listed(each)
    ]
    if len(words) > 100:
        raise FieldRefused(f"{name}: got {len(words)}; expected 100 at most")
    return [as_read(text) for word in words if (text := text_of({name: word}, name, 1000))]


_LETTERS: Final = re.compile(
    r"(?:(?:[2-6]?X{0,4}[SL]|M)/){2,}(?:[2-6]?X{0,4}[SL]|M)", re.IGNORECASE
)


def _listed(value: object) -> list[object]:
    """Return the parts of a list that was written as a text: `["Clothing >> Skirts"]`."""
    if isinstance(value, list):
        return value
    if not (isinstance(value, str) and value.lstrip().startswith("[")):
        return [value]
    with suppress(ValueError, RecursionError):
        parts = json.loads(value)
        return (
            [part for part in parts if isinstance(part, str)]
            if isinstance(parts, list)
            else [value]
        )
    return [value]


def _sizes(value: object) -> tuple[str, ...]:
    """Return sizes as a person reads them; `38,5` is one, and so is `S/M`."""
    if value is None or value == "":
        return ()
    parts = value if isinstance(value, list) else _apart(str(value))
    if len(parts) > 100:
        raise FieldRefused(f"sizes: got {len(parts)}; expected 100 at most")
    sizes = (text_of({"sizes": part}, "sizes", 50) for part in parts)
    return tuple(dict.fromkeys(size for size in sizes if size))


def _apart(text: str) -> list[str]:
    if _LETTERS.fullmatch(text.strip()):
        return text.split("/")
    if re.fullmatch(r"\D*[0-9]{2},5", text.strip()):  # half a shoe size, not two sizes
        return [text]
    return re.split(r"[,|;]", text)


def _link(record: Mapping[str, object]) -> str:
    link = text_of(record, "link", 2000)
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        scheme = "?"
    if link and scheme not in ("http", "https"):
        raise FieldRefused(f"link: got {link[:60]!r}; expected an http or https address")
    return link
