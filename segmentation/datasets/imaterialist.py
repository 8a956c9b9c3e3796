"""iMaterialist (Fashion) 2019 at FGVC6, in the layout that Kaggle gives out.

- `train.csv`: one line a mask: ImageId, EncodedPixels, Height, Width, ClassId
- `label_descriptions.json`: the names of categories and attributes
- `train/`: the photos; an ImageId may or may not carry its `.jpg`

A ClassId is a category's number, perhaps with attributes: `6_20_31`. Only a fifth of the photos had
their attributes labelled, and the file does not say which. So a photo in which some mask carries
attributes was described, and a plain `6` there means a garment with none of them; in every other
photo a plain `6` was not described. Source: the organisers' README, visipedia/imat_comp: "10K with
both segmentation and fine-grained attributes, 40K with apparel instance segmentation".

There is no official validation part: a tenth of the photos, by the hash of their ImageId, is `val`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Label
from segmentation.datasets.descriptions import Descriptions, descriptions_in, read_json
from segmentation.datasets.labelled import LabelledPhoto, Refused, RunLengths, insist
from segmentation.datasets.outlines.run_lengths import read_runs
from segmentation.datasets.photos import photo_size_hw
from segmentation.datasets.splits import held_out

INDEX: Final = "train.csv"
DESCRIPTIONS: Final = "label_descriptions.json"
COLUMNS: Final = ("ImageId", "EncodedPixels", "Height", "Width", "ClassId")
_LONGEST_CELL: Final = 1 << 26
"""Run lengths of a large mask are longer than csv's own limit of 131,072 characters."""


@dataclass(frozen=True)
class _Row:
    line: int
    image: str
    size_hw: tuple[int, int]
    label: Label
    attributes: frozenset[str]
    counts: bytes


def is_imaterialist(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / INDEX).is_file()


def split_of(image: str) -> str:
    """Return the split of an ImageId, with or without its `.jpg`."""
    return "val" if held_out(image.removesuffix(".jpg").encode()) else "train"


def read_imaterialist(folder: Path, split: str, refused: Refused = insist) -> list[LabelledPhoto]:
    """Return the photos of one split, in the order of `train.csv`.

    Args:
        folder: the data set's folder.
        split: `train` or `val`.
        refused: is given each line that is not as described above, and each photo that cannot be
            used; the message names the line.

    Raises:
        DatasetError: a file is missing or damaged, or lacks a column.
    """
    path = folder / DESCRIPTIONS
    known = descriptions_in(read_json(path), path)
    rows: dict[str, list[_Row]] = {}
    for line, cells in _lines(folder / INDEX):
        if split_of(cells["ImageId"] or "") == split:
            try:
                row = _row(line, cells, known)
                rows.setdefault(row.image, []).append(row)
            except DatasetError as error:
                refused(error)
    photos = []
    for masks in rows.values():
        try:
            photos.append(_photo(folder, masks, split))
        except DatasetError as error:
            refused(error)
    return photos


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        empty = True
        try:
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise _refused(f"{INDEX} lacks columns", ", ".join(missing), ", ".join(COLUMNS))
            for cells in reader:
                empty = False
                yield reader.line_num, cells
        except (csv.Error, UnicodeDecodeError) as error:
            raise _unreadable(reader.line_num + 1, str(error)) from error
    if empty:
        raise _refused(f"{INDEX} is empty", "a header alone", "at least one mask")


def _row(line: int, cells: dict[str, str], known: Descriptions) -> _Row:
    try:
        if any(cells[name] is None for name in COLUMNS):
            raise ValueError("too few cells")
        size_hw = _whole(cells["Height"]), _whole(cells["Width"])
        if min(size_hw) < 1:
            raise ValueError(f"a photo of {size_hw[0]} x {size_hw[1]} pixels")
        category, *attributes = map(_whole, cells["ClassId"].split("_"))
        return _Row(
            line,
            cells["ImageId"].removesuffix(".jpg"),
            size_hw,
            known.label(category),
            known.names(attributes),
            read_runs(cells["EncodedPixels"], size_hw),
        )
    except ValueError as error:
        raise _unreadable(line, str(error)) from error


def _whole(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10):  # int() also takes "1_0", "+1"
        raise ValueError(f"{cell[:40]!r}, which is no whole number")
    return int(cell)


def _photo(folder: Path, rows: Sequence[_Row], split: str) -> LabelledPhoto:
    first = rows[0]
    path = folder / "train" / f"{first.image}.jpg"
    found = photo_size_hw(path, f"line {first.line} of {INDEX}")
    for row in rows:
        if row.size_hw != found:
            raise _refused(
                f"line {row.line} of {INDEX} and its photo differ in size",
                f"{row.size_hw[0]} x {row.size_hw[1]}",
                f"{found[0]} x {found[1]} as {path.name}, height x width",
            )
    numbered = dict(enumerate(rows, start=1))
    described = any(row.attributes for row in rows)
    return LabelledPhoto(
        id=first.image,
        photo_path=path,
        regions=RunLengths(found, {value: row.counts for value, row in numbered.items()}),
        labels={value: row.label for value, row in numbered.items()},
        split=split,
        described={v: row.attributes for v, row in numbered.items()} if described else {},
    )


def _unreadable(line: int, got: str) -> DatasetError:
    return _refused(
        f"line {line} of {INDEX} cannot be read",
        got,
        "ImageId, run lengths within the photo, Height, Width and a known ClassId such as 6_20_31",
    )


def _refused(what: str, got: str, expected: str) -> DatasetError:
    return DatasetError(
        what, got=got, expected=expected, next_step="Unpack the competition's files again."
    )
