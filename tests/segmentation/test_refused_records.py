"""Data sets with label pictures: a record is refused by its line where a picture is not as said."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.datasets.photos import photo_size_hw
from segmentation.datasets.self_labelled import SelfLabelledWriter
from tests.street import HAT, write_street

HIGH, WIDE = 6, 5


def picture(path: Path, *shape: int, value: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(shape, value, np.uint8)).save(path)


def street(folder: Path) -> tuple[Path, Path, str]:
    """Photo and mask of a record, and what names it."""
    write_street(folder)
    return folder / "photos" / "0002.jpg", folder / "masks" / "0002.png", "line 2 of photos.jsonl"


def self_labelled(folder: Path) -> tuple[Path, Path, str]:
    photo = folder / "elsewhere.jpg"
    picture(photo, HIGH, WIDE, 3)
    with SelfLabelledWriter(folder, "tests") as writer:
        writer.add(photo, "train", [(Category.HAT, np.ones((HIGH, WIDE), bool))])
    return photo, folder / "masks" / "00000.png", "line 1 of self_labelled.jsonl"


def rendered(folder: Path) -> tuple[Path, Path, str]:
    photo, mask = folder / "photos" / "00000.jpg", folder / "masks" / "00000.png"
    picture(photo, HIGH, WIDE, 3)
    picture(mask, HIGH, WIDE, value=1)
    garments = [{"value": 1, "category": "hat"}]
    line = {"id": "00000", "split": "train", "garments": garments}
    (folder / "rendered.jsonl").write_text(json.dumps(line))
    return photo, mask, "line 1 of rendered.jsonl"


def bomb(path: Path) -> None:
    """A PNG whose header promises 30,000 x 30,000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", b"")]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "FileNotFoundError"),
    "empty": (lambda path: path.write_bytes(b""), "UnidentifiedImageError"),
    "no picture": (lambda path: path.write_text("sofa"), "UnidentifiedImageError"),
    "a bomb": (bomb, "DecompressionBombError"),
    "another size": (lambda path: picture(path, 9, 7, value=1), "9 x 7"),
}


@pytest.mark.parametrize("layout", [street, self_labelled, rendered])
@pytest.mark.parametrize("which", ["photo", "mask"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_picture_is_refused_by_its_line(
    tmp_path: Path, layout: Callable[[Path], tuple[Path, Path, str]], which: str, damage: str
) -> None:
    photo, mask, record = layout(tmp_path)
    assert read_folder(tmp_path, "train")[1]
    spoil, value = DAMAGE[damage]
    spoil(photo if which == "photo" else mask)
    with pytest.raises(DatasetError, match=record) as refusal:
        read_folder(tmp_path, "train")
    assert value in str(refusal.value)


def test_a_label_picture_that_breaks_off_is_refused_by_its_line(tmp_path: Path) -> None:
    _, mask, record = street(tmp_path)
    mask.write_bytes(mask.read_bytes()[:60])
    with pytest.raises(DatasetError, match=record):
        read_folder(tmp_path, "train")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "labels.json cannot be read"),
        (b'["hat",', "labels.json cannot be read"),
        (b'{"hat": 1}', "no list of names"),
        (b"[1]", "no list of names"),
        (b"\xff\xfe", "labels.json cannot be read"),
        (b'["sofa"]', "not mapped: got sofa"),
        (b'["null"]', f"value {HAT} in"),
    ],
)
def test_damaged_label_names_are_refused(tmp_path: Path, content: bytes, answer: str) -> None:
    street(tmp_path)
    (tmp_path / "labels.json").write_bytes(content)
    with pytest.raises(DatasetError, match=answer):
        read_folder(tmp_path, "train")


def test_a_size_is_read_from_the_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    picture(path, HIGH, WIDE)
    path.write_bytes(path.read_bytes()[:50])
    assert photo_size_hw(path, "the test") == (HIGH, WIDE)
