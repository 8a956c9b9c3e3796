"""Parquet: one row an item, read a few at a time; lists for pictures, sizes and kinds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from index.errors import FeedError
from index.feeds.formats.reading import columns_of, row_from
from index.feeds.rows import FeedOptions, FeedRow, Reject

FORMAT: Final = "parquet"
MAGIC: Final = b"PAR1"
_ROWS_AT_ONCE: Final = 256
_FAULTS: Final = (pa.ArrowException, OSError, ValueError, KeyError, NotImplementedError)


@dataclass(frozen=True)
class ParquetFeed:
    """A Parquet file; its pictures are paths relative to the folder it lies in."""

    path: Path
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = FORMAT

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a row, numbered from 1.

        Raises:
            FeedError: the file is damaged or cut off, or its columns are not an item's.
        """
        for number, record in enumerate(self._records(), start=1):
            yield row_from(number, record, self.path.parent, self.options)

    def _records(self) -> Iterator[dict[str, object]]:
        try:
            file = pq.ParquetFile(self.path)
            names = [str(name) for name in file.schema_arrow.names]
        except _FAULTS as error:
            raise _damaged(self.path, error) from error
        with file:
            told = columns_of(names, self.options, self.path.name)
            used = [names[at] for at in sorted(set(chain(*told.places.values())))]
            batches = file.iter_batches(_ROWS_AT_ONCE, columns=used, use_threads=False)
            while columns := self._next(batches, used):
                for row in range(len(columns[used[0]])):
                    yield told.record([columns[n][row] if n in columns else None for n in names])

    def _next(self, batches: Iterator[Any], used: Sequence[str]) -> dict[str, list[object]]:
        """Return the next rows' values by column; nothing at the end."""
        try:
            batch = next(batches, None)
            return {} if batch is None else {name: _values(batch.column(name)) for name in used}
        except _FAULTS as error:
            raise _damaged(self.path, error) from error


def _values(column: Any) -> list[object]:
    narrow = pa.types.is_float32(column.type) or pa.types.is_float16(column.type)
    return [_value(value, narrow) for value in column.to_pylist()]


def _value(value: object, narrow: bool) -> object:
    """Return a number as the decimal it was written as; not-a-number is how tables say nothing."""
    if isinstance(value, float):
        return None if math.isnan(value) else Decimal(str(np.float32(value) if narrow else value))
    return value


def _damaged(path: Path, error: BaseException) -> FeedError:
    return FeedError(
        "the feed cannot be read as Parquet",
        got=f"{str(error)[:200] or type(error).__name__} in {path.name}",
        expected="a whole Parquet file, each column once",
        next_step="Export the feed again; the copy may have been cut off.",
    )
