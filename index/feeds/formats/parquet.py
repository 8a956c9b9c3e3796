"""Parquet: one row an item, read a few at a time; lists for pictures, sizes and kinds.

The file is read in a child process that is bounded in memory (`parquet_child`): a few kilobytes of it
may stand for gigabytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

from index.errors import FeedError
from index.feeds.fields.field_texts import MAX_TEXT
from index.feeds.fields.prices import PriceColumn
from index.feeds.formats.reading import columns_of, prices_of, row_from
from index.feeds.rows import FeedOptions, FeedRow, Reject

FORMAT: Final = "parquet"
MAGIC: Final = b"PAR1"
MEMORY_BYTES: Final = 1 << 30
"""What reading one file may take beyond what its process begins with."""
MAX_ROW: Final = 16 << 20
"""Bytes of one row as JSON, six of them at most a character."""
_ROOT: Final = Path(__file__).parents[3]
_CHILD: Final = f"{__package__}.parquet_child"
_STAND_INS: Final[dict[str, object]] = {"bytes": b"", "date": date.min, "datetime": datetime.min}


@dataclass(frozen=True)
class ParquetFeed:
    """A Parquet file; its pictures are paths relative to the folder it lies in."""

    path: Path
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = FORMAT

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a row, numbered from 1.

        Raises:
            FeedError: the file is damaged or cut off, takes too much memory, or its columns are
                not an item's.
        """
        column = PriceColumn(lambda: prices_of(self._records(), self.options.currency))
        for number, record in enumerate(self._records(), start=1):
            yield row_from(number, record, self.path.parent, self.options, column=column)

    def _records(self) -> Iterator[dict[str, object]]:
        command = [sys.executable, "-P", "-m", _CHILD, str(self.path.absolute())]
        with subprocess.Popen(
            [*command, str(MEMORY_BYTES), str(MAX_TEXT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as child:
            try:
                yield from self._read(child)
            finally:
                child.kill()

    def _read(self, child: subprocess.Popen[bytes]) -> Iterator[dict[str, object]]:
        assert child.stdin is not None and child.stdout is not None  # they were opened as pipes
        names = [str(name) for name in self._next(child.stdout) or ()]
        columns = columns_of(names, self.options, self.path.name)
        used = [names[at] for at in sorted(set(chain(*columns.places.values())))]
        try:
            child.stdin.write(f"{json.dumps(used)}\n".encode())
            child.stdin.flush()
        except OSError as error:
            raise _damaged(self.path, "a file that its reader ended over") from error
        while (row := self._next(child.stdout)) is not None:
            cells = dict(zip(used, row, strict=True))
            yield columns.record([cells.get(name) for name in names])

    def _next(self, lines: IO[bytes]) -> list[Any] | None:
        """Return what the child says next; None at the end of the file.

        Raises:
            FeedError: the file cannot be read on.
        """
        line = lines.readline(MAX_ROW + 1)
        if len(line) > MAX_ROW:
            raise _too_much(self.path, f"a row of more than {MAX_ROW} bytes")
        if not line:  # it was ended, by its own decoder or by the system
            raise _too_much(self.path, "a file that its reader ended over")
        message = json.loads(line, parse_float=Decimal, parse_constant=Decimal, object_hook=_value)
        if isinstance(message, dict) and "too_much" in message:
            raise _too_much(self.path, str(message["too_much"]))
        if isinstance(message, dict):
            raise _damaged(self.path, str(message["damaged"]))
        rows: list[Any] | None = message
        return rows


def _value(mapping: dict[str, Any]) -> object:
    kind = mapping.get("\0")
    if kind == "Decimal":
        return Decimal(mapping["is"])
    return mapping if kind is None else _STAND_INS.get(kind, object())


def _environment() -> dict[str, str]:
    """Return a child's environment: one arena, and a pool that reserves nothing it does not use."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    own = {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return {**os.environ, **own, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _damaged(path: Path, got: str) -> FeedError:
    return FeedError(
        "the feed cannot be read as Parquet",
        got=f"{got} in {path.name}",
        expected="a whole Parquet file, each column once",
        next_step="Export the feed again; the copy may have been cut off.",
    )


def _too_much(path: Path, got: str) -> FeedError:
    return FeedError(
        "the feed takes too much to read",
        got=f"{got} in {path.name}",
        expected=f"rows that {MEMORY_BYTES >> 20} MB hold a few dozen of",
        next_step="Look for cells of many megabytes, and export the feed without them.",
    )
