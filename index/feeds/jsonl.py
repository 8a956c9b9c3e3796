"""JSON Lines: one object a line, with the names in `fields.FIELDS`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

from index.feeds.fields import FieldRefused, item_from
from index.feeds.pictures import PathRefused, sources
from index.feeds.rows import FeedOptions, FeedRow, Reject

FORMAT: Final = "jsonl"
MAX_LINE: Final = 1 << 20
"""Bytes of one line; a longer one is rejected without being held in memory."""
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class JsonlFeed:
    """A file of JSON lines; its pictures are paths relative to the folder it lies in."""

    path: Path
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = FORMAT

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a line that is not blank."""
        with self.path.open("rb") as file:
            for number, line in _lines(file):
                if line.strip():
                    yield self._row(number, line)

    def _row(self, number: int, line: bytes) -> FeedRow | Reject:
        sku = ""
        try:
            record = self._record(line)
            sku = str(record.get("sku", ""))[:200]
            item = item_from(record, self.options.currency)
            pictures = sources(self.path.parent, (item.image,), self.options.fetcher)
            return FeedRow(number, item, pictures)
        except (FieldRefused, PathRefused) as error:
            return Reject(number, sku, str(error))

    def _record(self, line: bytes) -> Mapping[str, object]:
        if len(line) > MAX_LINE:
            raise FieldRefused(f"got a line of more than {MAX_LINE} bytes")
        try:
            record = json.loads(line.decode(), parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise FieldRefused(f"got no JSON object ({error})") from error
        if not isinstance(record, dict):
            raise FieldRefused(f"got {type(record).__name__}; expected a JSON object")
        columns = self.options.columns
        given = {name: value for name, value in record.items() if name not in columns}
        return given | {columns[name]: record[name] for name in record if name in columns}


def looks_like(start: bytes) -> bool:
    r"""Return whether a file that begins so is JSON lines.

    >>> looks_like(b'\n{"sku": "1"}'), looks_like(b"sku,title")
    (True, False)
    """
    return start.removeprefix(_BOM).lstrip().startswith(b"{")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield lines with their number; of one that is too long, only its beginning."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE + 1)
        yield number, line.removeprefix(_BOM) if number == 1 else line


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no JSON")
