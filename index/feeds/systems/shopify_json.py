"""Shopify's products as JSON: a shop's `/products.json`, or a list of the Admin API's products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index.feeds.formats.cells import Cells, Source
from index.feeds.rows import FeedOptions, Reject
from index.feeds.systems.named import Named, mapped, passed_over
from index.feeds.systems.products import Line, ProductLines


def fits(names: frozenset[str]) -> bool:
    """Return whether folded names are those of a product of its."""
    return {"variants", "title"} <= names and bool({"handle", "body_html", "vendor"} & names)


def read(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a variant."""
    number = 0
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        product = dict(zip(cells.names, cells.values, strict=True))
        lines = list(_lines(product, number))
        number += len(lines)
        whole = ProductLines(lines)
        for line, sku in whole.variants():
            here = Cells(line.number, "", cells.names, cells.values)
            if whole.hidden:
                yield passed_over(here, sku, f"the product is {whole.hidden}")
            else:
                record = whole.record(line, sku, options)
                yield Named(line.number, "", {**record, **mapped(here, options)})


def _lines(product: Mapping[str, Any], after: int) -> Iterator[Line]:
    """Yield a product's variants as rows of its CSV, and the pictures that are no variant's."""
    shared = {
        "handle": _text(product.get("handle") or product.get("id")),
        "title": _text(product.get("title")),
        "body": _text(product.get("body_html")),
        "vendor": _text(product.get("vendor")),
        "type": _text(product.get("product_type") or product.get("type")),
        "category": _named(product.get("category")) or _named(product.get("product_category")),
        "status": _text(product.get("status")),
        "tags": ", ".join(map(str, tags))
        if isinstance(tags := product.get("tags"), list)
        else _text(tags),
        **{
            f"option{n}name": _named(option)
            for n, option in enumerate(product.get("options") or (), 1)
            if n < 4
        },
    }
    pictures = [each for each in product.get("images") or () if isinstance(each, dict)]
    variants = [each for each in product.get("variants") or () if isinstance(each, dict)] or [{}]
    by_id = {picture.get("id"): _text(picture.get("src")) for picture in pictures}
    for at, variant in enumerate(variants):
        own = {
            "sku": _text(variant.get("sku")),
            "price": _money(variant.get("price")),
            "compare": _money(variant.get("compare_at_price")),
            "image": _text(pictures[0].get("src")) if pictures and not at else "",
            "position": "0" if pictures and not at else "",
            "variant_image": _picture_of(variant, by_id, pictures),
            **_stock(variant),
            **{f"option{n}value": _text(variant.get(f"option{n}")) for n in (1, 2, 3)},
        }
        yield Line(after + at + 1, "", {**shared, **own})
    for at, picture in enumerate(pictures[1:], start=len(variants)):
        position = _text(picture.get("position"))
        yield Line(
            after + at + 1,
            "",
            {"handle": shared["handle"], "image": _text(picture.get("src")), "position": position},
        )


def _stock(variant: Mapping[str, Any]) -> dict[str, str]:
    """Return what is known of the stock in the words of the CSV; a shop's page says `available`."""
    if "available" in variant:
        return {
            "tracker": "shopify",
            "quantity": "1" if variant["available"] else "0",
            "policy": "deny",
        }
    return {
        "tracker": _text(variant.get("inventory_management")),
        "quantity": _text(variant.get("inventory_quantity")),
        "policy": _text(variant.get("inventory_policy")),
    }


def _picture_of(
    variant: Mapping[str, Any], by_id: Mapping[Any, str], pictures: list[dict[str, Any]]
) -> str:
    featured = variant.get("featured_image")
    if isinstance(featured, dict):
        return _text(featured.get("src"))
    if variant.get("image_id") in by_id:
        return by_id[variant["image_id"]]
    mine = (
        p
        for p in pictures
        if variant.get("id") is not None and variant["id"] in (p.get("variant_ids") or ())
    )
    return _text(next(mine, {}).get("src"))


def _money(value: object) -> str:
    """Return a price; `{"amount": "9.90", "currency_code": "EUR"}` with its currency."""
    if isinstance(value, dict):
        return f"{value.get('amount', '')} {value.get('currency_code') or value.get('currencyCode') or ''}".strip()
    return _text(value)


def _named(value: object) -> str:
    if isinstance(value, dict):
        return _text(value.get("full_name") or value.get("fullName") or value.get("name"))
    return _text(value)


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)
