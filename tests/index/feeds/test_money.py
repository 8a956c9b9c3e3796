"""Money: every amount is read exactly, or refused; none is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.feeds.fields.money import MoneyRefused, NoCurrency, money, on_sale

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "default", "amount", "code"),
    [
        ("12,00 EUR", "", "12.00", "EUR"),
        ("1.234,56 €", "", "1234.56", "EUR"),
        ("$1,234.56", "USD", "1234.56", "USD"),
        ("$1,234.56", "CAD", "1234.56", "CAD"),
        ("US$ 12", "", "12", "USD"),
        ("usd 12", "EUR", "12", "USD"),
        ("£5", "", "5", "GBP"),
        ("¥500", "JPY", "500", "JPY"),
        ("1'234.50 CHF", "", "1234.50", "CHF"),
        ("1’234.- CHF", "", "1234", "CHF"),
        ("12,– €", "", "12", "EUR"),
        ("1 234,50 zł", "", "1234.50", "PLN"),
        ("1\u202f234\u00a0kr", "SEK", "1234", "SEK"),
        ("99 kr.", "DKK", "99", "DKK"),
        ("1,234,567 USD", "", "1234567", "USD"),
        ("1.234.567,89", "EUR", "1234567.89", "EUR"),
        ("1,234 JPY", "", "1234", "JPY"),
        ("150.000 VND", "", "150000", "VND"),
        ("12.000 KWD", "", "12.000", "KWD"),
        ("0.123 KWD", "", "0.123", "KWD"),
        ("0", "EUR", "0", "EUR"),
        (".5", "EUR", "0.5", "EUR"),
        (",89 EUR", "", "0.89", "EUR"),
        ("1,23,456.00", "INR", "123456.00", "INR"),
        ("Rs. 1499", "EUR", "1499", "INR"),
    ],
)
def test_amounts(text: str, default: str, amount: str, code: str) -> None:
    value, currency = money(text, default)
    assert (str(value), currency) == (amount, code)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1.234", "1234 or 1.234"),
        ("1,234", "1234 or 1.234"),
        ("49.995", "49995 or 49.995"),
        ("1,234 KWD", "1234 or 1.234"),
        ("0.123", "two decimals"),
        ("0.123 JPY", "two decimals"),
        ("1234.567", "two decimals"),
        ("9" * 30, "10 digits"),
        ("5 EUO", "EUO"),
        ("5 ☃", "☃"),
        *((text, "one amount") for text in (
            "Free", "12 to 15", "-12", "+12", "1e5", "12 34", "12.345.67", "1,234.567,8", "1.2.3",
            "EUR 5 EUR", "€", "", ".", "1 2345", "1,2,345.00", "12\n13", "٣٤", "NaN", "Infinity",
        )),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, part: str) -> None:
    with pytest.raises(MoneyRefused, match=part):
        money(text, "EUR")


@pytest.mark.parametrize("text", ["12", "$12", "¥12", "kr 12"])
def test_no_currency_is_said_as_such(text: str) -> None:
    with pytest.raises(NoCurrency, match="--currency"):
        money(text)


def test_another_currencys_sign_is_not_the_given_ones() -> None:
    with pytest.raises(NoCurrency):
        money("$12", "EUR")
    assert money("€12", "USD")[1] == "EUR"


WRITTEN = (
    "{code} {whole}.{cents}", "{whole},{cents} {code}", "{points},{cents} {code}",
    "{code}{commas}.{cents}", "{ticks}.{cents} {code}", "{blanks},{cents} {code}",
)  # fmt: skip


@given(
    st.integers(0, 9_999_999_999),
    st.integers(0, 99),
    st.sampled_from(("EUR", "USD", "CHF", "SEK")),
    st.sampled_from(WRITTEN),
)
def test_every_way_of_writing_is_read_back(whole: int, cents: int, code: str, way: str) -> None:
    commas = f"{whole:,}"
    text = way.format(
        code=code, whole=whole, cents=f"{cents:02}", commas=commas,
        points=commas.replace(",", "."), ticks=commas.replace(",", "'"),
        blanks=commas.replace(",", " "),
    )  # fmt: skip
    assert money(text) == (Decimal(whole) + Decimal(cents) / 100, code)


@given(st.text(max_size=40) | st.text("0123456789.,' €$-EUR", max_size=20))
@example("1.234.")
def test_no_text_escapes(text: str) -> None:
    try:
        amount, code = money(text, "EUR")
    except MoneyRefused as refused:
        assert str(refused).startswith("got ")
        return
    digits = "".join(sign for sign in text if sign in "0123456789")
    assert str(amount).replace(".", "").lstrip("0") == digits.lstrip("0")
    assert len(code) == 3


@pytest.mark.parametrize(
    ("dates", "on"),
    [
        ("2026-03-01T00:00Z/2026-03-31T23:59Z", True),
        ("2026-03-10/2026-03-10", True),
        ("2026-03-01/2026-03-09", False),
        ("2026-03-10T13:00+0100/2026-03-11", True),
        ("2026-03-10T14:00+0100/2026-03-11", False),
        ("2017-12-01T0:00-23:59/2017-12-31T0:00-23:59", False),
    ],
)
def test_sales_have_their_days(dates: str, on: bool) -> None:
    assert on_sale(dates, NOW) is on


@given(st.text(max_size=60) | st.text("0123456789-T:Z+/ ", max_size=50))
@example("2026-02-30/2026-03-01")
@example("2026-03-01T25:00/2026-03-02")
@example("2026-01-01/9999-12-31")
@example("0001-01-01T00:00+2300/0001-01-01")
def test_no_dates_escape(dates: str) -> None:
    try:
        assert on_sale(dates, NOW) in (True, False)
    except MoneyRefused as refused:
        assert "start/end" in str(refused)
