"""What is remembered of a feed between its two readings, in memory that does not grow with it.

Skus lie in a temporary SQLite database that spills to the disk by itself; numbers of rows take a
bit each. Ten million rows cost about 1.3 MB of memory and, for skus of 12 characters, about 300 MB
of disk while the import runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator


class BitSet:
    """A set of numbers from 0, a bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._count = 0

    def add(self, number: int) -> None:
        """Put a number in."""
        if number in self:
            return
        missing = number // 8 + 1 - len(self._bits)
        if missing > 0:
            self._bits.extend(bytes(max(missing, len(self._bits) // 8)))
        self._bits[number // 8] |= 1 << number % 8
        self._count += 1

    def __contains__(self, number: int) -> bool:
        byte = number // 8
        return byte < len(self._bits) and bool(self._bits[byte] >> number % 8 & 1)

    def __len__(self) -> int:
        return self._count


class Names:
    """Names, each with the number that it was first seen with."""

    def __init__(self) -> None:
        # "" is a private database on the disk; the import holds it on one thread
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
            "CREATE TABLE names (name TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;"
        )

    def first(self, name: str, number: int) -> int:
        """Return the number that a name was first seen with: this one, if it is new."""
        cursor = self._database.execute(
            "INSERT OR IGNORE INTO names VALUES (?, ?)", (_bytes(name), number)
        )
        if cursor.rowcount:
            return number
        query = "SELECT number FROM names WHERE name = ?"
        return int(self._database.execute(query, (_bytes(name),)).fetchone()[0])

    def lacking(self, names: Iterable[str]) -> Iterator[str]:
        """Yield those of some names that were never seen, in order."""
        query = "SELECT 1 FROM names WHERE name = ?"
        for name in names:
            if self._database.execute(query, (_bytes(name),)).fetchone() is None:
                yield name

    def close(self) -> None:
        """Give the disk back."""
        self._database.close()


def _bytes(name: str) -> bytes:
    """Return a name as the database takes it: a feed may hold half a surrogate pair."""
    return name.encode(errors="surrogatepass")
