"""Records -> rows: values by our fields, however they came to be that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from index.errors import FeedError
from index.feeds.fields.columns import ColumnsRefused, layout
from index.feeds.fields.prices import PriceColumn
from index.feeds.formats.cells import Cells, Source
from index.feeds.formats.reading import columns_of, prices_of, row_from, sku_of
from index.feeds.rows import FeedOptions, FeedRow, Reject


@dataclass(frozen=True)
class Named:
    """A record by the names in `columns.FIELDS`.

    Attributes:
        number, where: as of `Cells`.
        record: its values.
        warnings: as of `Cells`.
    """

    number: int
    where: str
    record: Mapping[str, object]
    warnings: tuple[str, ...] = ()


Reader: TypeAlias = Callable[[Source, FeedOptions], Iterator[Named | Reject]]
"""Records as an export names them -> by our fields, in order."""


@dataclass(frozen=True)
class SystemFeed:
    """A feed whose records one reader understands.

    Attributes:
        path: the file; its pictures are addresses, or paths in the folder it lies in.
        format: the system's name.
        source: gives its records.
        reader: says what they mean.
    """

    path: Path
    format: str
    source: Source
    reader: Reader
    options: FeedOptions = field(default_factory=FeedOptions)

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row an item, in the feed's order.

        Raises:
            FeedError: the file is damaged or cut off, or not what it seemed.
        """
        column = PriceColumn(self._prices)
        for entry in self.reader(self.source, self.options):
            if isinstance(entry, Reject):
                yield entry
            else:
                root = self.path.parent
                row = row_from(entry.number, entry.record, root, self.options, entry.where, column)
                if entry.warnings and isinstance(row, FeedRow):
                    row = replace(row, warnings=(*entry.warnings, *row.warnings))
                yield row

    def _prices(self) -> Iterator[tuple[str, str]]:
        entries = self.reader(self.source, self.options)
        yield from prices_of(
            (each.record for each in entries if isinstance(each, Named)), self.options.currency
        )


def by_names(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield records by what their columns are called; see `Reader`.

    Raises:
        FeedError: the first of them lacks what every item needs.
    """
    found = source()
    first = next((each for each in found if isinstance(each, Cells)), None)
    if first is None:
        return
    if not _names_enough(first, options):
        columns_of(first.names, options, "the feed")
    for each in chain([first], found):
        yield each if isinstance(each, Reject) else named(each, options)


def each_by_names(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield records by their own names, whatever the first of them lacks; see `Reader`."""
    for each in source():
        yield each if isinstance(each, Reject) else named(each, options)


def _names_enough(first: Cells, options: FeedOptions) -> bool:
    try:
        return not layout(first.names, options.columns).missing
    except ColumnsRefused:
        return True  # reported for that record


def named(
    cells: Cells, options: FeedOptions, more: Mapping[str, object] | None = None
) -> Named | Reject:
    """Return a record by what its columns are called; `more` says what is known better."""
    try:
        record = layout(cells.names, options.columns).record(cells.values)
    except ColumnsRefused as error:
        return Reject(
            cells.number, sku_of({"sku": cells.text("sku", "id")}), f"{error}{cells.where}"
        )
    return Named(cells.number, cells.where, {**record, **(more or {})}, cells.warnings)


def passed_over(cells: Cells, sku: str, why: str) -> Reject:
    """Return why a record that is in order is no item."""
    return Reject(cells.number, sku[:200], f"passed over: {why}{cells.where}", passed_over=True)


def mapped(cells: Cells, options: FeedOptions) -> dict[str, object]:
    """Return what `--map` says of a record."""
    chosen = layout(cells.names, options.columns).record(cells.values) if options.columns else {}
    return {name: chosen[name] for name in options.columns.values() if name in chosen}


def not_an_export(of: str, got: str, expected: str) -> FeedError:
    """Return the refusal of a feed that is not the export it was taken for."""
    return FeedError(
        f"the feed is no export of {of}",
        got=got,
        expected=expected,
        next_step="Export the products anew, mend --map column=field, or choose another --format.",
    )


def good(found: Iterable[Cells | Reject]) -> Iterator[Cells]:
    """Yield the records among what was found."""
    return (each for each in found if isinstance(each, Cells))
