"""Readers of data sets; each gives `LabelledPhoto`s and knows nothing of training."""

from __future__ import annotations

from pathlib import Path

from segmentation.datasets.clothing_co_parsing import (
    is_clothing_co_parsing,
    read_clothing_co_parsing,
)
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.datasets.rendered import read_rendered
from segmentation.datasets.self_labelled import is_self_labelled, read_self_labelled
from segmentation.errors import DatasetError


def read_folder(folder: Path, split: str) -> tuple[str, list[LabelledPhoto]]:
    """Return a folder's kind of data set and the photos of one split.

    Raises:
        DatasetError: the folder is in none of the known layouts.
    """
    if is_clothing_co_parsing(folder):
        return "clothing-co-parsing", read_clothing_co_parsing(folder, split)
    if (folder / "rendered.jsonl").is_file():
        return "rendered", [photo for photo in read_rendered(folder) if photo.split == split]
    if is_self_labelled(folder):
        kind, photos = read_self_labelled(folder)
        return kind, [photo for photo in photos if photo.split == split]
    raise DatasetError(
        "the folder is no data set that is read here",
        got=str(folder),
        expected="Clothing Co-Parsing (photos.jsonl, labels.json), rendered (rendered.jsonl) or "
        "self-labelled (self_labelled.jsonl)",
        next_step="Check the path; `docs/data.md` describes the layouts.",
    )
