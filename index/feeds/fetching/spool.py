"""What was fetched: pictures for as long as one import lasts, and validators from one to the next.

Below the home lies `fetching/`: folders of pictures, one for each import under way, each held by a
lock that its process's end frees; and `known.sqlite3`, a cache that may be deleted at any time.
Addresses are kept as their SHA-256: they may hold signatures.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from index.feeds.fetching.answers import Validators
from index.files import durable

FOLDER: Final = "fetching"
IMPORTS: Final = 16
"""Imports that may fetch at the same time."""
_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS known (
        address TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL, digest TEXT NOT NULL
    ) WITHOUT ROWID
"""


class Spool:
    """A folder of one import's pictures; gone with it, or with the next one after a crash."""

    def __init__(self, home: Path) -> None:
        """Take a free place below the home and clear it of what a crash left there.

        Raises:
            OSError: no place is free, or the disk is full or read-only.
        """
        parent = home / FOLDER
        parent.mkdir(parents=True, exist_ok=True)
        self.folder, lock = _first_free(parent)
        _empty(self.folder)
        self.folder.mkdir()
        self._close = weakref.finalize(self, _leave, self.folder, lock)

    def put(self, address: str, data: bytes) -> None:
        """Keep a picture.

        Raises:
            CatalogError: the disk takes no more; that is no fault of the feed's row.
        """
        path = self._path(address)
        part = path.with_name(f"{path.name}.{threading.get_ident()}")
        with durable.disk_refusals(path):
            part.write_bytes(data)
            part.replace(path)

    def get(self, address: str) -> bytes | None:
        """Return a picture, None where it is not kept."""
        try:
            return self._path(address).read_bytes()
        except FileNotFoundError:
            return None

    def close(self) -> None:
        """Delete the pictures and give the place back."""
        self._close()

    def _path(self, address: str) -> Path:
        return self.folder / key_of(address)


class ValidatorCache:
    """Addresses -> their pictures' validators and SHA-256. Safe to share between threads.

    A cache: what cannot be read or written of it is as if it were not there.
    """

    def __init__(self, home: Path) -> None:
        """Open the cache, made anew where it is damaged."""
        self._lock = threading.Lock()
        self._database = _opened(home / FOLDER / "known.sqlite3")

    def get(self, address: str) -> tuple[Validators, str] | None:
        """Return an address's validators and digest; None where nothing is known."""
        rows = self._run("SELECT etag, modified, digest FROM known WHERE address = ?", address)
        return (Validators(rows[0][0], rows[0][1]), rows[0][2]) if rows else None

    def put(self, address: str, validators: Validators, digest: str) -> None:
        """Remember an address; without validators it is forgotten."""
        if validators:
            values = validators.etag, validators.modified, digest
            self._run("REPLACE INTO known VALUES (?, ?, ?, ?)", address, *values)
        else:
            self._run("DELETE FROM known WHERE address = ?", address)

    def close(self) -> None:
        """Close the cache."""
        with self._lock:
            self._database.close()

    def _run(self, statement: str, address: str, *values: str) -> list[tuple[str, ...]]:
        with self._lock:
            try:
                return self._database.execute(statement, (key_of(address), *values)).fetchall()
            except sqlite3.Error:
                return []


def key_of(address: str) -> str:
    """Return what an address is kept under."""
    return hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()


def sweep(home: Path) -> None:
    """Delete pictures that an import left which died; those of imports under way stay."""
    for folder in sorted((home / FOLDER).glob("import-*/")):
        with _taken(_lock_of(folder)) as free:
            if free:
                _empty(folder)


def _first_free(parent: Path) -> tuple[Path, FileLock]:
    for number in range(IMPORTS):
        folder = parent / f"import-{number}"
        lock = _lock_of(folder)
        with suppress(Timeout):
            lock.acquire()
            return folder, lock
    raise OSError(f"{IMPORTS} imports are fetching pictures already; wait until one ends")


@contextmanager
def _taken(lock: FileLock) -> Iterator[bool]:
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _lock_of(folder: Path) -> FileLock:
    return FileLock(folder.with_suffix(".lock"), blocking=False, thread_local=False)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _leave(folder: Path, lock: FileLock) -> None:
    _empty(folder)
    lock.release()


def _opened(path: Path) -> sqlite3.Connection:
    """Return the cache; in memory where the disk has no place for it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _made(path)
    except (OSError, sqlite3.OperationalError):
        return _made(":memory:")
    except sqlite3.DatabaseError:  # no database, or a damaged one
        path.unlink()
        return _made(path)


def _made(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        database.execute(_SCHEMA)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database
