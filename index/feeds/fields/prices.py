"""What shops write in a column of prices -> one amount, read as the whole column writes them.

`money` reads an exact amount. Around it stand a unit, a word on taxes, a range, or a word for nothing;
and whether 1.299 is a thousand or one and a bit is what the rows beside it say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from index.feeds.fields.money import MoneyRefused, NoCurrency, currency_in, money

_NOTHING: Final = re.compile(
    r"(?:free|gratis|kostenlos|gratuit|gratuito|null|none|nan|nil|n/?a|undefined|unknown|tba|tbd|"
    r"poa|price on request|preis auf anfrage|auf anfrage|sur demande|[-–—.]+)",
    re.IGNORECASE,
)
_TAXES: Final = re.compile(
    r"\(?\b(?:(?:incl?|inkl|excl?|exkl|zzgl|plus|with|without|including|excluding)\b\.?\s*)?"
    r"(?:vat|mwst|ust|tax(?:es)?|gst|ttc|ht|iva|btw|tva)\b\.?(?:\s*(?:incl?|inkl|excl?|included)\b\.?)?\)?",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r"(?:/|\bper\b|\bpro\b|\bpar\b|\bje\b|\bthe\b)\s*(?:1\s*)?"
    r"(?:pcs?|pieces?|st(?:k|ück|uck)?|pairs?|paar|units?|each|pi[eè]ce|pezzo|unidad|item)\b\.?|\beach\b",
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"^(?:from|ab|von|starting (?:at|from)|à partir de|a partir de|dès|desde|da|od|vanaf|only|nur|now|jetzt)\b:?\s*",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    r"\s+(?:-|–|—|to|bis|à|a|up to)\s+|(?<=[0-9])\s*[–—-]\s*(?=[^\s–—-]*[0-9])", re.I
)
_NUMBER: Final = re.compile(r"[0-9][0-9.,'’\u00a0\u202f ]*[0-9]|[0-9]")
_GROUPS: Final = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
_COMMA_GROUPS: Final = frozenset(
    ("USD", "GBP", "INR", "AUD", "NZD", "HKD", "SGD", "PKR", "PHP", "MYR", "AED")
)
"""Currencies whose countries group thousands by commas, and by nothing else."""


@dataclass(frozen=True)
class Price:
    """What a cell says.

    Attributes:
        amount: None where it says none.
        currency: ISO 4217; empty without an amount.
        warning: what a merchant should look at; empty for nothing.
    """

    amount: Decimal | None = None
    currency: str = ""
    warning: str = ""


@dataclass(frozen=True)
class PriceColumn:
    """The prices of a whole feed, looked at when one of them could mean two amounts.

    Attributes:
        texts: yields all of them with the currency that stands for those without one.
    """

    texts: Callable[[], Iterable[tuple[str, str]]] = field(default=tuple)

    def mark(self, currency: str) -> str:
        """Return the decimal mark of a currency's prices, `.` or `,`; nothing where they disagree."""
        found = self._marks.get(currency, set())
        if len(found) == 1:
            return next(iter(found))
        return "." if not found and currency in _COMMA_GROUPS else ""

    @cached_property
    def _marks(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for text, default in self.texts():
            number = _NUMBER.search(text)
            if number is not None and (mark := _mark_of(number[0])):
                found.setdefault(currency_in(text, default), set()).add(mark)
        return found


NO_COLUMN: Final = PriceColumn()


def price(text: str, currency: str = "", column: PriceColumn = NO_COLUMN) -> Price:
    """Return the amount in a cell.

    Args:
        text: as the feed wrote it.
        currency: as of `money`.
        column: what stands in the other rows.

    Raises:
        NoCurrency, MoneyRefused: as of `money`.

    >>> price("12.00 - 15.00 USD").amount, price("99.00 USD VAT incl.").amount
    (Decimal('12.00'), Decimal('99.00'))
    >>> price("Free")
    Price(amount=None, currency='', warning="got 'Free'; the item has no price")
    """
    stated = text.strip()
    if not stated:
        return Price()
    if _NOTHING.fullmatch(stated):
        return Price(warning=f"got {stated[:40]!r}; the item has no price")
    tidy = _FROM.sub("", _UNIT.sub("", _TAXES.sub("", stated)).strip(" ;()*").rstrip(",")).strip()
    ends = [end for end in _RANGE.split(tidy) if end.strip()]
    if len(ends) == 2 and all(map(_NUMBER.search, ends)):
        return _lowest(ends, currency, column, stated)
    return Price(*_amount(tidy, currency, column, stated))


def _lowest(ends: list[str], currency: str, column: PriceColumn, stated: str) -> Price:
    codes = {code for end in ends if (code := currency_in(end, ""))} - {""}
    if len(codes) > 1:
        raise MoneyRefused(f"got {stated[:60]!r} in two currencies; expected one")
    shared = codes.pop() if codes else currency
    amounts = [_amount(end, shared, column, stated) for end in ends]
    return Price(
        *min(amounts), warning=f"got the range {stated[:40]!r}; its lowest price was taken"
    )


def _amount(tidy: str, currency: str, column: PriceColumn, stated: str) -> tuple[Decimal, str]:
    try:
        return money(tidy, currency, lambda code: column.mark(code))
    except NoCurrency:
        raise
    except MoneyRefused as refused:
        if tidy == stated:
            raise
        raise MoneyRefused(f"{refused} (in {stated[:60]!r})") from refused


def _mark_of(number: str) -> str:
    """Return the decimal mark that a number shows; nothing where it shows none.

    >>> [_mark_of(text) for text in ("19.99", "1.299,00", "1,299", "1,299,000", "19,9")]
    ['.', ',', '', '.', ',']
    """
    if grouped := _GROUPS.fullmatch(number):
        return "," if grouped[1] == "." else "."
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return ""
    tail, before = number[last + 1 :], number[:last]
    other = "," if number[last] == "." else "."
    return number[last] if len(tail) in (1, 2) or other in before else ""
