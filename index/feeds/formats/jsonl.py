"""JSON Lines: one object a line, with the names in `columns`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from index.feeds.fields.columns import layout
from index.feeds.formats.nested import plain_values
from index.feeds.formats.reading import row_from
from index.feeds.formats.texts import MAX_LINE, lines, open_text
from index.feeds.rows import FeedOptions, FeedRow, Reject

FORMAT: Final = "jsonl"


@dataclass(frozen=True)
class JsonlFeed:
    """A file of JSON lines; its pictures are paths relative to the folder it lies in."""

    path: Path
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = FORMAT

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a line that is not blank, numbered by its line."""
        with open_text(self.path, newline="\n") as file:
            for number, line in enumerate(lines(file), start=1):
                if line.strip():
                    yield self._row(number, line)

    def _row(self, number: int, line: str) -> FeedRow | Reject:
        try:
            record = self._record(line)
        except ValueError as error:
            return Reject(number, "", str(error))
        return row_from(number, record, self.path.parent, self.options)

    def _record(self, line: str) -> dict[str, object]:
        """Return a line's values by the names in `columns.FIELDS`.

        Raises:
            ValueError: it is no JSON object, or its names contradict one another.
        """
        if len(line) > MAX_LINE:
            raise ValueError(f"got a line of more than {MAX_LINE} characters")
        try:
            record = json.loads(line, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"got no JSON object ({error})") from error
        if not isinstance(record, dict):
            raise ValueError(f"got {type(record).__name__}; expected a JSON object")
        told = plain_values(record)
        return layout(tuple(told), self.options.columns).record(tuple(told.values()))


def looks_like(start: str) -> bool:
    r"""Return whether a file that begins so is JSON lines.

    >>> looks_like('\n{"sku": "1"}'), looks_like("sku,title")
    (True, False)
    """
    return start.lstrip().startswith("{")


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no JSON")
