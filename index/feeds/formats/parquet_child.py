"""The other end of `index.feeds.formats.parquet`: a process that reads one Parquet file and nothing else.

A few kilobytes of Parquet may stand for gigabytes of cells: pages are packed, and rows share values.
So the file is read where memory is bounded, and what leaves this process are lines of JSON that are
bounded as well. It imports nothing of this project.

    python -m index.feeds.formats.parquet_child PATH MEMORY_BYTES LONGEST

Out: a JSON array of all columns' names. In: one of those that are wanted. Out: an array a row, cells
in that order; an object whose one name is a zero byte gives the type of a value that JSON has no
word for. At the end `null`; where the file cannot be read, `{"damaged": why}` or `{"too_much": why}` and no more.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_AT_ONCE: Final = 64
FREE_ROWS: Final = 100_000
"""So many rows a file may say that it has; more of them only with a byte for each."""
FAULTS: Final = (pa.ArrowException, OSError, ValueError, KeyError, NotImplementedError)


def tell(path: Path, longest: int) -> None:
    """Write a file's rows to stdout; texts are cut just past `longest` characters."""
    try:
        with pq.ParquetFile(path) as file:
            names = [str(name) for name in file.schema_arrow.names]
            texts = [each.name for each in file.schema_arrow if pa.types.is_string(each.type)]
            said = file.metadata.num_rows
        _say(names)
        used = json.loads(sys.stdin.readline())
        if said > max(FREE_ROWS, path.stat().st_size):
            _say({"too_much": f"{said} rows out of {path.stat().st_size} bytes"})
            return
        with pq.ParquetFile(path, read_dictionary=[each for each in texts if each in used]) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=used, use_threads=False):
                columns = [list(_cells(batch.column(name), longest)) for name in used]
                for row in zip(*columns, strict=True):
                    _say(row)
        _say(None)
    except MemoryError:  # Arrow's own is one as well
        _say({"too_much": "cells that take more memory than a feed's may"})
    except FAULTS as error:
        _say({"damaged": str(error)[:200] or type(error).__name__})


def _cells(column: Any, longest: int) -> Iterator[object]:
    """Yield a column's cells as JSON has them; values that rows share are looked at once."""
    if not pa.types.is_dictionary(column.type):
        narrow = pa.types.is_float32(column.type) or pa.types.is_float16(column.type)
        yield from (_cell(value, narrow, longest) for value in column.to_pylist())
        return
    places = column.indices.to_pylist()
    used = sorted({at for at in places if at is not None})
    shared = column.dictionary.take(pa.array(used, pa.int64()))  # a batch uses few of them
    if pa.types.is_string(shared.type) or pa.types.is_large_string(shared.type):
        shared = pc.utf8_slice_codeunits(shared, 0, longest + 1)
    values = dict(
        zip(used, (_cell(each, False, longest) for each in shared.to_pylist()), strict=True)
    )
    yield from (None if at is None else values[at] for at in places)


def _cell(value: object, narrow: bool, longest: int) -> object:
    """Return a number as the decimal it was written as; not-a-number is how tables say nothing."""
    plain: object = {"\0": type(value).__name__}
    if isinstance(value, str):
        plain = value[: longest + 1]
    elif isinstance(value, float):
        number = float(str(np.float32(value))) if narrow else value
        plain = None if math.isnan(number) else number
    elif isinstance(value, Decimal):
        plain = {"\0": "Decimal", "is": str(value)}
    elif isinstance(value, list):
        plain = [_cell(each, narrow, longest) for each in value]
    elif isinstance(value, dict):
        plain = {str(name)[:longest]: _cell(each, narrow, longest) for name, each in value.items()}
    elif value is None or isinstance(value, bool | int):
        plain = value
    return plain


def _say(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def confine(memory_bytes: int) -> None:
    """Bound what this process may take, beyond what it has already, as far as its system can."""
    if sys.platform != "linux":  # elsewhere the address space cannot be bounded this way
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + memory_bytes
    for limit, value in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    confine(int(sys.argv[2]))
    tell(Path(sys.argv[1]), int(sys.argv[3]))
