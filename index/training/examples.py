"""Data sets -> garment pictures with what is known of them, for training and measuring the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from segmentation.boxes import box_of
from segmentation.colours import main_colours
from segmentation.cutouts import cut_one, square
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_dataset import is_clothing_dataset, read_clothing_dataset
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.errors import DatasetError
from segmentation.garments import Garment, Rgb
from segmentation.photo import decode
from segmentation.taxonomy import Category

WORDS: Final = {"longsleeve": "long-sleeved top", "outwear": "jacket", "glasses": "glasses"}
"""Folder names and labels that are not what a person would type."""
SMALLEST_PX: Final = 400
SINGLE: Final = "clothing-dataset"


@dataclass(frozen=True, eq=False)
class Example:
    """One garment.

    Attributes:
        id: data set and number, unique.
        source: the kind of data set; nearest items are judged within one.
        rgb: 224 x 224 x 3 uint8, alone on neutral grey or with its background.
        name: the finest word known, "blazer".
        category: its kind.
        group: what counts as the same kind when nearest items are judged.
        colours: measured colours, main one first; empty where no mask tells garment from room.
        pattern: known pattern, or empty.
        words: further known attributes, fit for a caption.
    """

    id: str
    source: str
    rgb: Rgb
    name: str
    category: Category
    group: str
    colours: tuple[str, ...] = ()
    pattern: str = ""
    words: tuple[str, ...] = field(default_factory=tuple)


def read_examples(folder: Path, split: str) -> list[Example]:
    """Return the garments of one split of a data set.

    A folder of folders of single garments has no split of its own: a tenth of it, chosen by the
    file's hash, is `val`.

    Raises:
        DatasetError: the folder is in none of the known layouts.
    """
    if is_clothing_dataset(folder):
        return list(_single_garments(folder, split))
    kind, photos = read_folder(folder, split)
    return [example for photo in photos for example in _cut_outs(kind, photo)]


def _single_garments(folder: Path, split: str) -> Iterator[Example]:
    for garment in read_clothing_dataset(folder):
        if garment.split == split:
            picture = square(decode(garment.path.read_bytes()).rgb)
            name = WORDS.get(garment.label, garment.label)
            yield Example(garment.id, SINGLE, picture, name, garment.category, garment.label)


def _cut_outs(kind: str, photo: LabelledPhoto) -> Iterator[Example]:
    rgb, masks = photo.read()
    for value, category in photo.labels.items():
        mask = masks[value]
        box = box_of(mask)
        if box is None or np.count_nonzero(mask) < SMALLEST_PX:
            continue
        if not isinstance(category, Category):  # a part of a garment is no garment
            continue
        attributes = photo.attributes.get(value, {})
        name = attributes.get("style") or photo.names.get(value, category.value)
        known = (attributes.get(key, "") for key in ("fabric", "neckline", "sleeve", "length"))
        yield Example(
            id=f"{kind}/{photo.id}/{value}",
            source=kind,
            rgb=cut_one(rgb, Garment(category, 1.0, box, mask)),
            name=WORDS.get(name, name),
            category=category,
            group=category.value,
            colours=main_colours(rgb, mask),
            pattern=attributes.get("pattern", ""),
            words=tuple(word for word in known if word),
        )


def read_all(folders: Sequence[Path], split: str) -> list[Example]:
    """Return the garments of one split of several data sets.

    Raises:
        DatasetError: there are none.
    """
    examples = [example for folder in folders for example in read_examples(folder, split)]
    if not examples:
        raise DatasetError(
            f"no garments of the split {split!r}",
            got=", ".join(map(str, folders)) or "no folders",
            expected="at least one data set with labelled garments",
            next_step="Give the folders of the data sets with --data.",
        )
    return examples
