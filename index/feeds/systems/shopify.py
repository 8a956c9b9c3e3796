"""Shopify's product CSV: rows that share a handle are one product; each variant is an item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import Final

from index.errors import FeedError
from index.feeds.fields.columns import plain
from index.feeds.formats.reading import listed, row_from
from index.feeds.formats.tables import Header, line_of, table_records
from index.feeds.rows import FeedOptions, FeedRow, Reject
from index.feeds.systems.products import Line, ProductLines

FORMAT: Final = "shopify"
MAX_ROWS: Final = 5000
"""Rows of one product; Shopify itself allows 2,048 variants and 250 pictures."""
_COLUMNS: Final = {
    "handle": ("handle", "url_handle"),
    "title": ("title",),
    "body": ("body_(html)", "body_html", "body", "description"),
    "vendor": ("vendor",),
    "category": ("product_category",),
    "google": ("google_shopping_/_google_product_category",),
    "type": ("type", "custom_product_type"),
    "published": ("published", "published_on_online_store"),
    "status": ("status",),
    **{f"option{n}{part}": (f"option{n}_{part}",) for n in (1, 2, 3) for part in ("name", "value")},
    "sku": ("variant_sku", "sku"),
    "price": ("variant_price", "price"),
    "compare": ("variant_compare_at_price", "compare_at_price"),
    "tracker": ("variant_inventory_tracker", "inventory_tracker"),
    "quantity": ("variant_inventory_qty", "inventory_quantity"),
    "policy": ("variant_inventory_policy", "continue_selling_when_out_of_stock"),
    "image": ("image_src", "product_image_url"),
    "position": ("image_position",),
    "variant_image": ("variant_image", "variant_image_url"),
    "gender": ("google_shopping_/_gender",),
    "age": ("google_shopping_/_age_group",),
}
_NEEDED: Final = ("handle", "title", "image")
_TELLING: Final = frozenset((*_COLUMNS["body"][:3], *_COLUMNS["image"], *_COLUMNS["option1name"]))


def looks_like(header: Header) -> bool:
    """Return whether a table's header is that of Shopify's products."""
    names = {plain(name) for name in header.names}
    return bool(names & set(_COLUMNS["handle"])) and bool(names & _TELLING)


def known(names: Sequence[str]) -> int:
    """Return how many of these names are Shopify's."""
    ours = set(chain(*_COLUMNS.values()))
    return sum(plain(name) in ours for name in names)


@dataclass(frozen=True)
class ShopifyFeed:
    """An export of products; its pictures are addresses, or paths in the folder it lies in."""

    path: Path
    header: Header
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = FORMAT

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a variant, in the feed's order; its number is its own row's.

        Raises:
            FeedError: a column is missing.
        """
        columns = _columns(self.header, self.options)
        product, faults = ProductLines(), list[Reject]()
        for record in table_records(self.path, self.header):
            where = line_of(record)
            if record.fault:
                faults.append(Reject(record.number, "", f"{record.fault}{where}"))
                continue
            line = Line(
                record.number,
                where,
                {name: record.cells[at].strip() for name, at in columns.items()},
            )
            if not line["handle"]:
                faults.append(Reject(line.number, line["sku"][:200], f"Handle: got nothing{where}"))
                continue
            if line["handle"] != product.handle or len(product.lines) >= MAX_ROWS:
                yield from _in_order(faults, self._rows_of(product))
                product, faults = ProductLines(), []
            product.lines.append(line)
        yield from _in_order(faults, self._rows_of(product))

    def _rows_of(self, product: ProductLines) -> Iterator[FeedRow | Reject]:
        hidden = product.hidden
        for line, sku in product.variants():
            if hidden:
                reason = f"passed over: the product is {hidden}{line.where}"
                yield Reject(line.number, sku[:200], reason, passed_over=True)
                continue
            record = product.record(line, sku, self.options)
            yield row_from(line.number, record, self.path.parent, self.options, line.where)


def _in_order(*rows: Iterable[FeedRow | Reject]) -> Iterator[FeedRow | Reject]:
    return merge(*rows, key=lambda row: row.number)


def _columns(header: Header, options: FeedOptions) -> dict[str, int]:
    """Return where each value stands; those of `--map` under `map:` and the field's name."""
    places: dict[str, list[int]] = {}
    for at, name in enumerate(header.names):
        places.setdefault(plain(name), []).append(at)
    found: dict[str, int] = {}
    wanted = {f"map:{field}": (plain(column),) for column, field in options.columns.items()}
    for value, names in {**_COLUMNS, **wanted}.items():
        for name in names:
            columns = places.get(name, [])
            if len(columns) > 1:
                raise _refused(f"the column {name} {len(columns)} times", f"{name} once")
            if columns:
                found.setdefault(value, columns[0])
    needed = {**{name: _COLUMNS[name] for name in _NEEDED}, **wanted}
    if missing := [names[0] for value, names in needed.items() if value not in found]:
        raise _refused(listed(header.names), f"a column for {', '.join(missing)}")
    return found


def _refused(got: str, expected: str) -> FeedError:
    return FeedError(
        "the feed is no export of Shopify's products",
        got=got,
        expected=expected,
        next_step="Export the products anew, mend --map column=field, or choose another --format.",
    )
