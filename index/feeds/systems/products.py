"""One product of Shopify's export: its rows -> a record for each variant."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from index.feeds.fields.html_text import text_of_html
from index.feeds.fields.money import MoneyRefused, money
from index.feeds.fields.options import NOTHING, field_of
from index.feeds.rows import FeedOptions
from index.model.items import Availability

_OPTIONS: Final = ("option1", "option2", "option3")
_NO: Final = ("false", "no", "0")
_SKU: Final = 200
_ANY: Final = "EUR"
"""Stands for the currency where two amounts of one are compared."""


@dataclass(frozen=True)
class Line:
    """One row of the export.

    Attributes:
        number: the row's.
        where: said behind a reason.
        cells: by what `shopify` calls them; a column that is missing has no key.
    """

    number: int
    where: str
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass
class ProductLines:
    """Rows that share a handle, in order. Empty at first."""

    lines: list[Line] = field(default_factory=list)

    @property
    def handle(self) -> str:
        """What they share."""
        return self.lines[0]["handle"] if self.lines else ""

    @property
    def hidden(self) -> str:
        """Why shoppers do not see the product; nothing where they do."""
        status = self.lines[0]["status"].lower() if self.lines else ""
        if status not in ("", "active"):
            return {"draft": "a draft"}.get(status, status)
        return "not published" if self.lines and self.lines[0]["published"].lower() in _NO else ""

    def variants(self) -> Iterator[tuple[Line, str]]:
        """Yield the rows that are variants with their skus; others only bring a picture."""
        slugs: Counter[str] = Counter()
        for at, line in enumerate(self.lines):
            if at and not (line["sku"] or line["price"] or line["option1value"]):
                continue
            sku = line["sku"]
            if not sku:
                sku = self._slug(line)
                slugs[sku] += 1
                if slugs[sku] > 1:  # S/M and S-M
                    sku = f"{sku}-{_digest(self._values(line))}"
            yield line, sku

    def record(self, line: Line, sku: str, options: FeedOptions) -> dict[str, object]:
        """Return one variant by the names in `columns.FIELDS`."""
        first = self.lines[0]
        record: dict[str, object] = {
            "sku": sku,
            "group": self.handle,
            "title": first["title"],
            "description": text_of_html(first["body"]),
            "brand": first["vendor"],
            "category": [first["category"], first["google"]],
            "product_type": [first["type"]],
            "availability": _availability(line).value,
            "gender": line["gender"] or first["gender"],
            "age_group": line["age"] or first["age"],
            "image": self._pictures(line),
            **_prices(line, options.currency),
        }
        for option in _OPTIONS:
            meaning = field_of(line[f"{option}name"] or first[f"{option}name"])
            if meaning and self._values(line).get(option):
                record[meaning] = (
                    [line[f"{option}value"]] if meaning == "sizes" else line[f"{option}value"]
                )
        for name in options.columns.values():
            if value := line[f"map:{name}"] or first[f"map:{name}"]:
                record[name] = value
        return record

    def _values(self, line: Line) -> dict[str, str]:
        values = {option: line[f"{option}value"] for option in _OPTIONS}
        return {option: value for option, value in values.items() if value.lower() not in NOTHING}

    def _slug(self, line: Line) -> str:
        text = "-".join((self.handle, *self._values(line).values())).lower()
        slug = re.sub(r"[\W_]+", "-", text).strip("-")
        return slug if len(slug) <= _SKU - 20 else f"{slug[: _SKU - 20]}-{_digest(text)}"

    def _pictures(self, line: Line) -> list[str]:
        """Return a variant's own picture, then the product's, without those of other variants."""
        own = line["variant_image"]
        if not own:
            return list(self._shared)
        others = {each["variant_image"] for each in self.lines} - {own}
        return [own, *(name for name in self._shared if name not in others)]

    @cached_property
    def _shared(self) -> tuple[str, ...]:
        """The product's pictures by their position; rows without one keep their order, last."""
        lines = [line for line in self.lines if line["image"]]
        return tuple(line["image"] for line in sorted(lines, key=_position))


def _position(line: Line) -> int:
    position = line["position"]
    return (
        int(position)
        if position.isascii() and position.isdigit() and len(position) < 9
        else 1 << 30
    )


def _prices(line: Line, currency: str) -> dict[str, object]:
    """Return price and sale price: what was asked before, where it is more, is the price."""
    price, before = line["price"], line["compare"]
    try:
        now = money(price, currency or _ANY)[0] if price else None
        then = money(before, currency or _ANY)[0] if before else None
    except MoneyRefused:  # reported when the record is read
        return {"price": price, "sale_price": before}
    reduced = now is not None and then is not None and then > now
    return {"price": before, "sale_price": price} if reduced else {"price": price}


def _availability(line: Line) -> Availability:
    """Return whether a variant can be bought; a stock that is not counted never ends."""
    tracked = line["tracker"] or "tracker" not in line.cells  # exports without the column count all
    counted = tracked and re.fullmatch(r"-?[0-9]{1,9}", line["quantity"])
    if not counted or int(line["quantity"]) > 0:
        return Availability.IN_STOCK
    goes_on = line["policy"].lower() in ("continue", "true")
    return Availability.BACKORDER if goes_on else Availability.OUT_OF_STOCK


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode(errors="surrogateescape")).hexdigest()[:8]
