"""Reading a pack: its folders, unpacked once beside it."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

from segmentation.common.errors import DatasetError

MANIFEST: Final = "pack.json"
MOST_UNPACKED: Final = 2_000_000_000
"""Bytes of all files of a pack together."""


def unpacked(pack: Path) -> list[Path]:
    """Return the folders of a pack, by name; they lie beside it, in `NAME.unpacked`.

    They are unpacked anew where they are not there, or of another pack of that name.

    Raises:
        DatasetError: the file is no pack, is damaged, or holds what no pack holds.
    """
    target = pack.with_name(f"{pack.name}.unpacked")
    try:
        with ZipFile(pack) as file:
            manifest = file.read(MANIFEST)
            if not _is_same(target, manifest):
                _unpack(file, target)
    except OSError as error:
        raise DatasetError(
            "the training set cannot be unpacked",
            got=f"{pack}: {error.strerror or error}",
            expected="a pack that can be read, in a folder that can be written to",
            next_step="Make room beside it, or put it elsewhere.",
        ) from error
    except (BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _no_pack(pack, f"{type(error).__name__}: {error}") from error
    return sorted(folder for folder in target.iterdir() if folder.is_dir())


def _is_same(target: Path, manifest: bytes) -> bool:
    known = target / MANIFEST
    return known.is_file() and json.loads(known.read_bytes()) == json.loads(manifest)


def _unpack(file: ZipFile, target: Path) -> None:
    infos = file.infolist()
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise ValueError(f"more than {MOST_UNPACKED} bytes")
    for info in infos:
        name = PurePosixPath(info.filename)
        if name.is_absolute() or ".." in name.parts or len(name.parts) > 4:
            raise ValueError(f"a file called {info.filename!r}")
    whole = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        file.extractall(whole)
        shutil.rmtree(target, ignore_errors=True)
        whole.replace(target)
    finally:
        shutil.rmtree(whole, ignore_errors=True)


def _no_pack(pack: Path, got: str) -> DatasetError:
    return DatasetError(
        "the file is no training set",
        got=f"{pack}: {got}",
        expected="a pack that `recommender train pack` wrote",
        next_step="Write it again, or give the data folders themselves.",
    )
