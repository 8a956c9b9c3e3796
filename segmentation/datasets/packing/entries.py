"""Folders of data -> the files of a pack, each made when it is written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import ZipFile, ZipInfo

import numpy as np
from PIL import Image

from segmentation.datasets.clothing_co_parsing import is_clothing_co_parsing, read_tagged
from segmentation.datasets.clothing_dataset import is_clothing_dataset, read_clothing_dataset
from segmentation.datasets.labelled import UNREADABLE, unreadable
from segmentation.datasets.photos import photo_path
from segmentation.datasets.products.clothing_full import is_clothing_full
from segmentation.datasets.products.product_photos import is_product_photos
from segmentation.datasets.self_labelled import INDEX, is_self_labelled
from segmentation.datasets.splits import LISTED, is_held_out

STREET: Final = 688
"""Longer side of street photos, as the detector sees them, in pixels."""
SINGLE: Final = 320
"""Longer side of photos of single garments."""
SAMPLES: Final = 24
"""Pictures of an archive from which its size is estimated."""


@dataclass(frozen=True)
class Level:
    """How much pictures are reduced: WebP's quality, and a share of their sides."""

    quality: int
    scale: float


@dataclass(frozen=True)
class PackEntry:
    """A file of a pack.

    Attributes:
        name: in the pack.
        make: its bytes at a level.
        estimate: about how many bytes these are; where None, `make` is cheap enough to tell.
        optional: may be left out where the pack would grow too large.
    """

    name: str
    make: Callable[[Level], bytes]
    estimate: Callable[[Level], float] | None = None
    optional: bool = False


@dataclass
class Packed:
    """What is packed already.

    Attributes:
        pictures: path of a picture -> its name in the pack and its longer side there.
    """

    pictures: dict[Path, tuple[str, int]] = field(default_factory=dict)


def entries_of(folder: Path, packed: Packed) -> list[PackEntry]:
    """Return the files of one folder; none if it is in no layout that packs know.

    Args:
        folder: its name is the folder's name in the pack.
        packed: pictures of folders before this one, which are not packed again.
    """
    for is_one, entries in (
        (is_clothing_co_parsing, _street),
        (is_self_labelled, _self_labelled),
        (_is_rendered, _rendered),
        (is_product_photos, _product_photos),
        (is_clothing_full, _clothing_full),
        (is_clothing_dataset, _clothing_dataset),
        (_is_street_outfits, _street_outfits),
    ):
        if is_one(folder):
            return list(entries(folder, packed))
    return []


def _street(folder: Path, packed: Packed) -> Iterator[PackEntry]:
    for line in (folder / "photos.jsonl").read_text(encoding="utf-8").splitlines():
        name = f"{json.loads(line)['id']:04d}"
        yield _picture(folder, photo_path(folder / "photos", name), STREET, packed)
        mask = folder / "masks" / f"{name}.png"
        if mask.is_file():
            yield _mask(folder, mask, STREET)
    yield from (_copy(folder, folder / name) for name in ("labels.json", "photos.jsonl"))
    yield _listing(
        folder, [path.stem for path, _ in read_tagged(folder) if is_held_out(path, folder)]
    )


def _clothing_dataset(folder: Path, packed: Packed) -> Iterator[PackEntry]:
    garments = read_clothing_dataset(folder)
    yield from (_picture(folder, garment.path, SINGLE, packed) for garment in garments)
    yield _listing(folder, [garment.id for garment in garments if garment.split == "val"])


def _self_labelled(folder: Path, packed: Packed) -> Iterator[PackEntry]:
    lines = []
    for line in (folder / INDEX).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        photo = (folder / entry["photo"]).resolve()
        if photo not in packed.pictures:
            single = entry["source"] not in {"tags", "worn"}
            name = f"{folder.name}/photos/{entry['id']}.webp"
            packed.pictures[photo] = name, SINGLE if single else STREET
            yield PackEntry(name, partial(_webp, photo, packed.pictures[photo][1]))
        name, side = packed.pictures[photo]
        yield _mask(folder, folder / "masks" / f"{entry['id']}.png", side)
        lines.append(json.dumps({**entry, "photo": f"../{name}"}))
    if lines:  # else it is no data set yet
        yield _text(folder, INDEX, lines)


