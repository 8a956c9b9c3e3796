"""A delimited table -> `Cells`, for the readers of shop systems."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from index.feeds.fields.columns import folded
from index.feeds.formats.cells import Cells
from index.feeds.formats.delimited import Record
from index.feeds.formats.tables import Header, line_of, table_records
from index.feeds.rows import Reject

_FREE_AT_THE_END: Final = frozenset(("productdisplayname",))
"""Last columns whose text may hold unquoted separators, as in Kaggle's `styles.csv`."""


def table_cells(path: Path, header: Header) -> Iterator[Cells | Reject]:
    """Yield the records below a header; one that cannot be read is a reject."""
    width = len(header.names)
    free = bool(header.names) and folded(header.names[-1]) in _FREE_AT_THE_END
    for record in table_records(path, header):
        cells = record.cells
        if free and len(cells) > width:
            cells = (*cells[: width - 1], header.dialect.delimiter.join(cells[width - 1 :]))
        if record.fault and not (free and len(cells) == width):
            yield Reject(record.number, _sku(record), f"{record.fault}{line_of(record)}")
        else:
            yield Cells(record.number, line_of(record), header.names, cells)


def _sku(record: Record) -> str:
    return record.cells[0].strip()[:200] if record.cells else ""
