"""Pinterest's Complete the Look (Li et al., KDD 2020): collages whose parts make an outfit.

Layout: `datasets/raw_train.tsv` and `datasets/raw_test.tsv`, one item a line (signature of the
collage, left, top, width and height as fractions, label; the header is parted by spaces, the lines
by tabs); a JSON file with "fitb" in its name beside them; the collages as `<signature>.jpg`, in any
folder beneath. The lines of one signature are one outfit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from recommender.compatibility.datasets.boxes import Box, fractions_of, in_pixels
from recommender.compatibility.datasets.categories import COMPLETE_THE_LOOK, category_of
from recommender.compatibility.datasets.files import (
    cannot_use,
    picture_of,
    pictures_under,
    read_json,
    read_rgb,
    read_text,
)
from recommender.compatibility.ensembles import Ensemble, EnsembleFile, OutfitPiece, Question
from segmentation.common.boxes import pad_box
from segmentation.common.cutouts import square
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import Refused, insist, usable
from segmentation.datasets.splits import held_out

_FILES: Final = {"train": "raw_train.tsv", "val": "raw_train.tsv", "test": "raw_test.tsv"}
_HEADER = "image_signature"


@dataclass(frozen=True)
class _Item:
    """A line: a part of a collage; `category` is None where it is no garment."""

    outfit: str
    path: Path
    id: str
    category: Category | None
    box: Box


def is_complete_the_look(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return any((folder / "datasets" / name).is_file() for name in _FILES.values())


def read_complete_the_look(
    folder: Path, split: str, refused: Refused = insist
) -> list[EnsembleFile]:
    """Return the outfits of one split, in the order of the file; items that are no garment are left out.

    Args:
        folder: the data set's folder.
        split: `train`; `val`, a tenth of the training collages by the hash of their signature; or
            `test`.
        refused: is given each line that cannot be used.

    Raises:
        DatasetError: a file is missing or damaged.
    """
    outfits: dict[str, list[_Item]] = {}
    for item in _items(folder, split, refused).values():
        if item.category is not None:
            outfits.setdefault(item.outfit, []).append(item)
    return [EnsembleFile(name, partial(_ensemble, tuple(items))) for name, items in outfits.items()]


def read_complete_the_look_questions(
    folder: Path, split: str, refused: Refused = insist
) -> list[Question]:
    """Return the questions, whose first answer is the right one; only `test` has any.

    What is worn and no garment is left out; so is a question of which nothing is then worn, or of
    which an answer is no garment.

    Raises:
        DatasetError: a file is missing or damaged, or there are several files of questions.
    """
    files = sorted((folder / "datasets").glob("*[fF][iI][tT][bB]*.json"))
    if split != "test" or not files:
        return []
    if len(files) > 1:
        raise cannot_use("datasets/", ", ".join(path.name for path in files), "one FITB file")
    items = _items(folder, split, refused)
    records = enumerate(read_json(files[0], list), start=1)
    return usable(records, partial(_question, items, files[0].name), refused)


def _items(folder: Path, split: str, refused: Refused) -> dict[str, _Item]:
    path, pictures = folder / "datasets" / _FILES[split], pictures_under(folder)
    lines = enumerate(read_text(path).splitlines(), start=1)

    def item(numbered: tuple[int, str]) -> _Item | None:
        number, line = numbered
        if number == 1 and line.startswith(_HEADER):
            return None
        return _item(line, f"line {number} of {path.name}", pictures, split)

    return {each.id: each for each in usable(lines, item, refused)}  # some lines come twice


def _item(line: str, record: str, pictures: dict[str, Path], split: str) -> _Item | None:
    try:
        outfit, *numbers, label = line.split("\t")
        left, top, width, height = (float(number) for number in numbers)
    except ValueError as error:
        expected = "signature, left, top, width, height and label, parted by tabs"
        raise cannot_use(record, repr(line), expected) from error
    if split != "test" and (split == "val") != held_out(outfit.encode()):
        return None
    return _Item(
        outfit=outfit,
        path=picture_of(outfit, pictures, record),
        id=_id(outfit, label, (left, top, width, height)),
        category=category_of(label, COMPLETE_THE_LOOK, record),
        box=fractions_of((left, top, left + width, top + height), record),
    )


def _id(outfit: str, label: str, ltwh: Sequence[float]) -> str:
    """Return what names an item both in the lines and in the questions, which have no ids."""
    return f"{outfit} {label} {' '.join(f'{number:.4f}' for number in ltwh)}"


def _question(items: dict[str, _Item], file: str, numbered: tuple[int, Any]) -> Question | None:
    number, entry = numbered
    record = f"question {number} of {file}"
    try:
        asked, answers = (
            [
                _id(part["signature"], part["label"], [float(part[side]) for side in "xywh"])
                for part in entry[key]
            ]
            for key in ("question", "answers")
        )
    except (ValueError, KeyError, TypeError) as error:
        text = f"{type(error).__name__}: {error}"
        expected = "question and answers of signature, x, y, w, h and label"
        raise cannot_use(record, text, expected) from error
    if not answers:
        raise cannot_use(record, "no answers", "the right answer and others")
    for name in (*asked, *answers):
        if name not in items:
            raise cannot_use(record, f"item {name}", f"an item of {_FILES['test']}")
    worn = tuple(name for name in asked if items[name].category is not None)
    if not worn or any(items[name].category is None for name in answers):
        return None
    return Question(worn=worn, answers=tuple(answers), right=0)


def _ensemble(items: Sequence[_Item]) -> Ensemble:
    rgb = read_rgb(items[0].path)
    size_wh = rgb.shape[1], rgb.shape[0]
    pieces = []
    for item in items:
        left, top, right, bottom = pad_box(in_pixels(item.box, size_wh), 0.0, size_wh)
        if item.category is not None:
            pieces.append(OutfitPiece(item.id, item.category, square(rgb[top:bottom, left:right])))
    return Ensemble(id=items[0].outfit, pieces=tuple(pieces))
