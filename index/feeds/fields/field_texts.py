"""A value of a record -> text, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Final, TypeVar

from index.feeds.fields.html_text import text_of_html
from index.feeds.fields.prices import NO_COLUMN, PriceColumn

T = TypeVar("T")
MAX_TEXT: Final = 100_000
"""Characters of one value; a longer one is a mistake of the export and rejects its row."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MARKUP: Final = re.compile(
    r"</?(?:a|abbr|b|big|body|br|center|div|em|font|h[1-6]|hr|html|i|img|li|ol|p|section|small|span|"
    r"strong|style|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
"""Tags of HTML; `<midi>` in a title is none, and stays."""
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,20}[0-9]{0,2});")


class FieldRefused(ValueError):  # noqa: N818  # becomes a reject's reason
    """A value cannot be used; the text says which field, what was got, what was expected."""


def silent(text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Reading:
    """How records of one feed are read.

    Attributes:
        currency: for prices that come without one.
        now: when a sale's dates are compared; None is the present.
        column: the prices of all records.
        warn: takes what an optional field was left out for.
    """

    currency: str = ""
    now: datetime | None = None
    column: PriceColumn = NO_COLUMN
    warn: Callable[[str], None] = field(default=silent)


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


def as_read(text: str) -> str:
    r"""Return a line as a shopper reads it: nothing escaped, no markup, one blank between words.

    >>> as_read("Men&amp;#39;s <b>Linen</b>\n shirt")
    "Men's Linen shirt"
    """
    for _ in range(2):  # what was escaped twice comes with one layer left
        if _ENTITY.search(text):
            text = unescape(text)
    if _MARKUP.search(text):
        text = text_of_html(text)
    return " ".join(text.split())


def as_read_in_lines(text: str) -> str:
    """Return a text of several lines as a shopper reads it."""
    if _ENTITY.search(text):
        text = unescape(text)
    return text_of_html(text) if _MARKUP.search(text) else text


def left_out(read: Callable[[], T], otherwise: T, reading: Reading) -> T:
    """Return what is read; the other, with a warning, where it cannot be."""
    try:
        return read()
    except FieldRefused as refused:
        reading.warn(str(refused))
        return otherwise


def words_of(record: Mapping[str, object], name: str, reading: Reading, limit: int = 100) -> str:
    """Return an optional text; truth values as words."""
    value = record.get(name)
    if isinstance(value, bool):
        return str(value).casefold()
    if isinstance(value, list):
        record = {name: "|".join(str(part) for part in value if part not in (None, ""))}
    return left_out(lambda: text_of(record, name, limit), "", reading)


def cleaned(record: Mapping[str, object], name: str, reading: Reading) -> Mapping[str, object]:
    """Return a record whose text has blanks for control characters, with a warning."""
    value = record.get(name)
    if not (isinstance(value, str) and _CONTROLS.search(value)):
        return record
    reading.warn(f"{name}: got control characters; blanks stand for them")
    return {name: _CONTROLS.sub(" ", value)}
