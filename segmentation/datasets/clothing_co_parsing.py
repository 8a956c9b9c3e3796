"""Clothing Co-Parsing (Yang, Luo, Lin, CVPR 2014): street photos with label pictures.

Layout: `photos/NNNN.jpg`, `masks/NNNN.png`, `labels.json` (names by mask value), `photos.jsonl`
(`{"id", "split", "tags"}`). One label value is one garment: both shoes carry one label.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentation.common.boxes import begins_below_middle, box_of
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Mask
from segmentation.common.taxonomy import CLOTHING_CO_PARSING, SLOT_OF, Category, Slot
from segmentation.datasets.labelled import LabelledPhoto, LabelPicture, Refused, insist, usable
from segmentation.datasets.photos import check_sizes, photo_path


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
    known = {tag: category for tag in tags if (category := CLOTHING_CO_PARSING.get(tag))}
    found: dict[Category, tuple[str, ...]] = {}
    for tag, plain in known.items():
        category = as_worn(plain, known.values())
        found[category] = (*found.get(category, ()), tag)
    return photo_path(folder / "photos", name), found


def _photo(
    folder: Path, names: list[str], wanted: str, numbered: tuple[int, str]
) -> LabelledPhoto | None:
    number, line = numbered
    name, split, _ = _fields(line, number)
    if split != wanted:
        return None
    photo = photo_path(folder / "photos", name)
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


def as_worn(category: Category, others: Collection[Category]) -> Category:
    """Return what a category of this data set is, given all that is worn with it.

    A `vest` over nothing is a top. Of the 49 on photos of `train`, by eye: of the 29 that are worn
    without a shirt, top, sweater or dress, 23 are tank tops, camisoles and sleeveless blouses; of
    the 20 that are worn with one, 17 are waistcoats or lie over it.

    >>> as_worn(Category.VEST, [Category.PANTS]), as_worn(Category.VEST, [Category.SHIRT])
    (<Category.TOP: 'top'>, <Category.VEST: 'vest'>)
    """
    beneath = {Slot.TOP, Slot.ONE_PIECE} & {SLOT_OF[other] for other in others}
    return Category.TOP if category is Category.VEST and not beneath else category


def without_skirts(labels: dict[int, Category], values: NDArray[np.uint8]) -> dict[int, Category]:
    """Return the labels of a photo in which no skirt is called a dress.

    A `dress` that begins below the middle of a shirt, top or sweater is a skirt: of 197 in `train`,
    61 do. Of the 58 largest of these, by eye, all but three are skirts, and those are trousers.

    Args:
        labels: label value -> category.
        values: H x W, the label picture.
    """
    tops = [value for value, category in labels.items() if SLOT_OF[category] is Slot.TOP]
    dresses = [value for value, category in labels.items() if category is Category.DRESS]
    if not (tops and dresses):
        return labels
    above = [box for value in tops if (box := box_of(values == value))]
    return {
        value: Category.SKIRT
        if value in dresses and _is_skirt(values == value, above)
        else category
        for value, category in labels.items()
    }


def _is_skirt(mask: Mask, tops_xyxy: list[tuple[float, float, float, float]]) -> bool:
    box = box_of(mask)
    return box is not None and any(begins_below_middle(box, top) for top in tops_xyxy)


def _labels(picture: LabelPicture, names: list[str], number: int) -> dict[int, Category]:
    try:
        values = picture.read()
    except DatasetError as error:
        raise _bad_line(number, error.got, error.expected) from error
    labels: dict[int, Category] = {}
    for value in np.unique(values).tolist():
        if value >= len(names):
            raise _bad_line(number, f"value {value} in {picture.path}", "values of labels.json")
        category = CLOTHING_CO_PARSING[names[value]]
        if category is not None:
            labels[value] = category
    worn = {value: as_worn(category, labels.values()) for value, category in labels.items()}
    return without_skirts(worn, values)


def _fields(line: str, number: int) -> tuple[str, str, list[str]]:
    try:
        record = json.loads(line)
        return f"{record['id']:04d}", str(record["split"]), list(record.get("tags", ()))
    except (ValueError, KeyError, TypeError) as error:
        text = f"{type(error).__name__}: {error}"
        raise _bad_line(number, text, "id, split and tags") from error


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
