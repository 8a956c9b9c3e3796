"""Readers of data sets; each gives `LabelledPhoto`s and knows nothing of training."""

from __future__ import annotations

from pathlib import Path

from segmentation.common.errors import DatasetError
from segmentation.datasets.clothing_co_parsing import (
    is_clothing_co_parsing,
    read_clothing_co_parsing,
)
from segmentation.datasets.fashionpedia import is_fashionpedia, read_fashionpedia
from segmentation.datasets.imaterialist import is_imaterialist, read_imaterialist
from segmentation.datasets.labelled import LabelledPhoto, Refused, insist
from segmentation.datasets.rendered import read_rendered
from segmentation.datasets.self_labelled import is_self_labelled, read_self_labelled


def is_labelled(folder: Path) -> bool:
    """Whether a folder is in a layout that `read_folder` reads."""
    return (folder / "rendered.jsonl").is_file() or any(
        is_one(folder)
        for is_one in (is_clothing_co_parsing, is_self_labelled, is_imaterialist, is_fashionpedia)
    )


def read_folder(
    folder: Path, split: str, refused: Refused = insist
) -> tuple[str, list[LabelledPhoto]]:
    """Return a folder's kind of data set and the photos of one split.

    Args:
        folder: in one of the layouts that docs/data.md describes.
        split: `train` or `val`.
        refused: is given each record that cannot be used; by default the first ends the reading.

    Raises:
        DatasetError: the folder is in none of the known layouts.
    """
    if is_clothing_co_parsing(folder):
        return "clothing-co-parsing", read_clothing_co_parsing(folder, split, refused)
    if (folder / "rendered.jsonl").is_file():
        photos = read_rendered(folder, refused)
        return "rendered", [photo for photo in photos if photo.split == split]
    if is_self_labelled(folder):
        kind, photos = read_self_labelled(folder, refused)
        return kind, [photo for photo in photos if photo.split == split]
    if is_imaterialist(folder):
        return "imaterialist", read_imaterialist(folder, split, refused)
    if is_fashionpedia(folder):
        return "fashionpedia", read_fashionpedia(folder, split, refused)
    raise DatasetError(
        "the folder is no data set that is read here",
        got=str(folder),
        expected="Clothing Co-Parsing (photos.jsonl, labels.json), rendered (rendered.jsonl), "
        "self-labelled (self_labelled.jsonl), iMaterialist 2019 (train.csv) or Fashionpedia "
        "(instances_attributes_train2020.json)",
        next_step="Check the path; `docs/data.md` describes the layouts.",
    )
