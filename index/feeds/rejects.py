"""Rejects -> a CSV file that a spreadsheet can open safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.feeds.rows import Reject
from index.files import durable


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """Write row, sku and reason of each reject."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(("row", "sku", "reason"))
    for reject in rejects:
        writer.writerow((reject.number, safe(reject.sku), safe(reject.reason)))
    durable.write(path, buffer.getvalue().encode(errors="backslashreplace"))


def read_rejects(path: Path) -> Iterator[Reject]:
    """Yield what was written, cells as they were before they were made safe."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Reject(int(row["row"]), _raw(row["sku"]), _raw(row["reason"]))


def _raw(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and safe(cell[1:]) == cell else cell


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> safe("=HYPERLINK(1)"), safe("dress-1")
    ("'=HYPERLINK(1)", 'dress-1')
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
