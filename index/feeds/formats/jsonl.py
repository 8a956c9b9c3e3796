"""JSON Lines: an object a line, with others inside it where a product has variants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from index.feeds.formats.cells import Cells
from index.feeds.formats.nested import flat
from index.feeds.formats.texts import MAX_LINE, lines, open_text
from index.feeds.rows import Reject

FORMAT: Final = "jsonl"


def cells(path: Path) -> Iterator[Cells | Reject]:
    """Yield a record a line that is not blank, or one a variant where those stand in it."""
    for number, record in _records(path):
        if isinstance(record, Reject):
            yield record
            continue
        found = list(flat(record))
        for at, each in enumerate(found, start=1):
            where = f" (variant {at})" if len(found) > 1 else ""
            yield Cells(number, where, tuple(each), tuple(each.values()))


def raw_cells(path: Path) -> Iterator[Cells | Reject]:
    """Yield the objects as they are, a line each."""
    for number, record in _records(path):
        if isinstance(record, Reject):
            yield record
        else:
            yield Cells(number, "", tuple(record), tuple(record.values()))


def looks_like(start: str) -> bool:
    r"""Return whether a file that begins so is JSON lines.

    >>> looks_like('\n{"sku": "1"}'), looks_like("sku,title")
    (True, False)
    """
    return start.lstrip().startswith("{")


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any] | Reject]]:
    with open_text(path, newline="\n") as file:
        for number, line in enumerate(lines(file), start=1):
            if line.strip():
                try:
                    yield number, _object(line)
                except ValueError as error:
                    yield number, Reject(number, "", str(error))


def _object(line: str) -> dict[str, Any]:
    """Return a line's object.

    Raises:
        ValueError: it is none.
    """
    if len(line) > MAX_LINE:
        raise ValueError(f"got a line of more than {MAX_LINE} characters")
    try:
        record = json.loads(line, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"got no JSON object ({error})") from error
    if not isinstance(record, dict):
        raise ValueError(f"got {type(record).__name__}; expected a JSON object")
    return record


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no JSON")
