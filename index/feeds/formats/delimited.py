"""Lines of a delimited table -> records. A record that cannot be read costs its own line alone.

`csv` does the splitting, one record at a time: a quote that is never closed would have it swallow the
rest of the file as one cell. Here reading goes on at the line after such a quote. What is looked at in
vain that way is bounded by what is read for good, so that the time stays in proportion to the file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from index.feeds.fields.field_texts import MAX_TEXT
from index.feeds.formats.texts import MAX_LINE

MAX_LINES: Final = 1000
"""Lines of one record; a quote still open after them is a mistake."""
LOOKED_AHEAD: Final = 4 << 20
"""Characters that may be looked at in vain before a file has earned any by being read."""
_EARNED: Final = 8
"""And so many more for each one read for good."""


@dataclass(frozen=True)
class Dialect:
    """How cells are separated and quoted."""

    delimiter: str
    quote: str = '"'


@dataclass(frozen=True)
class Record:
    """One row of a table.

    Attributes:
        number: its place, as a spreadsheet counts: the first record is 1, blank ones count too.
        line: its first line, from 1.
        cells: as many as were found.
        fault: why it cannot be used; empty where it can.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    fault: str = ""


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    """Yield every record of a table, its header included; blank ones have no cells."""
    source, number = _Source(iter(lines)), 0
    while True:
        line = source.line + 1
        found = _next(source, dialect)
        if found is None:
            return
        number += 1
        cells, fault = found
        blank = not fault and not any(cell.strip() for cell in cells)
        yield Record(number, line, () if blank else tuple(cells), fault)


@dataclass
class _Source:
    """Lines that can be put back."""

    lines: Iterator[str]
    held: deque[str] = field(default_factory=deque)
    line: int = 0
    read: int = 0
    in_vain: int = 0

    @property
    def ahead(self) -> int:
        """Characters that a record may be looked for in beyond its first line."""
        return max(0, LOOKED_AHEAD + _EARNED * self.read - self.in_vain)

    def take(self) -> str | None:
        """Return the next line, None at the end."""
        line = self.held.popleft() if self.held else next(self.lines, None)
        if line is not None:
            self.line += 1
            self.read += len(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Let these be the next lines again; they were looked at in vain."""
        size = sum(map(len, lines))
        self.held.extendleft(reversed(lines))
        self.line -= len(lines)
        self.read -= size
        self.in_vain += size


def _next(source: _Source, dialect: Dialect) -> tuple[list[str], str] | None:
    """Return cells and fault of the next record; None at the end."""
    taken: list[str] = []
    most = min(MAX_LINE, source.ahead)

    def pulled() -> Iterator[str]:
        size = 0
        while not taken or (len(taken) < MAX_LINES and size <= most):
            line = source.take()
            if line is None:
                return
            taken.append(line)
            size += len(line)
            if len(line) > MAX_LINE:
                return
            yield line

    reader = csv.reader(pulled(), delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    try:
        cells = next(reader, None)
    except csv.Error as error:
        return _fault(source, dialect, taken, error)
    if cells is None:
        return ([], f"got a line of more than {MAX_LINE} characters") if taken else None
    longest = max(map(len, cells), default=0)
    if longest > MAX_TEXT:
        return cells[:1], f"got a cell of {longest} characters; expected {MAX_TEXT} at most"
    return cells, ""


def _fault(
    source: _Source, dialect: Dialect, taken: list[str], error: csv.Error
) -> tuple[list[str], str]:
    first = taken[0]
    if "field larger" in str(error):
        quotes = sum(line.count(dialect.quote) for line in taken)
        rest: list[str] = []
        most = source.ahead
        while quotes % 2 and most > 0 and (line := source.take()) is not None:
            rest.append(line)
            most -= len(line)
            quotes += line.count(dialect.quote)
        if quotes % 2:
            source.put_back(taken[1:] + rest)
        return [], f"got a cell of more than {MAX_TEXT} characters"
    source.put_back(taken[1:])
    if dialect.delimiter == "\t" and len(first) <= MAX_LINE:
        # Exports with tabs often quote nothing: a cell may just begin with a quote.
        return first.rstrip("\r\n").split("\t"), ""
    return [], "got a quote that is not closed, or text behind a closing quote"
