"""The files of a FAISS store: written as they grow, and checked before FAISS sees a byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.files import durable
from index.files.checked import check_file
from index.files.manifest import FileRecord, Manifest, read_verified
from index.stores import Vectors, check_rows

ROWS: Final = "rows.f16"
KEYS: Final = "keys.i64"
_WRITER: Final = "PyCallbackIOWriter"
_DECODED: Final = 16_384
"""Rows brought to float32 at once: 16 MB at 256 numbers each."""


@dataclass(frozen=True, eq=False)
class HalfRows:
    """Unit rows as fp16, in a file that the system maps into memory as it is read.

    Attributes:
        halves: (n, dim) little-endian fp16.
    """

    halves: NDArray[np.float16]

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (m, dim) float32 unit rows."""
        return _decoded(self.halves[rows])

    def roughly(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (m, dim) float32 rows of length 1 but for what fp16 left of it: enough for scores."""
        return _widened(self.halves[rows])

    def index(self) -> Any:
        """Return FAISS's index of these very bytes, none of them copied; it must not outlive them."""
        count, dim = self.halves.shape
        view: Any = faiss.MaybeOwnedVectorUInt8
        nobody = view().owner
        index: Any = faiss.IndexScalarQuantizer(
            dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.codes = view.create_view(
            faiss.swig_ptr(self.halves.view(np.uint8)), self.halves.nbytes, nobody
        )
        index.ntotal, index.is_trained = count, True
        return index

    def blocks(self, size: int = _DECODED) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield (first row, (m, dim) float32 unit rows), all of them in order."""
        for at in range(0, len(self.halves), size):
            yield at, _decoded(self.halves[at : at + size])


def write_rows(vectors: Vectors, folder: Path) -> tuple[NDArray[np.int64], HalfRows]:
    """Write vectors to a folder as they come; return their keys and the rows.

    Raises:
        ValueError: keys do not ascend, rows are not unit, or there are not as many as was said.
    """
    parts: list[NDArray[np.int64]] = []
    with (folder / ROWS).open("wb") as file:
        for keys, rows in vectors.blocks():
            check_rows(rows, vectors.dim)
            if len(keys) != len(rows):
                raise ValueError(f"keys: got {len(keys)}; expected {len(rows)}")
            parts.append(keys)
            file.write(rows.astype("<f2").tobytes())
    keys = np.concatenate(parts) if parts else np.empty(0, np.int64)
    if len(keys) != vectors.count:
        raise ValueError(f"vectors: got {len(keys)}; expected {vectors.count}")
    (folder / KEYS).write_bytes(keys.astype("<i8").tobytes())
    return keys, _mapped(folder / ROWS, len(keys), vectors.dim)


def records(folder: Path, *names: str) -> dict[str, FileRecord]:
    """Bring files to the disk and return their records."""
    durable.settle([folder / name for name in names])
    return {name: FileRecord.of(folder / name) for name in names}


def write_index(index: Any, path: Path) -> None:
    """Write a FAISS index through a file of ours.

    FAISS's own files say nothing when their last bytes find no room, and half an index would get
    the checksum of a whole one.

    Raises:
        OSError: the disk takes no more.
    """
    with path.open("wb") as file:
        writer: Any = getattr(faiss, _WRITER)  # its stubs do not know it
        faiss.write_index(index, writer(file.write))


def read_rows(folder: Path, manifest: Manifest) -> HalfRows:
    """Return the rows that `write_rows` wrote, once every byte was compared with its checksum.

    They stay in the file, which is mapped: several gigabytes do not fit memory. Nothing changes a
    published generation; FAISS itself never reads these bytes.

    Raises:
        IndexDamaged: the file is missing, cut short or changed.
    """
    path = folder / ROWS
    record = manifest.files.get(ROWS)
    expected = manifest.count * manifest.dim * 2
    if record is None or record.bytes != expected:
        raise IndexDamaged.of(path, got=str(record), expected=f"{expected} bytes")
    check_file(path, record)
    return _mapped(path, manifest.count, manifest.dim)


def read_keys(folder: Path, manifest: Manifest) -> NDArray[np.int64]:
    """Return the keys that `write_rows` wrote.

    Raises:
        IndexDamaged: the file is missing, cut short, changed, or of another number of keys.
    """
    if KEYS not in manifest.files:
        raise IndexDamaged.of(folder / KEYS, got="no record of it", expected="a checksum")
    data = read_verified(folder, KEYS, manifest.files[KEYS])
    if len(data) != 8 * manifest.count:
        raise IndexDamaged.of(folder / KEYS, got=f"{len(data)} bytes", expected="8 for each key")
    return np.frombuffer(data, "<i8").astype(np.int64)


def read_index(folder: Path, name: str, manifest: Manifest) -> Any:
    """Return a FAISS index; FAISS sees no byte that was not checked first.

    Raises:
        IndexDamaged: the file is missing, cut short, changed, or no index.
    """
    where = folder / name
    if name not in manifest.files:
        raise IndexDamaged.of(where, got="no record of it", expected="a checksum")
    data = read_verified(folder, name, manifest.files[name])
    # no length inside the file can honestly exceed the file
    faiss.set_deserialization_vector_byte_limit(len(data))
    faiss.set_deserialization_loop_limit(len(data))
    try:
        # a table that only another metric reads would be larger than the file
        flags = faiss.IO_FLAG_SKIP_PRECOMPUTE_TABLE
        return faiss.deserialize_index(np.frombuffer(data, np.uint8), flags)
    except RuntimeError as error:
        raise IndexDamaged.of(where, got="unreadable", expected="a FAISS index") from error


def _mapped(path: Path, count: int, dim: int) -> HalfRows:
    if count == 0:  # no system maps an empty file
        return HalfRows(np.empty((0, dim), np.float16))
    # as a plain array: NumPy spends longer on its own kind of mapped array than on the rows
    return HalfRows(np.asarray(np.memmap(path, "<f2", mode="r", shape=(count, dim))))


@cache
def _decoder(dim: int) -> Any:
    return faiss.ScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16)


def _widened(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return float32 rows; NumPy would take ten times as long to widen them."""
    if len(halves) == 0:
        return np.empty(halves.shape, np.float32)
    rows: NDArray[np.float32] = _decoder(halves.shape[1]).decode(
        np.ascontiguousarray(halves).view(np.uint8)
    )
    return rows


def _decoded(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return float32 unit rows."""
    rows = _widened(halves)
    rows /= np.sqrt(np.einsum("nd,nd->n", rows, rows))[:, np.newaxis]
    return rows
