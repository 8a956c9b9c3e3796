"""An archive from the web, .tar.gz or .zip -> a collection's pictures in a folder, and nothing else.

Entries are written by their place in the collection, never by a name of the archive's. An archive
with links, devices or names that lead elsewhere is refused as a whole all the same: it is not what
it should be.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from index.files import durable
from recommender.public_garments.collection import Collection
from recommender.public_garments.download import NEXT
from recommender.public_garments.errors import SamplesError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_ENTRIES: Final = 20_000
MAX_FILE_BYTES: Final = 20 * 2**20
MAX_UNPACKED_BYTES: Final = 800 * 2**20
"""Of all files together, those that are left out among them."""


def unpack(archive: Path, folder: Path, collection: Collection) -> dict[str, str]:
    """Write a collection's pictures below a folder; return the SHA-256 of each by its path.

    Raises:
        SamplesError: it is no archive, is damaged or cut off, or holds what it must not.
        CatalogError: the disk takes no more.
    """
    with archive.open("rb") as file:
        start = file.read(4)
    with _read():
        if start[:2] == b"\x1f\x8b":
            return _unpack_tar(archive, folder, collection)
        if start == b"PK\x03\x04":
            return _unpack_zip(archive, folder, collection)
    raise _refused(f"a file that begins with {start!r}")


def _unpack_tar(archive: Path, folder: Path, collection: Collection) -> dict[str, str]:
    sums: dict[str, str] = {}
    entries = unpacked = 0
    with (
        gzip.open(archive) as plain,
        tarfile.open(fileobj=io.BufferedReader(_Bounded(plain)), mode="r|") as packed,
    ):
        for member in packed:
            entries, unpacked = entries + 1, unpacked + member.size
            _require_few(entries, unpacked)
            if not (member.isreg() or member.isdir()):
                raise _refused(f"{member.name[:80]!r}, which is neither a file nor a folder")
            _require_inside(member.name)
            tarfile.data_filter(member, str(folder))
            path = collection.path_of(member.name) if member.isreg() else None
            if path and (content := packed.extractfile(member)):
                _keep(content, path, member.size, folder, sums)
    return sums


def _unpack_zip(archive: Path, folder: Path, collection: Collection) -> dict[str, str]:
    sums: dict[str, str] = {}
    with zipfile.ZipFile(archive) as packed:
        infos = packed.infolist()
        _require_few(len(infos), sum(info.file_size for info in infos))
        for info in infos:
            _require_inside(info.filename)
            if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _refused(f"{info.filename[:80]!r}, which is neither a file nor a folder")
            path = collection.path_of(info.filename)
            if path:
                with packed.open(info) as content:
                    _keep(content, path, info.file_size, folder, sums)
    return sums


def _keep(content: IO[bytes], path: str, size: int, folder: Path, sums: dict[str, str]) -> None:
    """Write one picture; no more than the size its entry declares is ever read."""
    if size > MAX_FILE_BYTES:
        raise _refused(f"{path} of {size / 1e6:.0f} MB")
    if path in sums:
        raise _refused(f"{path} twice")
    data = content.read(size)
    if len(data) != size:
        raise EOFError("cut off")
    target = folder / path
    with durable.disk_refusals(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    sums[path] = hashlib.sha256(data).hexdigest()


def _require_few(entries: int, unpacked: int) -> None:
    if entries > MAX_ENTRIES:
        raise _refused(f"more than {MAX_ENTRIES} entries")
    if unpacked > MAX_UNPACKED_BYTES:
        raise _refused(f"more than {MAX_UNPACKED_BYTES / 1e6:.0f} MB, unpacked")


def _require_inside(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or ":" in name.partition("/")[0]:
        raise _refused(f"the name {name[:80]!r}, which leads elsewhere")


class _Bounded(io.RawIOBase):
    """What a tar is read from: no more than the limit is ever unpacked, whatever its headers say."""

    def __init__(self, plain: gzip.GzipFile) -> None:
        self._plain, self._left = plain, MAX_UNPACKED_BYTES + MAX_ENTRIES * 2 * tarfile.BLOCKSIZE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        found = self._plain.readinto(buffer)
        self._left -= found
        if self._left < 0:
            raise _refused(f"more than {MAX_UNPACKED_BYTES / 1e6:.0f} MB, unpacked")
        return found


@contextmanager
def _read() -> Iterator[None]:
    """Turn what the unpackers say of an archive into a refusal; the disk's trouble is not theirs."""
    try:
        yield
    except (
        tarfile.TarError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile,
        EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError,
    ) as error:  # fmt: skip
        raise _refused(str(error) or type(error).__name__) from error


def _refused(got: str) -> SamplesError:
    return SamplesError(
        "the archive cannot be used",
        got=got,
        expected="a whole .tar.gz or .zip of files and folders, without links",
        next_step=NEXT,
    )
