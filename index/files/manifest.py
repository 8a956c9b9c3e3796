"""What a generation says of itself, and the check that its files are still what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexMismatch
from index.files.checked import FileRecord, check_file, read_verified, reason

__all__ = [
    "FACTS_FILE", "FIELDS", "FORMAT", "MANIFEST_NAME", "METRIC", "FileRecord", "Manifest", "check_folder",
    "check_names", "folders_below", "identity_of", "parse", "read_verified",
]  # fmt: skip

FORMAT: Final = 1
METRIC: Final = "inner_product"
FIELDS: Final = "fields"
"""The folder below a generation's that holds one for each of its fields."""
MANIFEST_NAME: Final = "manifest.json"
FACTS_FILE: Final = "facts.json"
"""What a store says of itself; it holds no vectors."""
_PLAIN_NAME: Final = re.compile(r"(?!\.)[\w.-]{1,100}", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


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
        catalogue: which one it was made from; empty where that was not written down yet.
        identity: what `identity_of` says of its vectors; empty likewise.
        lineage: the database's, see `index.database.tables.CatalogueRow`; empty likewise.
        fields: second vectors of the same items by name, see `index.model.fields`; each is described
            as an index of its own, by its encoder and by the files in its folder.
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
    catalogue: str = ""
    identity: str = ""
    lineage: str = ""
    fields: Mapping[str, Manifest] = field(default_factory=dict)
    metric: str = METRIC
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        return json.dumps(_plain(self), indent=2, sort_keys=True).encode()

    def require(self, *, fingerprint: str, dim: int) -> None:
        """Check that an encoder's questions can be answered.

        Raises:
            IndexMismatch: the vectors are another encoder's, or of another length.
        """
        if self.fingerprint != fingerprint:
            raise IndexMismatch.of("encoder", got=self.fingerprint, expected=fingerprint)
        if self.dim != dim:
            raise IndexMismatch.of("vector length", got=self.dim, expected=dim)


def _plain(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest's values; one without fields reads as it did before there were any."""
    return {name: value for name, value in asdict(manifest).items() if name != FIELDS or value}


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
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexDamaged.of(
            where, got=f"{len(data)} bytes ({type(error).__name__})", expected="a manifest"
        ) from error


def _from_fields(fields: dict[str, Any]) -> Manifest:
    files = {name: FileRecord(**record) for name, record in fields.pop("files").items()}
    below = {name: _from_fields(record) for name, record in fields.pop(FIELDS, {}).items()}
    manifest = Manifest(files=files, fields=below, **fields)
    sizes = [record.bytes for record in files.values()]
    numbers = [manifest.dim, manifest.count, manifest.vector_revision, *sizes]
    texts = (
        manifest.fingerprint,
        manifest.store,
        manifest.catalogue,
        manifest.identity,
        manifest.lineage,
    )
    if not all(type(number) is int and number >= 0 for number in numbers) or manifest.dim == 0:
        raise ValueError("numbers")
    if not all(isinstance(text, str) for text in (*texts, manifest.created)):
        raise TypeError("texts")
    # a name must not lead out of the folder
    if not all(_PLAIN_NAME.fullmatch(name) for name in (*files, *below)):
        raise ValueError("names")
    if {MANIFEST_NAME, FIELDS} & files.keys() or any(each.fields for each in below.values()):
        raise ValueError("names that are taken, or fields of a field")
    if not all(_SHA256.fullmatch(record.sha256) for record in files.values()):
        raise ValueError("digests")
    return manifest


def identity_of(parts: Iterable[tuple[NDArray[np.int64], Sequence[UUID]]]) -> str:
    """Return a SHA-256 of vectors' keys and ids, which tells one state of a catalogue from others.

    Args:
        parts: `Vectors.identities()`: keys ascending, and an id that changes with its vector.

    >>> identity_of([(np.asarray([7]), [UUID(int=1)])])[:16]
    '6c9155d5f4e2f43b'
    """
    whole = hashlib.sha256()
    for keys, ids in parts:
        for key, each in zip(keys.tolist(), ids, strict=True):
            whole.update(key.to_bytes(8, "little", signed=True) + each.bytes)
    return whole.hexdigest()


def check_folder(folder: Path, manifest: Manifest) -> None:
    """Check every file of a generation a little at a time, and that there are no others.

    Raises:
        IndexDamaged: a file is missing, a link, changed or foreign.
    """
    check_names(folder, manifest)
    for where, held in ((folder, manifest), *folders_below(folder, manifest)):
        for name, record in held.files.items():
            check_file(where / name, record)


def check_names(folder: Path, manifest: Manifest) -> None:
    """Check that a generation's folder has its files and no others; nothing in them is read.

    Raises:
        IndexDamaged: a file is missing or foreign.
    """
    below = {FIELDS} if manifest.fields else set()
    _check_names(folder, {*manifest.files, MANIFEST_NAME, *below})
    if below:
        _check_names(folder / FIELDS, set(manifest.fields))
    for where, held in folders_below(folder, manifest):
        _check_names(where, set(held.files))


def folders_below(folder: Path, manifest: Manifest) -> Iterable[tuple[Path, Manifest]]:
    """Return where each of a generation's fields lies, and what describes it."""
    return [(folder / FIELDS / name, held) for name, held in sorted(manifest.fields.items())]


def _check_names(folder: Path, wanted: set[str]) -> None:
    if folder.is_symlink():
        raise IndexDamaged.of(folder, got="a link", expected="a folder")
    try:
        found = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise IndexDamaged.of(folder, got=reason(error), expected="a folder") from error
    if foreign := found - wanted:
        raise IndexDamaged.of(folder, got=f"foreign files {_few(foreign)}", expected=_few(wanted))
    if missing := wanted - found:
        raise IndexDamaged.of(folder, got=f"no {_few(missing)}", expected=_few(wanted))


def _few(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:5])
