"""Files whose every byte is known to be right before it is used."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from index.errors import IndexDamaged

SMALL: Final = 1 << 20
"""Bytes that a pointer or a manifest never reaches."""
# a link could lead to what changes unseen, and a pipe would be waited for; Windows has neither
_NO_SURPRISE: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class FileRecord:
    """A file's size and SHA-256, in hexadecimal."""

    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> FileRecord:
        """Return the record of a file as it lies there, reading a little at a time."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return cls(file.tell(), digest)


def read_small(path: Path) -> bytes:
    """Return the bytes of a pointer or a manifest, which nobody vouches for yet.

    Raises:
        IndexDamaged: it is not there, no plain file, or far too large.
        FileNotFoundError: it is not there.
    """
    with _opened(path) as (file, size):
        if size > SMALL:
            raise IndexDamaged.of(path, got=f"{size} bytes", expected=f"at most {SMALL}")
        return file.read(SMALL)


def read_verified(folder: Path, name: str, record: FileRecord) -> bytes:
    """Return a file's bytes once they are known to be those that were written.

    They are read once and checked in memory, so that what is checked is what is used: a mapped
    file could change after the check, or be cut short under the process's feet.

    Raises:
        IndexDamaged: the file is missing, a link, of another size, or changed.
    """
    path = folder / name
    with _sized(path, record) as file:
        data = file.read(record.bytes + 1)
    _compare(path, len(data), hashlib.sha256(data).hexdigest(), record)
    return data


def check_file(path: Path, record: FileRecord) -> None:
    """Check a file a little at a time; however large, it takes no memory.

    Raises:
        IndexDamaged: the file is missing, a link, of another size, or changed.
    """
    with _sized(path, record) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        _compare(path, file.tell(), digest, record)


def reason(error: OSError) -> str:
    """Return what the system says of it."""
    return error.strerror or type(error).__name__


@contextmanager
def _sized(path: Path, record: FileRecord) -> Iterator[BufferedReader]:
    """Open a file that is as long as it was."""
    try:
        with _opened(path) as (file, size):
            if size != record.bytes:
                raise IndexDamaged.of(path, got=f"{size} bytes", expected=f"{record.bytes} bytes")
            yield file
    except FileNotFoundError as error:
        raise IndexDamaged.of(path, got=reason(error), expected="the file") from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BufferedReader, int]]:
    """Open a plain file for reading and say how long it is.

    Raises:
        FileNotFoundError: it is not there.
        IndexDamaged: it cannot be read, or is a link, a folder or a pipe.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _BINARY | _NO_SURPRISE)
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise IndexDamaged.of(path, got="something else", expected="a plain file")
            with open(handle, "rb", closefd=False) as file:
                yield file, about.st_size
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexDamaged.of(path, got=reason(error), expected="a plain file") from error


def _compare(path: Path, size: int, digest: str, record: FileRecord) -> None:
    if size != record.bytes:
        raise IndexDamaged.of(path, got=f"{size} bytes", expected=f"{record.bytes} bytes")
    if digest != record.sha256:
        raise IndexDamaged.of(path, got=f"SHA-256 {digest}", expected=record.sha256)
