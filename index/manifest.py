"""What a generation says of itself, and the check that its files are still what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from index.errors import IndexDamaged, IndexMismatch

FORMAT: Final = 1
METRIC: Final = "inner_product"
MANIFEST_NAME: Final = "manifest.json"


@dataclass(frozen=True)
class FileRecord:
    """A file's size and SHA-256, in hexadecimal."""

    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> FileRecord:
        """Return the record of a file as it lies there."""
        data = path.read_bytes()
        return cls(len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True)
class Manifest:
    """A generation's description.

    Attributes:
        fingerprint: of the encoder that made the vectors.
        dim: length of a vector.
        count: number of vectors.
        store: which vector store reads the files.
        vector_revision: the catalogue's `vector_revision` that it was made from.
        created: when, ISO 8601 in UTC.
        files: every file but the manifest, by name.
        metric: how vectors are compared.
        format: version of this layout.
    """

    fingerprint: str
    dim: int
    count: int
    store: str
    vector_revision: int
    created: str
    files: Mapping[str, FileRecord]
    metric: str = METRIC
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode()

    def require(self, *, fingerprint: str, dim: int) -> None:
        """Check that an encoder's questions can be answered.

        Raises:
            IndexMismatch: the vectors are another encoder's, or of another length.
        """
        if self.fingerprint != fingerprint:
            raise IndexMismatch.of("encoder", got=self.fingerprint, expected=fingerprint)
        if self.dim != dim:
            raise IndexMismatch.of("vector length", got=self.dim, expected=dim)


def parse(data: bytes, where: Path) -> Manifest:
    """Return the manifest in `data`.

    Raises:
        IndexDamaged: it is no manifest.
        IndexMismatch: it is of another format or metric.
    """
    try:
        fields = json.loads(data)
        if fields["format"] != FORMAT:
            raise IndexMismatch.of("format", got=fields["format"], expected=FORMAT)
        if fields["metric"] != METRIC:
            raise IndexMismatch.of("metric", got=fields["metric"], expected=METRIC)
        return _from_fields(fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged.of(
            where, got=f"{len(data)} bytes ({type(error).__name__})", expected="a manifest"
        ) from error


def _from_fields(fields: dict[str, Any]) -> Manifest:
    files = {
        str(name): FileRecord(int(record["bytes"]), str(record["sha256"]))
        for name, record in fields.pop("files").items()
    }
    manifest = Manifest(files=files, **fields)
    if not (manifest.dim > 0 and manifest.count >= 0):
        raise ValueError("dim, count")
    return manifest


def read_verified(folder: Path, name: str, record: FileRecord) -> bytes:
    """Return a file's bytes once they are known to be those that were written.

    They are read once and checked in memory, so that what is checked is what is used.

    Raises:
        IndexDamaged: the file is missing, of another size, or changed.
    """
    path = folder / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IndexDamaged.of(path, got=type(error).__name__, expected="the file") from error
    if len(data) != record.bytes:
        raise IndexDamaged.of(path, got=f"{len(data)} bytes", expected=f"{record.bytes} bytes")
    digest = hashlib.sha256(data).hexdigest()
    if digest != record.sha256:
        raise IndexDamaged.of(path, got=f"SHA-256 {digest}", expected=record.sha256)
    return data


def check_folder(folder: Path, manifest: Manifest) -> None:
    """Check every file of a generation, and that there are no others.

    Raises:
        IndexDamaged: a file is missing, changed or foreign.
    """
    for name, record in manifest.files.items():
        read_verified(folder, name, record)
    found = {path.name for path in folder.iterdir()}
    foreign = found - set(manifest.files) - {MANIFEST_NAME}
    if foreign:
        raise IndexDamaged.of(
            folder, got=f"foreign files {_few(foreign)}", expected=_few(manifest.files)
        )


def _few(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:5])
