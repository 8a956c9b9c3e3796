"""Polyvore Outfits (Vasileva et al., ECCV 2018): outfits of product shots, and questions about them.

Layout: `disjoint/` and `nondisjoint/`, each with `train.json`, `valid.json`, `test.json` (lists of
`{"set_id", "items": [{"item_id", "index"}]}`) and `fill_in_blank_<split>.json`; beside the two
`polyvore_item_metadata.json` (item -> its `category_id` and more), `categories.csv` (id, fine-grained
name, semantic name; no header) and `images/<item_id>.jpg`. The folder to give is one of the two.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from recommender.compatibility.datasets.categories import POLYVORE, category_of
from recommender.compatibility.datasets.files import (
    cannot_use,
    picture_of,
    pictures_under,
    read_json,
    read_rgb,
    read_text,
)
from recommender.compatibility.ensembles import Ensemble, EnsembleFile, OutfitPiece, Question
from segmentation.common.cutouts import square
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import Refused, insist, usable

_SPLITS: Final = {"train": "train", "val": "valid", "test": "test"}
_METADATA = "polyvore_item_metadata.json"


@dataclass(frozen=True)
class _Item:
    """A product; `category` and `path` are None where it is no garment."""

    id: str
    category: Category | None
    path: Path | None


@dataclass(frozen=True)
class _Outfit:
    """A set, and its products by their index in it."""

    id: str
    items: Mapping[int, _Item]


def is_polyvore(folder: Path) -> bool:
    """Whether a folder has this data set's layout, or holds the two that have."""
    if (folder / _METADATA).is_file():
        return True
    return (folder.parent / _METADATA).is_file() and (folder / "train.json").is_file()


def read_polyvore(folder: Path, split: str, refused: Refused = insist) -> list[EnsembleFile]:
    """Return the outfits of one split, in the order of the file; items that are no garment are left out.

    Args:
        folder: the `disjoint` or the `nondisjoint` one.
        split: `train`, `val` (published as "valid") or `test`.
        refused: is given each outfit that cannot be used.

    Raises:
        DatasetError: a file is missing or damaged, or the folder holds both versions.
    """
    return [
        EnsembleFile(outfit.id, partial(_ensemble, outfit))
        for outfit in _outfits(folder, split, refused)
        if any(item.category for item in outfit.items.values())
    ]


def read_polyvore_questions(folder: Path, split: str, refused: Refused = insist) -> list[Question]:
    """Return the questions of one split; the right answer is the one from the question's own set.

    What is worn and no garment is left out; so is a question of which nothing is then worn, or of
    which an answer is no garment.

    Raises:
        DatasetError: a file is missing or damaged, or the folder holds both versions.
    """
    path = folder / f"fill_in_blank_{_SPLITS[split]}.json"
    items = {
        f"{outfit.id}_{index}": item
        for outfit in _outfits(folder, split, refused)
        for index, item in outfit.items.items()
    }
    records = enumerate(read_json(path, list), start=1)
    return usable(records, partial(_question, items, path.name), refused)


def _outfits(folder: Path, split: str, refused: Refused) -> list[_Outfit]:
    if (folder / _METADATA).is_file():
        raise DatasetError(
            "Polyvore Outfits comes in two versions",
            got=str(folder),
            expected="its folder disjoint (no item is in two splits) or nondisjoint",
            next_step=f"Give {folder / 'disjoint'} or {folder / 'nondisjoint'}.",
        )
    # the descriptions are most of this file: only the category of each item is kept
    kinds = read_json(
        folder.parent / _METADATA, dict, hook=lambda entry: entry.get("category_id", entry)
    )
    names = _names(folder.parent / "categories.csv")
    pictures = pictures_under(folder.parent / "images")
    path = folder / f"{_SPLITS[split]}.json"

    def item(name: str, record: str) -> _Item:
        number = str(kinds.get(name))
        if number not in names:
            expected = "an item with a category_id that categories.csv has"
            raise cannot_use(record, f"item {name} with category_id {number}", expected)
        category = category_of(names[number], POLYVORE, f"item {name} of {record}")
        return _Item(name, category, picture_of(name, pictures, record) if category else None)

    def outfit(numbered: tuple[int, Any]) -> _Outfit:
        record = f"outfit {numbered[0]} of {path.name}"
        try:
            entry = numbered[1]
            ids = {int(each["index"]): str(each["item_id"]) for each in entry["items"]}
            set_id = str(entry["set_id"])
        except (ValueError, KeyError, TypeError) as error:
            text = f"{type(error).__name__}: {error}"
            raise cannot_use(record, text, "set_id, and items of item_id and index") from error
        return _Outfit(set_id, {index: item(name, record) for index, name in ids.items()})

    return usable(enumerate(read_json(path, list), start=1), outfit, refused)


def _names(path: Path) -> dict[str, str]:
    """Return the fine-grained name of each category id; some ids come twice, the first name counts."""
    names: dict[str, str] = {}
    for number, row in enumerate(csv.reader(read_text(path).splitlines()), start=1):
        if len(row) < 2:
            raise cannot_use(f"line {number} of {path.name}", str(row), "id, name, semantic name")
        names.setdefault(row[0].strip(), row[1].strip())
    return names


def _question(items: Mapping[str, _Item], file: str, numbered: tuple[int, Any]) -> Question | None:
    record = f"question {numbered[0]} of {file}"
    try:
        asked, answers = ([str(ref) for ref in numbered[1][key]] for key in ("question", "answers"))
    except (KeyError, TypeError) as error:
        text = f"{type(error).__name__}: {error}"
        raise cannot_use(record, text, "question and answers, lists of <set_id>_<index>") from error
    for ref in (*asked, *answers):
        if ref not in items:
            raise cannot_use(record, f"item {ref}", "items of outfits that could be read")
    right = _right(asked, answers, record)
    worn = tuple(items[ref].id for ref in asked if items[ref].category)
    if not worn or not all(items[ref].category for ref in answers):
        return None
    return Question(worn=worn, answers=tuple(items[ref].id for ref in answers), right=right)


def _right(asked: Sequence[str], answers: Sequence[str], record: str) -> int:
    """Return the place of the one answer that comes from the set of what is asked."""
    sets = {ref.rsplit("_", 1)[0] for ref in asked}
    right = [place for place, ref in enumerate(answers) if ref.rsplit("_", 1)[0] in sets]
    if len(sets) != 1 or len(right) != 1:
        got = f"{len(right)} answers of sets {sorted(sets)}"
        raise cannot_use(record, got, "one set in the question, and one answer that is from it")
    return right[0]


def _ensemble(outfit: _Outfit) -> Ensemble:
    pieces = {
        item.id: OutfitPiece(item.id, item.category, square(read_rgb(item.path)))
        for item in outfit.items.values()
        if item.category and item.path
    }
    return Ensemble(id=outfit.id, pieces=tuple(pieces.values()))
