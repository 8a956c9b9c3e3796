"""Clothing Co-Parsing (Yang, Luo, Lin, CVPR 2014): street photos with label pictures.

Layout: `photos/NNNN.jpg`, `masks/NNNN.png`, `labels.json` (names by mask value), `photos.jsonl`
(`{"id", "split", "tags"}`). One label value is one garment: both shoes carry one label.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import CLOTHING_CO_PARSING, Category, Label
from segmentation.datasets.labelled import LabelledPhoto, LabelPicture, Refused, insist, usable
from segmentation.datasets.photos import check_sizes


def is_clothing_co_parsing(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / "labels.json").is_file() and (folder / "photos.jsonl").is_file()


def read_clothing_co_parsing(
    folder: Path, split: str, refused: Refused = insist
) -> list[LabelledPhoto]:
    """Return the photos of one split that have label pictures, by id.

    Args:
        folder: the data set's folder.
        split: `train` or `val`.
        refused: is given each line of photos.jsonl that cannot be used.

    Raises:
        DatasetError: a file is missing or damaged, or a label is not one of the 59 known ones.
    """
    names = _label_names(folder)
    lines = _read(folder / "photos.jsonl").splitlines()
    return usable(enumerate(lines, start=1), partial(_photo, folder, names, split), refused)


def read_tagged(
    folder: Path, refused: Refused = insist
) -> list[tuple[Path, Mapping[Category, tuple[str, ...]]]]:
    """Return the photos that have tags but no label picture, and each category's tags in it."""
    lines = _read(folder / "photos.jsonl").splitlines()
    return usable(enumerate(lines, start=1), partial(_tagged, folder), refused)


def _tagged(
    folder: Path, numbered: tuple[int, str]
) -> tuple[Path, Mapping[Category, tuple[str, ...]]] | None:
    name, split, tags = _fields(numbered[1], numbered[0])
    if split != "tags":
        return None
    found: dict[Category, tuple[str, ...]] = {}
    for tag in tags:
        category = CLOTHING_CO_PARSING.get(tag)
        if category:
            found[category] = (*found.get(category, ()), tag)
    return folder / "photos" / f"{name}.jpg", found


def _photo(
    folder: Path, names: list[str], wanted: str, numbered: tuple[int, str]
) -> LabelledPhoto | None:
    number, line = numbered
    name, split, _ = _fields(line, number)
    if split != wanted:
        return None
    photo = folder / "photos" / f"{name}.jpg"
    picture = LabelPicture(folder / "masks" / f"{name}.png")
    check_sizes(photo, picture.path, f"line {number} of photos.jsonl")
    labels = _labels(picture, names, number)
    return LabelledPhoto(
        id=name,
        photo_path=photo,
        regions=picture,
        labels=labels,
        split=split,
        names={value: names[value] for value in labels},
    )


def _labels(picture: LabelPicture, names: list[str], number: int) -> dict[int, Label]:
    try:
        values = np.unique(picture.read()).tolist()
    except DatasetError as error:
        raise _bad_line(number, error.got, error.expected) from error
    labels: dict[int, Label] = {}
    for value in values:
        if value >= len(names):
            raise _bad_line(number, f"value {value} in {picture.path}", "values of labels.json")
        category = CLOTHING_CO_PARSING[names[value]]
        if category is not None:
            labels[value] = category
    return labels


def _fields(line: str, number: int) -> tuple[str, str, list[str]]:
    try:
        record = json.loads(line)
        return f"{record['id']:04d}", str(record["split"]), list(record.get("tags", ()))
    except (ValueError, KeyError, TypeError) as error:
        told = f"{type(error).__name__}: {error}"
        raise _bad_line(number, told, "id, split and tags") from error


def _bad_line(number: int, got: str, expected: str) -> DatasetError:
    return DatasetError(
        f"line {number} of photos.jsonl cannot be used",
        got=got,
        expected=expected,
        next_step="Restore the line and its files, or take the line out.",
    )


def _label_names(folder: Path) -> list[str]:
    try:
        names: list[str] = json.loads(_read(folder / "labels.json"))
        if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise ValueError("no list of names")
    except ValueError as error:
        raise DatasetError(
            "labels.json cannot be read",
            got=str(error),
            expected="a JSON list of the labels' names, by mask value",
            next_step="Unpack the published file again.",
        ) from error
    unknown = sorted(set(names) - set(CLOTHING_CO_PARSING))
    if unknown:
        raise DatasetError(
            "labels.json has labels that are not mapped",
            got=", ".join(unknown),
            expected="the 59 labels of Clothing Co-Parsing",
            next_step="Add them to segmentation/common/taxonomy.py.",
        )
    return names


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path.name} cannot be read",
            got=str(error),
            expected="text in UTF-8",
            next_step="Unpack the published file again.",
        ) from error
    except FileNotFoundError as error:
        raise DatasetError(
            "this is no Clothing Co-Parsing folder",
            got=f"no {path.name} in {path.parent}",
            expected="photos/, masks/, labels.json, photos.jsonl",
            next_step="Give the folder that holds photos.jsonl.",
        ) from error
