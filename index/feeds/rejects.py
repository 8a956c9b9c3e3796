"""Rejects -> a CSV file that a spreadsheet can open safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from index import durable
from index.feeds.rows import Reject


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """Write row, sku and reason of each reject."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(("row", "sku", "reason"))
    for reject in rejects:
        writer.writerow((reject.number, safe(reject.sku), safe(reject.reason)))
    durable.write(path, buffer.getvalue().encode(errors="backslashreplace"))


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> safe("=HYPERLINK(1)"), safe("dress-1")
    ("'=HYPERLINK(1)", 'dress-1')
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
