"""A record -> its prices, whether it can be bought, and for whom it is.

An item can do without these: what cannot be read is left out, with a warning. A price that could be
two amounts is refused all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from index.feeds.fields import vocabulary
from index.feeds.fields.field_texts import FieldRefused, Reading, left_out, text_of, words_of
from index.feeds.fields.money import MoneyRefused, NoCurrency, on_sale
from index.feeds.fields.prices import Price, price
from index.model.items import Audience

T = TypeVar("T")
_RENAMED: Final = {"RUR": "RUB", "EURO": "EUR", "EUROS": "EUR", "RS": "INR", "RS.": "INR"}
_CENT: Final = Decimal("0.01")


def prices(record: Mapping[str, object], reading: Reading) -> dict[str, Any]:
    """Return price, currency and sale price of a record; a sale that cannot be one is left out."""
    asked = _price(record, "price", reading)
    sale = left_out(lambda: _price(record, "sale_price", reading, asked.currency), Price(), reading)
    old = left_out(lambda: _price(record, "old_price", reading, asked.currency), Price(), reading)
    if asked.amount is None:
        before = old.amount if old.currency == sale.currency else None
        if sale.amount is not None and before is not None and before > sale.amount > 0:
            return {"price": before, "currency": sale.currency, "sale_price": sale.amount}
        if sale.amount is None:
            return {"price": None, "currency": "", "sale_price": None}
        reading.warn("sale_price: got one without a price; it was taken for the price")
        return {"price": sale.amount, "currency": sale.currency, "sale_price": None}
    price_, reduced = asked.amount, sale.amount
    if reduced is not None and (wrong := _no_sale(asked, sale)):
        reading.warn(f"sale_price: {wrong}; it was left out")
        reduced = None
    if reduced is not None and not left_out(lambda: _on(record, reading), False, reading):
        reduced = None
    was = old.amount if old.currency == asked.currency else None
    if sale.amount is None and was is not None and was > price_ > 0:
        price_, reduced = was, price_
    if reduced == price_:
        reduced = None
    return {"price": price_, "currency": asked.currency, "sale_price": reduced}


def _no_sale(asked: Price, sale: Price) -> str:
    """Return why an amount is no reduced price; nothing where it is one."""
    assert asked.amount is not None and sale.amount is not None  # the caller looked
    if sale.currency != asked.currency:
        return f"got {sale.currency} beside a price in {asked.currency}"
    if sale.amount > asked.amount:
        return f"got {sale.amount}, more than the price of {asked.amount}"
    return f"got 0 beside a price of {asked.amount}" if asked.amount > sale.amount == 0 else ""


def _on(record: Mapping[str, object], reading: Reading) -> bool:
    dates = text_of(record, "sale_dates", 200)
    try:
        return not dates.strip("/ ") or on_sale(dates, reading.now or datetime.now(UTC))
    except MoneyRefused as error:
        raise FieldRefused(f"sale_dates: {error}; the sale was left out") from error


def _price(record: Mapping[str, object], name: str, reading: Reading, default: str = "") -> Price:
    """Return what one of the prices says; without a currency it is none, with a warning."""
    text = text_of({name: _whole(record.get(name))}, name, 100)
    currency = _currency(record, reading) or default
    try:
        stated = price(text, currency, reading.column)
    except NoCurrency as error:
        reading.warn(f"{name}: {error}; the item has no price")
        return Price()
    except MoneyRefused as error:
        raise FieldRefused(f"{name}: {error}") from error
    if stated.warning:
        reading.warn(f"{name}: {stated.warning}")
    return stated


def _currency(record: Mapping[str, object], reading: Reading) -> str:
    stated = text_of(record, "currency", 20)
    return _RENAMED.get(stated.upper(), stated) or reading.currency


def buyers(record: Mapping[str, object], reading: Reading) -> dict[str, Any]:
    """Return a record's availability and audience."""
    gender = words_of(record, "audience", reading) or words_of(record, "gender", reading)
    age = "" if record.get("audience") else words_of(record, "age_group", reading)
    state = words_of(record, "availability", reading) or words_of(record, "stock", reading)
    return {
        "availability": _meant("availability", state, vocabulary.availability, reading),
        "audience": _audience(gender, age, reading),
    }


def _audience(gender: str, age: str, reading: Reading) -> Audience:
    """Return for whom it is, by those of the two words that have a meaning."""
    known = [_meant("audience", word, vocabulary.audience, reading) for word in (gender, age)]
    return Audience.KIDS if known[1] is Audience.KIDS else known[0] if gender else known[1]


def _meant(name: str, word: str, meaning: Callable[[str], T], reading: Reading) -> T:
    try:
        return meaning(word)
    except vocabulary.WordUnknown as unknown:
        reading.warn(f"{name}: {unknown}; it was left out")
        return meaning("")


def _whole(value: object) -> object:
    """Return a number as an amount: it has no groups, and no more decimals than its currency."""
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= 10**12:
        return value
    exponent = value.as_tuple().exponent
    return (
        f"{value:.2f}" if isinstance(exponent, int) and (exponent < -2 or exponent > 0) else value
    )
