"""The names of a feed's values -> the shop system that exports so, if it is one that is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from index.feeds.fields.columns import folded
from index.feeds.systems import bigcommerce, magento, shopify_json, tables, wix, woocommerce
from index.feeds.systems.named import Reader

_TABLES: Final[tuple[tuple[str, Callable[[frozenset[str]], bool], Reader], ...]] = (
    (wix.FORMAT, wix.fits, wix.read),
    (woocommerce.CSV, woocommerce.is_csv, woocommerce.csv),
    (magento.FORMAT, magento.fits, magento.read),
    (bigcommerce.FORMAT, bigcommerce.fits, bigcommerce.read),
    (tables.PRESTASHOP, tables.is_prestashop, tables.prestashop),
    (tables.SQUARESPACE, tables.is_squarespace, tables.squarespace),
)
SYSTEMS: Final = tuple(name for name, _, _ in _TABLES)


def of_table(names: Sequence[str], root: Path) -> tuple[str, Reader] | None:
    """Return the system that names the columns of a table so, and its reader; None for others.

    Args:
        names: the columns.
        root: the folder that pictures lie in, for tables that name them by numbers.
    """
    known = frozenset(map(folded, names))
    if tables.is_numbered(known):
        return "csv", tables.numbered(root)
    return next(((name, read) for name, fits, read in _TABLES if fits(known)), None)


def known(names: Sequence[str]) -> int:
    """Return how many of the names a system of these claims; none where none does."""
    return len(names) if of_table(names, Path()) is not None else 0


def of_objects(names: Sequence[str]) -> tuple[str, Reader] | None:
    """Return the system whose objects have such keys, and its reader; None for others."""
    known = frozenset(map(folded, names))
    if shopify_json.fits(known):
        return "shopify", shopify_json.read
    return ("woocommerce", woocommerce.rest) if woocommerce.is_rest(known) else None
