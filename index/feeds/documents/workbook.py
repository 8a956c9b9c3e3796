"""Workbooks of Excel: the sheet with most names that are known, its cells as a person sees them."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from index.errors import FeedError
from index.feeds.fields.field_texts import MAX_TEXT
from index.feeds.formats.cells import Cells
from index.feeds.rows import Reject

FORMAT: Final = "xlsx"
MAX_UNPACKED: Final = 512 << 20
"""Bytes of all its parts; a sheet is read row by row."""
MAX_STRINGS: Final = 64 << 20
"""Bytes of the texts that cells share; they are held in memory."""
MAX_COLUMNS: Final = 1000
_REMARKS: Final = 10


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook: a zip with the parts of one."""
    try:
        with zipfile.ZipFile(path) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def cells(path: Path, known: Callable[[Sequence[str]], int]) -> Iterator[Cells | Reject]:
    """Yield the records below the header of a workbook's most telling sheet.

    Args:
        path: the workbook.
        known: number of names that are known among these.

    Raises:
        FeedError: it is damaged, too large, or has no such header.
    """
    from openpyxl import load_workbook  # hundreds of modules, for few feeds
    from openpyxl.utils.exceptions import InvalidFileException

    _check(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read
            with closing(load_workbook(path, read_only=True, data_only=True)) as book:
                yield from _records(book, path, known)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        InvalidFileException,
        EOFError,
        SyntaxError,
    ) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}"[:200]) from error


def _records(
    book: Any, path: Path, known: Callable[[Sequence[str]], int]
) -> Iterator[Cells | Reject]:
    best: tuple[int, Any, int] = (1, None, 0)
    for sheet in book.worksheets:
        for number, row in enumerate(islice(_rows(sheet), _REMARKS), start=1):
            if (count := known(tuple(map(str, row)))) > best[0]:
                best = count, sheet, number
    _, sheet, header = best
    if sheet is None:
        raise _damaged(path, "no sheet with a row of column names that are known")
    names: tuple[str, ...] = ()
    for number, row in enumerate(_rows(sheet), start=1):
        if number < header or not any(value not in ("", None) for value in row):
            continue
        if number == header:
            names = tuple(str(value) for value in row)
            continue
        values = (*row, *[""] * len(names))[: len(names)]
        yield Cells(number, "", names, values)


def _rows(sheet: Any) -> Iterator[tuple[object, ...]]:
    sheet.reset_dimensions()  # what a sheet says of its size is often wrong
    for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
        while row and row[-1] is None:
            row = row[:-1]
        yield tuple(map(_seen, row))


def _seen(value: object) -> object:
    """Return a cell as a person sees it: a whole number has no point, a date no time of midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value)[: MAX_TEXT + 1]


def _check(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from error
    whole = sum(part.file_size for part in parts)
    shared = sum(
        part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml")
    )
    if whole > MAX_UNPACKED or shared > MAX_STRINGS:
        raise FeedError(
            "the feed takes too much to read",
            got=f"{whole} bytes unpacked, {shared} of them texts, in {path.name}",
            expected=f"{MAX_UNPACKED >> 20} MB and {MAX_STRINGS >> 20} MB at most",
            next_step="Save it as CSV.",
        )


def _damaged(path: Path, got: str) -> FeedError:
    return FeedError(
        "the feed cannot be read as a workbook",
        got=f"{got} in {path.name}",
        expected="a whole .xlsx with the columns' names in one of its first rows",
        next_step="Save it anew, or as CSV.",
    )
