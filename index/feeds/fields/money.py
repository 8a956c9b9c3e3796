"""An amount of money as a feed writes it -> an exact decimal and its currency, or a refusal.

Libraries that look for a price in a text always find one: `price-parser` reads 49.995 as 49995 and
"from 12 to 15" as 12. Here the whole text must fit, and what could mean two amounts is refused.
Which signs and decimals a currency has is CLDR's, through babel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import get_currency_precision, list_currencies

_LOCALES: Final = ("en", "de", "fr", "pl", "cs", "da", "sv", "nb", "tr", "ru", "uk", "ja", "zh")
_SEVERAL: Final = frozenset(("$", "¥", "￥", "£", "kr", "kr.", "Rs", "Rs.", "F"))
"""Signs that more than one currency calls its own."""
_USUAL: Final = {"£": "GBP", "Rs": "INR", "Rs.": "INR"}
"""Those of them that one currency has to itself in practice."""
_AMOUNT: Final = r"[.,]?[0-9](?:[0-9.,'’\u00a0\u202f ]*[0-9])?"
_MONEY: Final = re.compile(
    rf"((?:[^0-9\s.,'’+-]+\.?)?)\s*({_AMOUNT})(?:[.,][-–—])?\s*((?:[^0-9\s.,'’+-]+\.?)?)"
)
_INDIAN: Final = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]{1,2})?")
_CENT: Final = Decimal("0.01")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:([.,'’\u00a0\u202f ])[0-9]{3})(?:\1[0-9]{3})*")
_DIGITS: Final = 10
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d{1,2}):?(\d\d)(?::?\d\d)?)?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


class MoneyRefused(ValueError):  # noqa: N818  # becomes a reject's reason
    """A text is not one amount; what it says follows `got ...`."""


class NoCurrency(MoneyRefused):
    """An amount is clear, but not in which currency."""


def _unknown(code: str) -> str:  # noqa: ARG001  # nothing is known of the rows beside it
    return ""


def money(
    text: str, currency: str = "", mark: Callable[[str], str] = _unknown
) -> tuple[Decimal, str]:
    """Return the amount and its ISO 4217 code.

    Args:
        text: an amount with or without a code or sign before or behind it.
        currency: the code, or a sign of one currency alone, for an amount that comes without one
            or with a sign of several.
        mark: a currency -> the decimal mark that the prices beside it have; nothing where they
            have none, or several.

    Raises:
        NoCurrency: neither the text nor the argument tells the currency.
        MoneyRefused: the text is not an amount, or could be two.

    >>> money("1.234,56 €"), money("$12.50", "CAD"), money("1'234.- CHF")
    ((Decimal('1234.56'), 'EUR'), (Decimal('12.50'), 'CAD'), (Decimal('1234'), 'CHF'))
    """
    found = _MONEY.fullmatch(text.strip())
    if found is None or (found[1] and found[3]):
        raise MoneyRefused(f"got {text!r}; expected one amount such as 49.90")
    default = _signs().get(currency, currency.upper())
    if default and not is_currency(default):
        raise MoneyRefused(f"got {text!r} in {currency!r}; expected a currency such as EUR")
    code = _currency(found[1] or found[3], default, text)
    return _amount(found[2], code, text, mark), code


def currency_in(text: str, default: str) -> str:
    """Return the currency that a text names, else the default; nothing where neither does.

    >>> currency_in("ab 12,00 €", ""), currency_in("$ 5", "cad"), currency_in("5 each", "")
    ('EUR', 'CAD', '')
    """
    words: list[str] = re.findall(r"[^0-9\s.,'’+/()-]+\.?", text)
    for word in words:
        if re.fullmatch("[A-Za-z]{3}", word) and is_currency(word.upper()):
            return word.upper()
        if word not in _SEVERAL and (code := _signs().get(word)):
            return code
        if not default and word in _USUAL:
            return _USUAL[word]
    return _signs().get(default, default.upper())


def is_currency(code: str) -> bool:
    """Return whether this is a code of ISO 4217, in capitals.

    >>> is_currency("EUR"), is_currency("EUO")
    (True, False)
    """
    return code in _codes()


def _currency(word: str, default: str, text: str) -> str:
    if re.fullmatch("[A-Za-z]{3}", word):
        if is_currency(word.upper()):
            return word.upper()
        raise MoneyRefused(f"got {text!r}; {word!r} is no currency of ISO 4217")
    if word and word not in _SEVERAL:
        if code := _signs().get(word):
            return code
        raise MoneyRefused(f"got {text!r}; {word!r} is no currency that is known")
    if default and (not word or word in _own_signs(default)):
        return default
    if word in _USUAL:
        return _USUAL[word]
    shared = f", and {word} belongs to several" if word else ""
    raise NoCurrency(f"got {text!r} without a currency{shared}; expected one (--currency)")


def _amount(digits: str, currency: str, text: str, mark: Callable[[str], str]) -> Decimal:
    """Return what the digits say; see `money`."""
    decimals = get_currency_precision(currency)
    if _INDIAN.fullmatch(digits):
        digits = digits.replace(",", "")
    one = re.fullmatch(r"([0-9]+)([.,])([0-9]+)", digits)
    unclear = one and _GROUPED.fullmatch(digits) and decimals
    if one and unclear and (decimals != 3 or one[2] == ","):
        return _by_other_marks(one, mark(currency), text)
    if _GROUPED.fullmatch(digits) and not (one and decimals == 3):
        whole, point, tail = digits, "", ""
    else:
        whole, point, tail = re.fullmatch(r"(.*?)(?:([.,])([0-9]+))?", digits).groups("")  # type: ignore[union-attr]  # matches all
    grouped = _GROUPED.fullmatch(whole)
    if not (whole.isdigit() or (grouped and grouped[1] != point) or (not whole and tail)):
        raise MoneyRefused(f"got {text!r}; expected one amount such as 49.90")
    plain = re.sub("[^0-9]", "", whole) or "0"
    if len(tail) > 3 and not tail[2:].strip("0"):  # databases write 99.0000
        tail = tail[:2]
    if len(plain) > _DIGITS or len(tail) > max(2, decimals):
        raise MoneyRefused(f"got {text!r}; expected {_DIGITS} digits and two decimals at most")
    return Decimal(f"{plain}.{tail}" if tail else plain)


def _by_other_marks(one: re.Match[str], mark: str, text: str) -> Decimal:
    """Return what `1.299` means where the other prices have this decimal mark."""
    whole, point, tail = one.groups()
    if not mark:
        either = f"{whole}{tail} or {whole}.{tail}"
        raise MoneyRefused(f"got {text!r}, which could be {either}; expected two decimals or none")
    if point != mark:
        return Decimal(whole + tail)
    return Decimal(f"{whole}.{tail}").quantize(_CENT, ROUND_HALF_UP)


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def _signs() -> dict[str, str]:
    """Return the signs that mean one currency."""
    return {
        sign: code
        for name in reversed(_LOCALES)
        for code, sign in Locale.parse(name).currency_symbols.items()
        if sign != code and is_currency(code)
    }


@cache
def _own_signs(code: str) -> frozenset[str]:
    """Return the signs that a currency goes by, `$` for each dollar and peso, `kr` for a crown."""
    signs = {Locale.parse(name).currency_symbols.get(code, "") for name in _LOCALES}
    short: dict[str, tuple[str, ...]] = {
        "$": ("$",), "¥": ("¥", "￥"), "£": ("£",), "kr": ("kr", "kr."), "Rs": ("Rs",), "F": ("F",),
    }  # fmt: skip
    extra = {
        other
        for sign, others in short.items()
        if any(sign in each for each in signs)
        for other in others
    }
    return frozenset(signs | extra)


def on_sale(dates: str, now: datetime) -> bool:
    """Return whether a sale is on, by Google's and Meta's `start/end` in ISO 8601.

    A date without an hour begins at midnight and ends with its day; without a zone it is `now`'s.

    Raises:
        MoneyRefused: it is no such span.
    """
    start, slash, end = dates.partition("/")
    if not slash:
        raise MoneyRefused(f"got {dates[:60]!r}; expected start/end such as 2026-01-01/2026-01-31")
    return _moment(start, now, dates) <= now < _moment(end, now, dates, last=True)


def _moment(text: str, now: datetime, dates: str, *, last: bool = False) -> datetime:
    found = _MOMENT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        day, hour, minute, zone = found.groups()
        clock = f"{int(hour or 0):02}:{minute or '00'}"
        moment = datetime.fromisoformat(f"{day}T{clock}{zone or ''}")
    except ValueError as error:
        raise MoneyRefused(f"got {dates[:60]!r}; expected start/end in ISO 8601") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    open_end = last and hour is None and moment.year < datetime.max.year
    return moment + timedelta(days=1) if open_end else moment
