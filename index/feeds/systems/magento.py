"""Magento (Adobe Commerce): its product CSV of both versions. A configurable product's children are the items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from index.feeds.formats.cells import Cells, Source
from index.feeds.rows import FeedOptions, Reject
from index.feeds.systems.attributes import attribute_fields, paths_of
from index.feeds.systems.named import Named, good, mapped, passed_over

FORMAT: Final = "magento"
_PAIR: Final = re.compile(r'([^=,|]+)=("(?:[^"]|"")*"|[^,|]*)')
_NONE: Final = ("no_selection", "")


def fits(names: frozenset[str]) -> bool:
    """Return whether folded names are those of its export."""
    own = {
        "attribute_set_code",
        "additional_attributes",
        "product_websites",
        "store_view_code",
        "product_online",
    }
    first = {"sku", "type", "attribute_set", "name"} <= names
    return first or ({"sku", "product_type", "name"} <= names and bool(own & names))


def read(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a simple product; a child shares what its configurable product says."""
    parents = _parents(source)
    groups = {parent.text("sku") for parent in parents.values()}
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        sku, kind = cells.text("sku"), cells.text("product_type", "type").lower()
        parent = parents.get(sku)
        alone = "not visible" in cells.text("visibility").lower() and parent is None
        if cells.text("store_view_code"):
            yield passed_over(cells, sku, "says the same product for one view of the shop")
        elif "2" in (cells.text("product_online"), parent.text("product_online") if parent else ""):
            yield passed_over(cells, sku, "the product is not published")
        elif sku in groups or kind in ("grouped", "bundle", "giftcard", "downloadable", "virtual"):
            yield passed_over(
                cells, sku, "its children are the items" if sku in groups else f"a {kind} product"
            )
        elif alone:
            yield passed_over(cells, sku, "the product is not visible by itself")
        else:
            yield _item(cells, parent, options)


def _parents(source: Source) -> dict[str, Cells]:
    """Return configurable products by the skus of their children."""
    found: dict[str, Cells] = {}
    for cells in good(source()):
        for variation in cells.text("configurable_variations").split("|"):
            child = dict(_PAIR.findall(variation)).get("sku", "")
            if child:
                found[child] = cells
    return found


def _item(cells: Cells, parent: Cells | None, options: FeedOptions) -> Named:
    attributes = {**_attributes(parent), **_attributes(cells)} if parent else _attributes(cells)
    shared = parent or cells
    record: dict[str, object] = {
        "sku": cells.text("sku"),
        "group": parent.text("sku") if parent else "",
        "title": shared.text("name"),
        "description": shared.text("description", "short_description"),
        "category": paths_of(
            cells.text("categories", "category") or shared.text("categories", "category")
        ),
        "price": cells.text("price"),
        "currency": cells.text("currency"),
        "sale_price": cells.text("special_price"),
        "sale_dates": _dates(cells),
        "availability": _state(cells),
        "image": [*_pictures(cells), *(_pictures(parent) if parent else ())],
        **attributes,
        **mapped(cells, options),
    }
    return Named(cells.number, cells.where, record)


def _pictures(cells: Cells) -> list[str]:
    """Return names; Magento's paths are relative to its media folder although they begin with `/`."""
    listed = [
        cells.text("base_image", "image"),
        *cells.text("additional_images", "media_gallery").split(","),
    ]
    return [re.sub(r"^/(?!/)", "", name.strip()) for name in listed if name.strip() not in _NONE]


def _attributes(cells: Cells) -> dict[str, object]:
    pairs = _PAIR.findall(cells.text("additional_attributes"))
    own = [
        (name, cells.text(name))
        for name in ("color", "size", "gender", "material", "pattern", "manufacturer")
    ]
    named = [
        ("brand", value) if name == "manufacturer" else (name, value)
        for name, value in [*own, *pairs]
    ]
    return attribute_fields(
        (name, value.strip('"').replace('""', '"')) for name, value in named if value
    )


def _state(cells: Cells) -> str:
    if cells.text("is_in_stock"):
        return cells.text("is_in_stock")
    quantity = cells.text("qty")
    return quantity if re.fullmatch(r"-?[0-9]+(?:\.0+)?", quantity) else ""


def _dates(cells: Cells) -> str:
    start, end = (_day(cells.text(f"special_price_{word}_date")) for word in ("from", "to"))
    return f"{start or '1970-01-01'}/{end or '9998-12-31'}" if start or end else ""


def _day(text: str) -> str:
    """Return a day in ISO 8601; Magento writes `1/31/26, 12:00 AM` or `2026-01-31 00:00:00`."""
    if found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{2,4})", text):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return f"{year}-{int(found[1]):02}-{int(found[2]):02}"
    return text[:10]
