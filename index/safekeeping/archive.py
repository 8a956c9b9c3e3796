"""A catalogue in one file: its database, its pictures, and the indexes that are served.

    backup.json                              what is in it
    catalog.sqlite3                          the database, whatever it was kept in
    images/ab/abcdef….jpg                    named by the SHA-256 of what they hold
    [catalogues/<name>/]index/<number>/…     the generation served of each catalogue

It is an ordinary zip whose entries are stored as they are, so that what comes out of it is never
more than what is in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from index.errors import BackupError
from index.files import durable
from index.files.images import ImageStore, is_name

FORMAT: Final = 1
DATABASE: Final = "catalog.sqlite3"
_CONTENTS: Final = "backup.json"
_IMAGES: Final = "images/"
_INDEX: Final = re.compile(
    r"((?:catalogues/[a-z0-9][a-z0-9-]{0,63}/)?index/[1-9][0-9]{0,18})/"
    r"((?:fields/(?!\.)[\w.-]{1,100}/)?(?!\.)[\w.-]{1,100})",
    re.ASCII,
)
"""A generation's folder, and a file in it."""
_AT_ONCE: Final = 1 << 20
_MOST: Final = 64 << 20
"""Bytes of a list of contents; one of a thousand catalogues has some hundred kilobytes."""


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself.

    Attributes:
        created: when, ISO 8601 in UTC.
        tables: rows by table.
        files: SHA-256 by name, of everything but pictures: those are named by theirs.
        pictures: how many there are.
        missing: names of pictures that items show and that were not there, or were damaged.
        format: version of this layout.
    """

    created: str
    tables: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    pictures: int = 0
    missing: tuple[str, ...] = ()
    format: int = FORMAT


class Writer:
    """A backup being written; nothing lies at its path before `finish`."""

    def __init__(self, path: Path) -> None:
        """Begin beside `path`."""
        self._path = path
        self._half = path.with_name(f".{path.name}.half")
        self._files: dict[str, str] = {}
        self._pictures, self._missing = 0, list[str]()
        with durable.disk_refusals(path):
            handle = os.open(self._half, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
        self._file = os.fdopen(handle, "w+b")  # people's feedback is in it: for its owner alone
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)

    def add(self, name: str, path: Path) -> None:
        """Add a file.

        Raises:
            CatalogError: the disk takes no more.
        """
        with durable.disk_refusals(self._path), path.open("rb") as source:
            self._files[name] = self._store(name, source)

    def add_pictures(self, images: ImageStore, names: Iterable[str]) -> None:
        """Add pictures; what is missing or damaged is left out and reported."""
        for name in names:
            path = images.path_of(name)
            if not is_whole(path, name):
                self._missing.append(name)
                continue
            with durable.disk_refusals(self._path), path.open("rb") as source:
                self._store(_IMAGES + name, source)
            self._pictures += 1

    def finish(self, *, created: str, tables: Mapping[str, int]) -> Contents:
        """Write down what is in it, read all of it again, and put it at its path.

        Raises:
            BackupError: what was read is not what was written.
            CatalogError: the disk takes no more.
        """
        contents = Contents(created, tables, self._files, self._pictures, tuple(self._missing))
        with durable.disk_refusals(self._path):
            self._zip.writestr(_CONTENTS, json.dumps(asdict(contents), indent=1))
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        with opened(self._half) as reader:
            reader.verify()
        with durable.disk_refusals(self._path):
            self._half.replace(self._path)
            durable.sync(self._path.parent)
        return contents

    def close(self) -> None:
        """Leave nothing of what was not finished."""
        with suppress(OSError, ValueError):
            self._zip.close()
        self._file.close()
        self._half.unlink(missing_ok=True)

    def _store(self, name: str, source: IO[bytes]) -> str:
        digest = hashlib.sha256()
        with self._zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
            while part := source.read(_AT_ONCE):
                digest.update(part)
                target.write(part)
        return digest.hexdigest()


@dataclass(frozen=True)
class Reader:
    """A backup that is read; its list of contents is checked."""

    path: Path
    contents: Contents
    _zip: zipfile.ZipFile

    @property
    def pictures(self) -> list[str]:
        """The names of its pictures."""
        names = (name for name in self._zip.namelist() if name.startswith(_IMAGES))
        return [name.removeprefix(_IMAGES) for name in names]

    def verify(self) -> None:
        """Read all of it.

        Raises:
            BackupError: something is not what was written.
        """
        for name in self._zip.namelist():
            if name != _CONTENTS:
                for _ in self._parts(name):
                    pass

    def picture(self, name: str) -> bytes:
        """Return a picture.

        Raises:
            BackupError: it is not what was written.
        """
        return b"".join(self._parts(_IMAGES + name))

    def extract(self, name: str, path: Path) -> None:
        """Write another file of it to a path.

        Raises:
            BackupError: it is not what was written.
            CatalogError: the disk takes no more.
        """
        with durable.disk_refusals(path), path.open("xb") as target:
            for part in self._parts(name):
                target.write(part)
            target.flush()
            os.fsync(target.fileno())

    def generations(self) -> dict[str, dict[str, str]]:
        """Return the indexes: the folder that one lies in -> its files in it, as they are called here."""
        found: dict[str, dict[str, str]] = {}
        for name in self.contents.files:
            if inside := _INDEX.fullmatch(name):
                found.setdefault(inside[1], {})[inside[2]] = name
        return found

    def _parts(self, name: str) -> Iterator[bytes]:
        """Yield a file of it; the last part comes only if all of it is what was written."""
        digest, wanted = hashlib.sha256(), self.contents.files.get(name) or Path(name).stem
        with _telling(self.path), self._zip.open(name) as file:
            part = file.read(_AT_ONCE)
            while part:
                digest.update(part)
                more = file.read(_AT_ONCE)
                if not more and digest.hexdigest() != wanted:
                    raise ValueError(f"{name} is not what was written")
                yield part
                part = more


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Yield a backup.

    Raises:
        BackupError: it is none, is damaged, or names what has no place in one.
    """
    with _telling(path):
        packed = zipfile.ZipFile(path)
    with closing(packed):
        with _telling(path):
            contents = _contents(packed)
        yield Reader(path, contents, packed)