def _rendered(folder: Path, packed: Packed) -> Iterator[PackEntry]:
    for line in (folder / "rendered.jsonl").read_text(encoding="utf-8").splitlines():
        name = str(json.loads(line)["id"])
        yield _picture(folder, photo_path(folder / "photos", name), STREET, packed)
        yield _mask(folder, folder / "masks" / f"{name}.png", STREET)
    yield _copy(folder, folder / "rendered.jsonl")


def _product_photos(folder: Path, _packed: Packed) -> Iterator[PackEntry]:
    yield _copy(folder, folder / "products.csv")
    for path in sorted(folder.glob("*.zip")):
        yield _archive(folder, path, optional=path.stem == "small")


def _clothing_full(folder: Path, _packed: Packed) -> Iterator[PackEntry]:
    yield _copy(folder, folder / "images.csv")
    yield _archive(folder, folder / "photos.zip")


def _street_outfits(folder: Path, _packed: Packed) -> Iterator[PackEntry]:
    yield _copy(folder, folder / "outfits.tsv")


def _is_rendered(folder: Path) -> bool:
    return (folder / "rendered.jsonl").is_file()


def _is_street_outfits(folder: Path) -> bool:
    return (folder / "outfits.tsv").is_file()


def _picture(folder: Path, path: Path, side: int, packed: Packed) -> PackEntry:
    name = f"{folder.name}/{path.relative_to(folder).with_suffix('.webp').as_posix()}"
    packed.pictures[path.resolve()] = name, side
    return PackEntry(name, partial(_webp, path, side))


def _mask(folder: Path, path: Path, side: int) -> PackEntry:
    return PackEntry(
        f"{folder.name}/{path.relative_to(folder).as_posix()}", partial(_label_picture, path, side)
    )


def _copy(folder: Path, path: Path) -> PackEntry:
    return PackEntry(f"{folder.name}/{path.name}", lambda _level: path.read_bytes())


def _text(folder: Path, name: str, lines: list[str]) -> PackEntry:
    return PackEntry(f"{folder.name}/{name}", lambda _level: ("\n".join(lines) + "\n").encode())


def _listing(folder: Path, names: list[str]) -> PackEntry:
    return _text(folder, LISTED, names)


def _archive(folder: Path, path: Path, *, optional: bool = False) -> PackEntry:
    return PackEntry(
        f"{folder.name}/{path.name}", partial(_smaller_archive, path), partial(_size_of_archive, path),
        optional,
    )  # fmt: skip


def _smaller_archive(path: Path, level: Level) -> bytes:
    out = io.BytesIO()
    with ZipFile(path) as given, ZipFile(out, "w") as made:
        for name in given.namelist():
            made.writestr(ZipInfo(name), _smaller_picture(given.read(name), level))
    return out.getvalue()


def _size_of_archive(path: Path, level: Level) -> float:
    with ZipFile(path) as given:
        names = given.namelist()
        some = names[:: max(1, len(names) // SAMPLES)]
        sizes = [len(_smaller_picture(given.read(name), level)) for name in some]
    return len(names) * (sum(sizes) / max(1, len(sizes)) + 120)  # what zip keeps of each file


def _smaller_picture(data: bytes, level: Level) -> bytes:
    """Return a WebP picture at a lower quality, its size kept: it is small already."""
    with Image.open(io.BytesIO(data)) as picture:
        smaller = _encoded(picture.convert("RGB"), level.quality)
    return smaller if len(smaller) < len(data) else data


def _webp(path: Path, side: int, level: Level) -> bytes:
    try:
        with Image.open(path) as picture:
            rgb = picture.convert("RGB")
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    return _encoded(rgb.resize(_size(rgb.size, side, level), Image.Resampling.BOX), level.quality)


def _label_picture(path: Path, side: int, level: Level) -> bytes:
    try:
        with Image.open(path) as picture:
            size = _size(picture.size, side, level)
            small = picture.resize(size, Image.Resampling.NEAREST)
    except UNREADABLE as error:
        raise unreadable(path, error) from error
    out = io.BytesIO()
    Image.fromarray(np.asarray(small, dtype=np.uint8)).save(out, "PNG", optimize=True)
    return out.getvalue()


def _encoded(rgb: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    rgb.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def _size(size_wh: tuple[int, int], side: int, level: Level) -> tuple[int, int]:
    scale = min(1.0, side * level.scale / max(size_wh))
    return max(1, round(size_wh[0] * scale)), max(1, round(size_wh[1] * scale))
