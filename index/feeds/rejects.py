"""Rejects -> a CSV file that a spreadsheet can open safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from index.feeds.rows import Reject
from index.files import durable

REJECTED: Final = "rejected"
PASSED_OVER: Final = "passed over"
WARNED: Final = "warning"


def write_rejects(path: Path, rejects: Iterable[Reject], warnings: Iterable[Reject] = ()) -> None:
    """Write row, sku, reason and kind of each reject, then of each warning."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(("row", "sku", "reason", "kind"))
    for reject in rejects:
        kind = PASSED_OVER if reject.passed_over else REJECTED
        writer.writerow((reject.number, safe(reject.sku), safe(reject.reason), kind))
    for warning in warnings:
        writer.writerow((warning.number, safe(warning.sku), safe(warning.reason), WARNED))
    durable.write(path, buffer.getvalue().encode(errors="backslashreplace"))


def read_rejects(path: Path, *, warnings: bool = False) -> Iterator[Reject]:
    """Yield the rejects that were written, or the warnings, cells as they were before."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = row.get("kind")
            if (kind == WARNED) is warnings:
                texts = _raw(row["sku"]), _raw(row["reason"])
                yield Reject(int(row["row"]), *texts, passed_over=kind == PASSED_OVER)


def _raw(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and safe(cell[1:]) == cell else cell


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> safe("=HYPERLINK(1)"), safe("dress-1")
    ("'=HYPERLINK(1)", 'dress-1')
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
