"""CSV tables beside archives of pictures: rows as dictionaries, or a refusal."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from segmentation.common.errors import DatasetError


def rows_of(table: Path, columns: Sequence[str]) -> Sequence[tuple[int, Mapping[str, str]]]:
    """Return the line number and the fields of each row.

    Args:
        table: a CSV file in UTF-8 whose first line names the columns.
        columns: those that it must have.

    Raises:
        DatasetError: the table is missing, unreadable, or lacks a column.
    """
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = [(reader.line_num, row) for row in reader]
            names = reader.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unusable(table, f"{type(error).__name__}: {error}", columns) from error
    lacking = [name for name in columns if name not in names]
    if lacking:
        raise _unusable(table, "no column " + ", ".join(lacking), columns)
    return rows


def bad_row(table: str, line: int, got: str, expected: str) -> DatasetError:
    """Return the refusal of one row."""
    return DatasetError(
        f"line {line} of {table} cannot be used",
        got=got,
        expected=expected,
        next_step="Restore the line and its picture, or take the line out.",
    )


def _unusable(table: Path, got: str, columns: Sequence[str]) -> DatasetError:
    return DatasetError(
        f"{table.name} cannot be read",
        got=got,
        expected="a CSV table in UTF-8 with the columns " + ", ".join(columns),
        next_step="Fetch the published file again.",
    )
