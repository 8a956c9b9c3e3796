"""A feed's bytes -> lines of text, by its byte-order mark and with a bound on a line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

MAX_LINE: Final = 1 << 20
"""Characters of one line; of a longer one only the beginning is kept."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(start: bytes) -> str:
    r"""Return the encoding that a file's first bytes tell; without a mark it is UTF-8.

    >>> encoding_of(b"\xff\xfei\0d\0"), encoding_of(b"i\0d\0\t\0"), encoding_of(b"id")
    ('utf-16', 'utf-16-le', 'utf-8')
    """
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    zeros = tuple(byte == 0 for byte in start[:4])
    if zeros == (False, True, False, True):
        return "utf-16-le"
    return "utf-16-be" if zeros == (True, False, True, False) else "utf-8"


def open_text(path: Path, newline: str) -> TextIO:
    """Open a feed as text. Bytes that are none become lone surrogates or U+FFFD, never an error.

    Args:
        path: the feed.
        newline: as of `open`: empty ends a line at any line break, and keeps it.
    """
    with path.open("rb") as file:
        encoding = encoding_of(file.read(4))
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return path.open(encoding=encoding, errors=errors, newline=newline)


def decoded(start: bytes) -> str:
    """Return the beginning of a file as text, whatever it is."""
    return start.decode(encoding_of(start), errors="replace").removeprefix("\ufeff")


def lines(file: TextIO) -> Iterator[str]:
    """Yield lines with their ends; one that is longer than `MAX_LINE` is cut just past it."""
    while line := file.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(("\n", "\r")):
            rest = file.readline(MAX_LINE + 1)
        yield as_windows_wrote(line)


def as_windows_wrote(line: str) -> str:
    r"""Return a line that is no UTF-8 read as Windows' Western encoding, if that is what it is.

    A line with letters that are UTF-8 is left alone, broken bytes and all.

    >>> as_windows_wrote(b"49,90 \x80 M\xfcller".decode(errors="surrogateescape"))
    '49,90 € Müller'
    """
    if line.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in line):
        return line
    if any(sign > "\x7f" and not "\udc80" <= sign <= "\udcff" for sign in line):
        return line
    try:
        return line.encode(errors="surrogateescape").decode("cp1252")
    except UnicodeError:
        return line
