"""Photos that this project labelled itself: `python -m segmentation.training.labelling`.

- `self_labelled.jsonl`: one line a photo: id, source, photo (its path), split, garments with value,
  category and perhaps a finer name, and `unmarked`: categories that are worn but were not found
- `masks/NNNNN.png`: uint8; 0 is background, each garment has its own value
- `photos/NNNNN.webp`: photos that lie nowhere else

Other photos stay where they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final

import numpy as np
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import LabelledPhoto, LabelPicture, Refused, insist, usable
from segmentation.datasets.photos import check_sizes

INDEX: Final = "self_labelled.jsonl"
QUALITY: Final = 85
"""Of the WebP pictures that are written."""


class SelfLabelledWriter:
    """Writes a folder photo by photo; use it in a `with` statement."""

    def __init__(self, folder: Path, source: str) -> None:
        (folder / "masks").mkdir(parents=True, exist_ok=True)
        self._folder, self._source, self._count = folder, source, 0
        self._file = (folder / INDEX).open("w", encoding="utf-8")

    def __enter__(self) -> SelfLabelledWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(
        self,
        photo: Path | Rgb,
        split: str,
        garments: Sequence[tuple[Category, Mask]],
        unmarked: frozenset[Category] = frozenset(),
        names: Mapping[Category, str] = MappingProxyType({}),
    ) -> None:
        """Write one photo; where masks overlap, the later garment lies on top.

        Args:
            photo: its path, or its pixels, which are written into the folder.
            split: `train` or `val`.
            garments: each with its H x W mask; none where the pixels are given and show nothing.
            unmarked: categories that are worn but were not found.
            names: finer words for some of the categories.
        """
        name = f"{self._count:05d}"
        self._count += 1
        size_hw = garments[0][1].shape if isinstance(photo, Path) else photo.shape[:2]
        labels = np.zeros(size_hw, dtype=np.uint8)
        for value, (_, mask) in enumerate(garments, start=1):
            labels[mask] = value
        Image.fromarray(labels).save(self._folder / "masks" / f"{name}.png", optimize=True)
        entry = {
            "id": name,
            "source": self._source,
            "photo": str(photo.resolve())
            if isinstance(photo, Path)
            else self._written(photo, name),
            "split": split,
            "garments": [
                {"value": value, "category": category.value}
                | ({"name": names[category]} if category in names else {})
                for value, (category, _) in enumerate(garments, start=1)
            ],
            "unmarked": sorted(category.value for category in unmarked),
        }
        self._file.write(json.dumps(entry) + "\n")

    def _written(self, rgb: Rgb, name: str) -> str:
        path = Path("photos") / f"{name}.webp"
        (self._folder / "photos").mkdir(exist_ok=True)
        Image.fromarray(rgb).save(self._folder / path, quality=QUALITY)
        return str(path)


def is_self_labelled(folder: Path) -> bool:
    """Whether a folder has this layout."""
    return (folder / INDEX).is_file()


def source_of(folder: Path) -> str | None:
    """Return the source that the first line names; None where the folder has another layout.

    Raises:
        DatasetError: the first line cannot be read.
    """
    if not is_self_labelled(folder):
        return None
    with (folder / INDEX).open(encoding="utf-8") as lines:
        first = lines.readline()
    try:
        return str(json.loads(first)["source"])
    except (ValueError, KeyError, TypeError) as error:
        raise _bad_line(1, error) from error


def read_self_labelled(folder: Path, refused: Refused = insist) -> tuple[str, list[LabelledPhoto]]:
    """Return the source named in the first good line, and all photos in the order written.

    Args:
        folder: the data set's folder.
        refused: is given each line that is not as described above, or whose photo or mask is missing
            or of another size.

    Raises:
        DatasetError: there is no usable line.
    """
    lines = (folder / INDEX).read_text(encoding="utf-8").splitlines()
    read = usable(enumerate(lines, start=1), partial(_record, folder), refused)
    if not read:
        raise DatasetError(
            f"{INDEX} has no usable line",
            got=str(folder),
            expected="at least one photo",
            next_step="Write it again with python -m segmentation.training.labelling.",
        )
    return read[0][0], [photo for _, photo in read]


def _record(folder: Path, numbered: tuple[int, str]) -> tuple[str, LabelledPhoto]:
    number, line = numbered
    try:
        entry = json.loads(line)
        source, mask = str(entry["source"]), folder / "masks" / f"{entry['id']}.png"
        photo = LabelledPhoto(
            id=str(entry["id"]),
            photo_path=folder / entry["photo"],  # an absolute path stays what it is
            regions=LabelPicture(mask),
            labels={int(item["value"]): Category(item["category"]) for item in entry["garments"]},
            split=str(entry["split"]),
            names={
                int(item["value"]): str(item["name"])
                for item in entry["garments"]
                if "name" in item
            },
            unmarked=frozenset(Category(word) for word in entry["unmarked"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _bad_line(number, error) from error
    check_sizes(photo.photo_path, mask, f"line {number} of {INDEX}")
    return source, photo


def _bad_line(number: int, error: Exception) -> DatasetError:
    return DatasetError(
        f"line {number} of {INDEX} cannot be read",
        got=f"{type(error).__name__}: {error}",
        expected="id, photo, split, unmarked and garments with value and category",
        next_step="Write it again with python -m segmentation.training.labelling.",
    )
