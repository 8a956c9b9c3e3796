"""Clothing Co-Parsing (Yang, Luo, Lin, CVPR 2014): street photos with label pictures.

Layout: `photos/NNNN.jpg`, `masks/NNNN.png`, `labels.json` (names by mask value), `photos.jsonl`
(`{"id", "split", "tags"}`). One label value is one garment: both shoes carry one label.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from segmentation.datasets.labelled import LabelledPhoto, LabelPicture
from segmentation.errors import DatasetError
from segmentation.taxonomy import CLOTHING_CO_PARSING, Label


def is_clothing_co_parsing(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / "labels.json").is_file() and (folder / "photos.jsonl").is_file()


def read_clothing_co_parsing(folder: Path, split: str) -> list[LabelledPhoto]:
    """Return the photos of one split that have label pictures, by id.

    Args:
        folder: the data set's folder.
        split: `train` or `val`.

    Raises:
        DatasetError: a file is missing or a label is not one of the 59 known ones.
    """
    names = _label_names(folder)
    records = [json.loads(line) for line in _read(folder / "photos.jsonl").splitlines()]
    return [_photo(folder, record, names) for record in records if record["split"] == split]


def _photo(folder: Path, record: dict[str, object], names: list[str]) -> LabelledPhoto:
    stem = f"{record['id']:04d}"
    picture = LabelPicture(folder / "masks" / f"{stem}.png")
    labels: dict[int, Label] = {}
    for value in np.unique(picture.read()).tolist():
        category = CLOTHING_CO_PARSING[names[value]]
        if category is not None:
            labels[value] = category
    return LabelledPhoto(
        id=stem,
        photo_path=folder / "photos" / f"{stem}.jpg",
        regions=picture,
        labels=labels,
        split=str(record["split"]),
        names={value: names[value] for value in labels},
    )


def _label_names(folder: Path) -> list[str]:
    names: list[str] = json.loads(_read(folder / "labels.json"))
    unknown = sorted(set(names) - set(CLOTHING_CO_PARSING))
    if unknown:
        raise DatasetError(
            "labels.json has labels that are not mapped",
            got=", ".join(unknown),
            expected="the 59 labels of Clothing Co-Parsing",
            next_step="Add them to segmentation/taxonomy.py.",
        )
    return names


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DatasetError(
            "this is no Clothing Co-Parsing folder",
            got=f"no {path.name} in {path.parent}",
            expected="photos/, masks/, labels.json, photos.jsonl",
            next_step="Give the folder that holds photos.jsonl.",
        ) from error
