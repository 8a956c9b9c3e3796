"""BigCommerce: its product CSV, of today (`Item`: Product, Variant, Image) and before (`Item Type`: SKU)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from index.feeds.formats.cells import Cells, Source
from index.feeds.rows import FeedOptions, Reject
from index.feeds.systems.attributes import attribute_fields, paths_of
from index.feeds.systems.named import Named, mapped, passed_over

FORMAT: Final = "bigcommerce"
_MAX_ROWS: Final = 5000
_OPTION: Final = re.compile(
    r"(?:\[[A-Z]+\]|(?:^|\|)(?:Type=[^|]*\|)?Name=)([^=|\]]+?)(?:=|\|Value=)([^,|]*)"
)
_SKU: Final = ("sku", "product_code/sku", "product_sku")
_NAME: Final = ("name", "product_name")


def fits(names: frozenset[str]) -> bool:
    """Return whether folded names are those of its export."""
    old = {"item_type", "product_name"} <= names
    return old or (
        {"item", "name"} <= names and bool({"options", "inventory_tracking", "is_visible"} & names)
    )


def read(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a variant, and one a product without any."""
    product: list[Cells] = []
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        if product and (_kind(cells) == "product" or len(product) >= _MAX_ROWS):
            yield from _items(product, options)
            product = []
        product.append(cells)
    if product:
        yield from _items(product, options)


def _kind(cells: Cells) -> str:
    return cells.text("item", "item_type").lower()


def _items(rows: list[Cells], options: FeedOptions) -> Iterator[Named | Reject]:
    first = rows[0]
    pictures = [
        name for row in rows if _kind(row) in ("product", "image") for name in _pictures(row)
    ]
    variants = [row for row in rows[1:] if _kind(row) in ("variant", "sku")]
    hidden = first.text("is_visible", "product_visible").lower() in ("false", "n", "no", "0")
    for at, row in enumerate(variants or [first], start=1):
        sku = (
            row.text(*_SKU)
            or f"{first.text(*_SKU, 'id', 'product_id')}{f'-{at}' if variants else ''}"
        )
        if hidden:
            yield passed_over(row, sku, "the product is not visible")
        else:
            record = _record(first, row, pictures) | {"sku": sku} | mapped(row, options)
            yield Named(row.number, row.where, record)


def _pictures(row: Cells) -> list[str]:
    listed = [row.text("internal_image_url"), row.text("image_url"), row.text("product_image_file")]
    listed += [row.text(f"product_image_file_{n}", f"product_image_url_{n}") for n in range(1, 21)]
    return [name for name in listed if name]


def _record(first: Cells, row: Cells, pictures: list[str]) -> dict[str, object]:
    own = row.text("variant_image_url", "product_image_url")
    named = _OPTION.findall(row.text("options") or (row.text(*_NAME) if row is not first else ""))
    tracked = first.text("inventory_tracking", "track_inventory").lower()
    stock = row.text("current_stock", "current_stock_level", "stock_level")
    return {
        "group": first.text(*_SKU, "id", "product_id") if row is not first else "",
        "title": first.text(*_NAME),
        "description": first.text("description", "product_description"),
        "brand": first.text("brand_name", "brand"),
        "category": paths_of(first.text("category_details", "category", "categories")),
        "price": row.text("price") or first.text("price", "calculated_price"),
        "sale_price": _given(row.text("sale_price") or first.text("sale_price")),
        "old_price": _given(row.text("retail_price") or first.text("retail_price")),
        "availability": _state(first, tracked, stock),
        "image": [own, *pictures] if own else pictures,
        **attribute_fields((name, value.strip()) for name, value in named),
    }


def _given(price: str) -> str:
    """Return a price; nothing for the zero that stands for none."""
    return "" if re.fullmatch(r"0+(?:\.0*)?", price) else price


def _state(first: Cells, tracked: str, stock: str) -> str:
    if first.text("allow_purchases", "product_availability").lower() in (
        "n",
        "no",
        "false",
        "disabled",
    ):
        return "out of stock"
    return stock if tracked not in ("", "none", "n", "no", "false") else ""