def is_whole(path: Path, name: str) -> bool:
    """Return whether a picture is there and is what its name says."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == Path(name).stem
    except OSError:
        return False


def _contents(packed: zipfile.ZipFile) -> Contents:
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or _CONTENTS not in names:
        raise ValueError("no list of contents, or a name twice")
    if any(entry.compress_type or entry.file_size != entry.compress_size for entry in entries):
        raise ValueError("packed entries")
    if packed.getinfo(_CONTENTS).file_size > _MOST:
        raise ValueError("a list of contents that is too long")
    record: dict[str, Any] = json.loads(packed.read(_CONTENTS))
    if record["format"] != FORMAT:
        raise ValueError(f"format {record['format']}")
    contents = Contents(**{**record, "missing": tuple(record["missing"])})
    rest = {name for name in names if name != _CONTENTS}
    pictures = {
        name for name in rest if name.startswith(_IMAGES) and is_name(name.removeprefix(_IMAGES))
    }
    known = {name for name in rest if name == DATABASE or _INDEX.fullmatch(name)}
    if rest != pictures | known or known != set(contents.files) or DATABASE not in known:
        raise ValueError("names that have no place in a backup, or missing ones")
    if len(pictures) != contents.pictures:
        raise ValueError(f"{len(pictures)} pictures of {contents.pictures}")
    return contents


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise _refused(path, "no such file") from error
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(path, str(error) or type(error).__name__) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refused(path, f"{type(error).__name__}: {error}") from error


def _refused(path: Path, got: str) -> BackupError:
    return BackupError(
        f"the backup cannot be used ({path})",
        got=got,
        expected="a whole file that `recommender backup` wrote",
        next_step="Take another backup; nothing was changed.",
    )
