"""Wix Stores: its CSV of both catalogues, old (`handleId`, `productImageUrl`) and new (`handle`, `media`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from index.feeds.formats.cells import Cells, Source
from index.feeds.rows import FeedOptions, Reject
from index.feeds.systems.attributes import attribute_fields, paths_of
from index.feeds.systems.named import Named, mapped, passed_over

FORMAT: Final = "wix"
MEDIA: Final = "https://static.wixstatic.com/media/"
_MAX_ROWS: Final = 5000
"""Rows of one product; Wix allows 1,000 variants."""
_SWATCH: Final = re.compile(r"(?:#[0-9a-fA-F]{3,8}|rgba?\([^)]*\)):")


def fits(names: frozenset[str]) -> bool:
    """Return whether folded names are those of its export."""
    return "fieldtype" in names and bool({"handleid", "handle"} & names)


def read(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a variant, and one a product without variants."""
    product: list[Cells] = []
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        handle = cells.text("handleid", "handle")
        if product and (
            handle != product[0].text("handleid", "handle") or len(product) >= _MAX_ROWS
        ):
            yield from _items(product, options)
            product = []
        product.append(cells)
    if product:
        yield from _items(product, options)


def _items(rows: list[Cells], options: FeedOptions) -> Iterator[Named | Reject]:
    kinds = [row.text("fieldtype").lower() for row in rows]
    first = rows[kinds.index("product")] if "product" in kinds else rows[0]
    media = [
        row.text("media", "productimageurl")
        for row, kind in zip(rows, kinds, strict=True)
        if kind in ("product", "media")
    ]
    variants = [row for row, kind in zip(rows, kinds, strict=True) if kind == "variant"]
    for row in variants or [first]:
        sku = row.text("sku") or _made_sku(first, row if variants else None)
        if any(each.text("visible").lower() == "false" for each in (first, row)):
            yield passed_over(row, sku, "the product is not visible")
        else:
            yield Named(
                row.number, row.where, _record(first, row, sku, media) | mapped(row, options)
            )


def _made_sku(first: Cells, variant: Cells | None) -> str:
    handle = first.text("sku") or first.text("handleid", "handle")
    if variant is None:
        return handle
    chosen = "-".join(str(value) for _, value in _options(variant, first)).lower()
    slug = re.sub(r"[\W_]+", "-", chosen).strip("-")
    return f"{handle}-{slug}"[:200]


def _record(first: Cells, row: Cells, sku: str, media: list[str]) -> dict[str, object]:
    attributes = attribute_fields([*_options(row, first), *_options(first, first)])
    return {
        "sku": sku,
        "group": first.text("handleid", "handle") if row is not first else "",
        "title": first.text("name"),
        "description": first.text("description", "plaindescription"),
        "brand": first.text("brand"),
        "category": paths_of(first.text("collection", "categories")),
        "availability": row.text("inventory") or first.text("inventory"),
        "image": [_address(name) for cell in media for name in re.split(r"[;,]\s*", cell) if name],
        **_prices(first, row),
        **attributes,
    }


def _address(name: str) -> str:
    """Return where a picture lies: exports name the files of Wix's own media alone.

    >>> _address("a1_b2~mv2.jpg"), _address("https://shop.example/a.jpg"), _address("img/a.jpg")
    ('https://static.wixstatic.com/media/a1_b2~mv2.jpg', 'https://shop.example/a.jpg', 'img/a.jpg')
    """
    return f"{MEDIA}{name}" if "~mv2" in name and "/" not in name else name


def _options(row: Cells, first: Cells) -> Iterator[tuple[str, object]]:
    """Yield the names of a row's options, which the product's row may say alone, and its choices."""
    for n in range(1, 7):
        values = row.text(f"productoptiondescription{n}", f"productoptionchoices{n}")
        if values:
            named = row.text(f"productoptionname{n}") or first.text(f"productoptionname{n}")
            yield named, _SWATCH.sub("", values).replace(";", "|")


def _prices(first: Cells, row: Cells) -> dict[str, object]:
    """Return prices: a variant adds its surcharge, and the product's discount is taken off."""
    price = row.text("price") or first.text("price")
    before = row.text("strikethroughprice") or first.text("strikethroughprice")
    number, added = (
        _number(price),
        _number(row.text("surcharge")) if row is not first else Decimal(0),
    )
    if number is None:
        return {"price": price, "old_price": before}
    number += added or Decimal(0)
    off, mode = _number(first.text("discountvalue")), first.text("discountmode").upper()
    sale = number - (number * off / 100 if mode == "PERCENT" else off) if off else None
    return {
        "price": f"{number:.2f}",
        "sale_price": f"{sale:.2f}" if sale is not None and sale > 0 else "",
        "old_price": before,
    }


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**10 else None
