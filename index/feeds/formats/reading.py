"""A record -> a good row or a reject: what all formats with records share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from index.errors import FeedError
from index.feeds.fields.columns import ColumnLayout, ColumnsRefused, layout, plain
from index.feeds.fields.field_texts import FieldRefused, Reading
from index.feeds.fields.pictures import PathRefused, sources
from index.feeds.fields.prices import NO_COLUMN, PriceColumn
from index.feeds.fields.records import PassedOver, item_from
from index.feeds.rows import FeedOptions, FeedRow, Reject
from index.model.items import CatalogItem


def row_from(  # noqa: PLR0917  # as a record is read, in order
    number: int,
    record: Mapping[str, object],
    root: Path,
    options: FeedOptions,
    where: str = "",
    column: PriceColumn = NO_COLUMN,
) -> FeedRow | Reject:
    """Return the row that a record describes, or why it is none.

    Args:
        number: the record's place in the feed.
        record: values by the names in `columns.FIELDS`.
        root: the folder that its pictures lie in.
        options: currency and opener of addresses.
        where: said behind a reason, where the number alone does not lead there.
        column: the prices of the whole feed.
    """
    warnings: list[str] = []
    try:
        item = item_from(record, Reading(options.currency, column=column, warn=warnings.append))
        image, more = (
            (item.image, item.more_images)
            if isinstance(item, CatalogItem)
            else (item.fields["image"], item.fields["more_images"])
        )
        pictures = sources(options.root or root, (image, *more), options.fetcher)
        placed = tuple(f"{warning}{where}" for warning in warnings)
        return FeedRow(number, item, pictures, placed)
    except (FieldRefused, PathRefused) as error:
        passed_over = isinstance(error, PassedOver)
        return Reject(number, sku_of(record), f"{error}{where}", passed_over=passed_over)


def prices_of(records: Iterable[Mapping[str, object]], currency: str) -> Iterator[tuple[str, str]]:
    """Yield the prices in records, each with the currency that it would have without its own."""
    for record in records:
        named = record.get("currency")
        default = str(named) if isinstance(named, str) and named else currency
        for name in ("price", "sale_price", "old_price"):
            if isinstance(text := record.get(name), str) and text:
                yield text, default


def sku_of(record: Mapping[str, object]) -> str:
    """Return what a record that may be broken calls its sku; nothing where it says none."""
    sku = record.get("sku")
    return str(sku).strip()[:200] if isinstance(sku, str | int) else ""


def columns_of(names: Sequence[str], options: FeedOptions, where: str) -> ColumnLayout:
    """Return what the columns of a whole feed mean.

    Raises:
        FeedError: two claim one field, one that is mapped is not there, or a needed one is missing.
    """
    try:
        columns = layout(names, options.columns)
    except ColumnsRefused as error:
        raise FeedError(
            "the feed's columns contradict one another",
            got=str(error),
            expected="one column a field",
            next_step="Take one out, or say which one counts with --map column=field.",
        ) from error
    given = {*names, *map(plain, names)}
    if absent := [name for name in options.columns if not {name, plain(name)} & given]:
        raise FeedError(
            "a column is mapped that the feed does not have",
            got=", ".join(absent),
            expected=f"one of {listed(names)}",
            next_step="Mend --map column=field.",
        )
    if columns.missing:
        raise FeedError(
            "the feed lacks columns that every item needs",
            got=f"{listed(names)} in {where}",
            expected=f"columns for {', '.join(columns.missing)}",
            next_step="Name them with --map column=field, or choose another --format.",
        )
    return columns


def listed(names: Sequence[str], most: int = 30) -> str:
    """Return names for a message, not more of them than can be read."""
    shown = ", ".join(repr(name[:40]) for name in names[:most]) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
