"""Public tables and exports that need little more than the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from index.feeds.formats.cells import Cells, Source
from index.feeds.rows import FeedOptions, Reject
from index.feeds.systems.attributes import attribute_fields, paths_of
from index.feeds.systems.named import Named, Reader, named

PRESTASHOP: Final = "prestashop"
SQUARESPACE: Final = "squarespace"


def is_prestashop(names: frozenset[str]) -> bool:
    """Return whether folded names are those of PrestaShop's product CSV."""
    own = {
        "active",
        "reference_#",
        "reference",
        "on_sale",
        "tax_rules_id",
        "wholesale_price",
        "discount_percent",
    }
    return {"name", "image_urls"} <= names and len(own & names) > 1


def prestashop(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a product; a discount in percent or money makes the sale price."""
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        entry = named(cells, options)
        if isinstance(entry, Named) and (sale := _reduced(cells)):
            entry = Named(entry.number, entry.where, {**entry.record, "sale_price": sale})
        yield entry


def _reduced(cells: Cells) -> str:
    price, percent, amount = (
        _number(cells.text(*each))
        for each in (
            ("price_tax_included", "price_tax_excluded", "price"),
            ("discount_percent",),
            ("discount_amount",),
        )
    )
    if not price or not (percent or amount):
        return ""
    reduced = price - (price * percent / 100 if percent else amount or Decimal(0))
    return f"{reduced:.2f}" if 0 < reduced < price else ""


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".").rstrip(" %"))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**10 else None


def is_squarespace(names: frozenset[str]) -> bool:
    """Return whether folded names are those of Squarespace's product CSV."""
    return {"hosted_image_urls", "title"} <= names and bool(
        {"option_name_1", "product_page"} & names
    )


def squarespace(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a variant; rows below a product's first say only what differs."""
    first: Cells | None = None
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        first = cells if cells.text("title") or first is None else first
        entry = named(cells, options)
        if isinstance(entry, Named):
            entry = _of_squarespace(first, cells, entry)
        yield entry


def _of_squarespace(first: Cells, cells: Cells, entry: Named) -> Named:
    shared = {
        name: first.by_name.get(name) for name in ("title", "description", "categories", "visible")
    }
    pairs = [
        (
            cells.text(f"option_name_{n}") or first.text(f"option_name_{n}"),
            cells.text(f"option_value_{n}"),
        )
        for n in range(1, 7)
    ]
    stock = cells.text("stock")
    record: dict[str, object] = {
        **entry.record,
        "sku": cells.text("sku") or cells.text("variant_id") or cells.text("product_id"),
        "group": first.text("product_id", "product_url"),
        "title": shared["title"],
        "description": shared["description"],
        "category": paths_of(str(shared["categories"] or "")),
        "published": shared["visible"],
        "link": "",  # the end of an address alone
        "availability": "in stock" if stock.lower() == "unlimited" else stock,
        "sale_price": cells.text("sale_price")
        if cells.text("on_sale").lower() in ("yes", "true")
        else "",
        "image": re.split(
            r"\s+", cells.text("hosted_image_urls") or first.text("hosted_image_urls")
        ),
        **attribute_fields(pairs),
    }
    return Named(entry.number, entry.where, record)


def is_numbered(names: frozenset[str]) -> bool:
    """Return whether a table names its pictures by its ids: Kaggle's `styles.csv`, H&M's articles."""
    fashion = {"articletype", "productdisplayname"} <= names
    return (fashion or {"article_id", "prod_name"} <= names) and not {"image", "image_url"} & names


def numbered(root: Path) -> Reader:
    """Return what reads such a table, whose pictures lie below `root`: `images/010/0108775015.jpg`."""

    def read(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
        for cells in source():
            if isinstance(cells, Reject):
                yield cells
                continue
            article = cells.text("article_id")
            number = article.zfill(10) if article else cells.text("id")
            more: dict[str, object] = {"image": _picture(root, number)}
            if article:
                more |= {"sku": article, "group": cells.text("product_code")}
            yield named(cells, options, more)

    return read


def _picture(root: Path, number: str) -> str:
    """Return the picture's path: where it lies, else where it should."""
    names = [
        f"images/{number}.jpg",
        f"images/{number[:3]}/{number}.jpg",
        f"{number}.jpg",
        f"{number[:3]}/{number}.jpg",
    ]
    plain = number.isalnum()
    return next(
        (name for name in names if plain and (root / name).is_file()), names[len(number) == 10]
    )
