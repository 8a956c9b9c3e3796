"""Tables: Google Merchant's TSV, Meta's CSV and TSV, and any table with our own or mapped names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from index.feeds.fields.columns import ColumnLayout, layout, plain
from index.feeds.fields.prices import PriceColumn
from index.feeds.formats.delimited import Dialect, Record, records
from index.feeds.formats.reading import columns_of, prices_of, row_from
from index.feeds.formats.texts import lines, open_text
from index.feeds.rows import FeedOptions, FeedRow, Reject

GOOGLE: Final = "google"
META: Final = "meta"
OWN: Final = "csv"
_DIALECTS: Final = tuple(Dialect(sign, quote) for quote in "\"'" for sign in "\t,;|")
_REMARKS: Final = 10
"""Rows among which the header is: Meta's template explains its columns first, Excel writes `sep=`."""
_META: Final = re.compile(r".+\[[0-9]+\].*|fb_.+|product_tags|quantity_to_sell_on_facebook")


@dataclass(frozen=True)
class Header:
    """A table's first useful row.

    Attributes:
        dialect: how the table is written.
        names: its cells.
        row: its number; the data begin at the next.
    """

    dialect: Dialect
    names: tuple[str, ...]
    row: int


def header_of(text: str, known: Callable[[Sequence[str]], int]) -> Header | None:
    """Return the row and the dialect of a table's beginning in which most names are known.

    Args:
        text: the table, or its beginning.
        known: number of names that are known among these.
    """
    best, most = None, 1
    for dialect in _DIALECTS:
        for record in islice(records(lines(StringIO(text, newline="")), dialect), _REMARKS):
            if (count := known(record.cells)) > most:
                best, most = Header(dialect, record.cells, record.number), count
    return best


def known_names(options: FeedOptions) -> Callable[[Sequence[str]], int]:
    """Return what counts the columns of these names that fill a field."""

    def count(names: Sequence[str]) -> int:
        distinct = tuple(dict.fromkeys(names))  # a name that stands twice is reported later
        try:
            places = layout(distinct, options.columns).places
        except ValueError:
            return 2
        return sum(map(len, places.values()))

    return count


def kind_of(header: Header, options: FeedOptions) -> str:
    """Return which of the three vocabularies a header speaks; nothing where it is none."""
    names = [plain(name) for name in header.names]
    try:
        if layout(header.names, options.columns).missing:
            return ""
    except ValueError:
        pass  # refused with its reason when the feed is read
    if any(map(_META.fullmatch, names)):
        return META
    if not {"image_link", "id"} & set(names):
        return OWN
    return GOOGLE if header.dialect.delimiter == "\t" else META


@dataclass(frozen=True)
class TableFeed:
    """A delimited table; its pictures are paths relative to the folder it lies in."""

    path: Path
    header: Header
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = GOOGLE

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a record that is not blank."""
        columns = columns_of(self.header.names, self.options, self.path.name)
        column = PriceColumn(partial(self._prices, columns))
        for record in table_records(self.path, self.header):
            where = line_of(record)
            if record.fault:
                sku = record.cells[0] if columns.places["sku"] == (0,) and record.cells else ""
                yield Reject(record.number, sku.strip()[:200], f"{record.fault}{where}")
            else:
                values = columns.record(record.cells)
                yield row_from(record.number, values, self.path.parent, self.options, where, column)

    def _prices(self, columns: ColumnLayout) -> Iterator[tuple[str, str]]:
        good = (each for each in table_records(self.path, self.header) if not each.fault)
        yield from prices_of((columns.record(each.cells) for each in good), self.options.currency)


def table_records(path: Path, header: Header) -> Iterator[Record]:
    """Yield the records below a header; one with more or fewer cells than it has a fault."""
    width = len(header.names)
    with open_text(path, newline="") as file:
        for record in records(lines(file), header.dialect):
            if record.number <= header.row or not (record.cells or record.fault):
                continue
            fault = record.fault
            if not fault and len(record.cells) != width:
                fault = f"got {len(record.cells)} cells; expected {width} as in the header"
            yield Record(record.number, record.line, record.cells, fault)


def line_of(record: Record) -> str:
    """Return where a record begins, for a reason, where its number does not say it."""
    return "" if record.line == record.number else f" (line {record.line})"
