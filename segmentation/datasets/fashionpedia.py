"""Fashionpedia (Jia et al., ECCV 2020), in the COCO-like JSON that its authors give out.

- `instances_attributes_train2020.json`, photos in `train/`
- `instances_attributes_val2020.json`, photos in `test/`, as published

An annotation's `segmentation` is a list of polygons or COCO run lengths, compressed or not. An empty
`attribute_ids` means a garment with no attribute; where the key is missing, attributes were never
labelled. A group of things (`iscrowd`) is no instance to learn: it is one of the photo's `crowds`,
and its category counts as unmarked there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Label
from segmentation.datasets.descriptions import Descriptions, descriptions_in, read_json
from segmentation.datasets.labelled import LabelledPhoto, Refused, RunLengths, insist
from segmentation.datasets.outlines.coco_masks import packed
from segmentation.datasets.photos import photo_size_hw

FILES: Final = {
    "train": "instances_attributes_train2020.json",
    "val": "instances_attributes_val2020.json",
}
"""Split -> the file that annotates it."""
PHOTOS: Final = {"train": "train", "val": "test"}
"""Split -> the folder of its photos."""


@dataclass(frozen=True)
class _Image:
    path: Path
    size_hw: tuple[int, int]


@dataclass(frozen=True)
class _Annotation:
    image: int
    label: Label
    attributes: frozenset[str] | None
    crowd: bool
    counts: bytes


def is_fashionpedia(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return any((folder / name).is_file() for name in FILES.values())


def read_fashionpedia(folder: Path, split: str, refused: Refused = insist) -> list[LabelledPhoto]:
    """Return the photos of one split, in the order of its file; none where it has no file.

    Args:
        folder: the data set's folder.
        split: `train` or `val`.
        refused: is given each image and annotation that cannot be used; the message names its id.

    Raises:
        DatasetError: the file is damaged.
    """
    if split not in FILES or not (folder / FILES[split]).is_file():
        return []
    path = folder / FILES[split]
    content = read_json(path)
    known = descriptions_in(content, path)
    images: dict[int, _Image] = {}
    for entry in _list(content, "images", path):
        try:
            number, image = _image(entry, folder / PHOTOS[split], path)
            if number in images:
                raise _refused(
                    f"image {number} of {path.name} is there twice",
                    image.path.name,
                    "one image an id",
                )
            images[number] = image
        except DatasetError as error:
            refused(error)
    found: dict[int, list[_Annotation]] = {number: [] for number in images}
    for entry in _list(content, "annotations", path):
        try:
            annotation = _annotation(entry, images, known, path)
            found[annotation.image].append(annotation)
        except DatasetError as error:
            refused(error)
    return [_photo(images[number], found[number], split) for number in images]


def _list(content: Mapping[str, Any], key: str, path: Path) -> list[Any]:
    entries = content.get(key)
    if not isinstance(entries, list):
        raise _refused(f"{path.name} has no {key}", type(entries).__name__, "a list")
    return entries


def _image(entry: Any, folder: Path, source: Path) -> tuple[int, _Image]:
    try:
        number, name = int(entry["id"]), str(entry["file_name"])
        size_hw = int(entry["height"]), int(entry["width"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:  # int(Infinity) overflows
        raise _unreadable("image", entry, source, error) from error
    found = photo_size_hw(folder / name, f"image {number} of {source.name}")
    if found != size_hw:
        raise _refused(
            f"image {number} of {source.name} and its photo differ in size",
            f"{size_hw[0]} x {size_hw[1]}",
            f"{found[0]} x {found[1]} as {name}, height x width",
        )
    return number, _Image(folder / name, size_hw)


def _annotation(
    entry: Any, images: Mapping[int, _Image], known: Descriptions, source: Path
) -> _Annotation:
    try:
        image = int(entry["image_id"])
        if image not in images:
            raise ValueError(f"unknown image {image}")
        attributes = entry.get("attribute_ids")
        return _Annotation(
            image,
            known.label(int(entry["category_id"])),
            None if attributes is None else known.names([int(each) for each in attributes]),
            bool(entry.get("iscrowd", 0)),
            packed(entry["segmentation"], images[image].size_hw),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:  # int(Infinity) overflows
        raise _unreadable("annotation", entry, source, error) from error


def _photo(image: _Image, annotations: Sequence[_Annotation], split: str) -> LabelledPhoto:
    # groups are numbered last: a photo's garments count from 1 whether it has groups or not
    numbered = dict(enumerate(sorted(annotations, key=lambda each: each.crowd), start=1))
    single = {value: each for value, each in numbered.items() if not each.crowd}
    crowds = {value: each.label for value, each in numbered.items() if each.crowd}
    return LabelledPhoto(
        id=image.path.stem,
        photo_path=image.path,
        regions=RunLengths(image.size_hw, {v: each.counts for v, each in numbered.items()}),
        labels={value: each.label for value, each in single.items()},
        split=split,
        described={
            value: each.attributes for value, each in single.items() if each.attributes is not None
        },
        unmarked=frozenset(crowds.values()),
        crowds=crowds,
    )


def _unreadable(kind: str, entry: Any, source: Path, error: Exception) -> DatasetError:
    number = entry.get("id", "without id") if isinstance(entry, dict) else repr(entry)[:40]
    missing = f"no {error}" if isinstance(error, KeyError) else str(error)
    return _refused(
        f"{kind} {number} of {source.name} cannot be read",
        missing,
        "an entry as Fashionpedia publishes it",
    )


def _refused(what: str, got: str, expected: str) -> DatasetError:
    return DatasetError(
        what, got=got, expected=expected, next_step="Unpack the published files again."
    )
