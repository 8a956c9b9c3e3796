"""Archives like the public garments': a few drawn pictures, with what the real ones have beside them."""

from __future__ import annotations

import hashlib
import io
import stat
import tarfile
import uuid
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PIL import Image, ImageDraw

from recommender.public_garments.collection import Collection, checksum
from segmentation.common.taxonomy import CLOTHING_DATASET

ROOT = "clothing-dataset-small-master"
EACH = 3
"""Pictures of each kind."""


def drawn(number: int) -> bytes:
    """Return a JPEG of a garment of sorts, another for each number."""
    image = Image.new("RGB", (48, 64), (230, 226, 220))
    colour = (number * 53 % 200, number * 97 % 200, number * 151 % 200)
    ImageDraw.Draw(image).polygon([(10, 8), (38, 8), (44, 58), (4, 58)], fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def name(number: int) -> str:
    return f"{uuid.UUID(int=number * 7919 + 1)}.jpg"


def garments() -> dict[str, bytes]:
    """Return pictures of every kind, `dress/….jpg` -> the file."""
    kinds = sorted(CLOTHING_DATASET)
    numbers = range(EACH * len(kinds))
    return {f"{kinds[at % len(kinds)]}/{name(at)}": drawn(at) for at in numbers}


def collection_of(pictures: Mapping[str, bytes]) -> Collection:
    """Return the collection of just these pictures."""
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in pictures.items()}
    kinds = frozenset(CLOTHING_DATASET)
    return Collection("public-garments", kinds, len(sums), checksum(sums), "CC0 1.0", "the tests")


def entries(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what the archive holds: those below train/, and what is to be left out."""
    inside = {f"{ROOT}/train/{path}": data for path, data in pictures.items()}
    return {
        f"{ROOT}/LICENSE": b"CC0",
        f"{ROOT}/validation/dress/{name(900)}": drawn(900),
        f"{ROOT}/test/hat/{name(901)}": drawn(901),
        f"{ROOT}/train/umbrella/{name(902)}": drawn(902),
        f"{ROOT}/train/dress/notes.txt": b"not a picture",
        **inside,
    }


def member(
    path: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0
) -> tarfile.TarInfo:
    """Return an entry of a tar that may be anything."""
    made = tarfile.TarInfo(path)
    made.type, made.linkname, made.size = kind, link, size
    return made


def tar_gz(files: Mapping[str, bytes], more: Iterable[tarfile.TarInfo] = ()) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT) as packed:
        packed.addfile(member(ROOT, tarfile.DIRTYPE))
        for path, data in files.items():
            packed.addfile(member(path, size=len(data)), io.BytesIO(data))
        for each in more:
            packed.addfile(each, io.BytesIO(bytes(each.size)))
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.mkdir(ROOT)
        for path, data in files.items():
            packed.writestr(path, data)
        for path, to in (links or {}).items():
            info = zipfile.ZipInfo(path)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(info, to)
    return buffer.getvalue()


PACKERS: Mapping[str, Callable[[Mapping[str, bytes]], bytes]] = {"tar.gz": tar_gz, "zip": zipped}


def files_below(folder: Path) -> set[str]:
    """Return every file below a folder, hidden ones too."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
