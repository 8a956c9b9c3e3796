"""JSON documents: a list of products, or an object that holds one: `{"products": [...]}`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import ijson

from index.errors import FeedError
from index.feeds.documents.metered import Metered
from index.feeds.formats.cells import Cells
from index.feeds.formats.nested import flat
from index.feeds.formats.texts import MAX_LINE, encoding_of, lines, open_text

FORMAT: Final = "json"
MAX_RECORD: Final = 4 << 20
"""Bytes between the ends of two records; more would be held in memory."""
_LOOKED_AT: Final = 20_000
"""Events of the parser among which the list of products begins."""


def raw_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document's list, one at a time.

    Raises:
        FeedError: it is damaged or cut off, or an object in it is too large.
    """
    prefix = prefix_of(path)
    if prefix is None:
        raise _damaged(path, "no list of objects")
    with path.open("rb") as file:
        metered = Metered(file, MAX_RECORD, "objects in a list")
        try:
            for record in ijson.items(_utf8(metered, path), prefix):
                metered.since = 0
                if isinstance(record, dict):
                    yield record
        except (ijson.JSONError, UnicodeError, RecursionError) as error:
            raise _damaged(path, f"{str(error)[:100]}") from error


def cells(path: Path) -> Iterator[Cells]:
    """Yield a record a product, or a variant where those stand in it; see `raw_records`."""
    number = 0
    for record in raw_records(path):
        for each in flat(record):
            number += 1
            yield Cells(number, "", tuple(each), tuple(each.values()))


def raw_cells(path: Path) -> Iterator[Cells]:
    """Yield the objects as they are; see `raw_records`."""
    for number, record in enumerate(raw_records(path), start=1):
        yield Cells(number, "", tuple(record), tuple(record.values()))


def prefix_of(path: Path) -> str | None:
    """Return where a document's list of objects stands, as ijson names it; None where there is none."""
    with path.open("rb") as file:
        metered = Metered(file, MAX_RECORD, "objects in a list")
        before: tuple[str, str] = ("", "")
        try:
            events = ijson.parse(_utf8(metered, path))
            for prefix, event, _ in islice(events, _LOOKED_AT):
                if event == "start_map" and before[1] == "start_array":
                    return f"{before[0]}.item" if before[0] else "item"
                before = prefix, event
        except (ijson.JSONError, UnicodeError, FeedError):
            return None
    return None


def looks_like(start: str) -> bool:
    """Return whether a file that begins so may be a document of JSON."""
    return start.lstrip().startswith(("{", "["))


def is_lines(path: Path) -> bool:
    """Return whether a file is JSON lines: its first line is an object, and another follows or it is flat."""
    with open_text(path, newline="\n") as file:
        first, second = (*(line for line in islice(lines(file), 50) if line.strip()), "", "")[:2]
    if not first.lstrip().startswith("{") or len(first) > MAX_LINE:
        return False
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return second.lstrip().startswith("{") and first.rstrip().endswith("}")
    held = [v for v in record.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return bool(second) or not held or any(key in record for key in ("sku", "id", "title", "name"))


class _Recoded:
    """A file in another encoding of Unicode, read as UTF-8."""

    def __init__(self, file: Metered, encoding: str) -> None:
        self.file, self.decoder = file, codecs.getincrementaldecoder(encoding)()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as of `BinaryIO.read`."""
        while size:
            data = self.file.read(size)
            text = self.decoder.decode(data, final=not data)
            if text or not data:
                return text.encode()
        return b""


def _utf8(metered: Metered, path: Path) -> BinaryIO | Metered | _Recoded:
    with path.open("rb") as file:
        encoding = encoding_of(file.read(4))
    return metered if encoding == "utf-8" else _Recoded(metered, encoding)


def _damaged(path: Path, got: str) -> FeedError:
    return FeedError(
        "the feed cannot be read as JSON",
        got=f"{got} in {path.name}",
        expected='a list of products, or an object with one: {"products": [...]}',
        next_step="Export the feed again; the copy may have been cut off.",
    )
