"""Reading what `segmentation.rendering.write_dataset` writes.

- `rendered.jsonl`: one line a photo: id, kind, split, width, height, garments
- `photos/NNNNN.jpg`
- `masks/NNNNN.png`: uint8; 0 is background, each garment has its own value
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category, Label
from segmentation.datasets.labelled import LabelledPhoto, LabelPicture, Refused, insist, usable
from segmentation.datasets.photos import check_sizes, photo_path


def read_rendered(folder: Path, refused: Refused = insist) -> list[LabelledPhoto]:
    """Return the photos of a rendered data set, in the order written.

    Args:
        folder: the data set's folder.
        refused: is given each line that is not as described above, or whose
            files are missing or differ in size.

    Raises:
        DatasetError: `rendered.jsonl` is missing.
    """
    index = folder / "rendered.jsonl"
    if not index.is_file():
        raise DatasetError(
            "no rendered data set",
            got=f"{folder} without rendered.jsonl",
            expected="rendered.jsonl beside photos/ and masks/",
            next_step=f"Write one: python -m segmentation.rendering {folder}",
        )
    lines = index.read_text(encoding="utf-8").splitlines()
    return usable(enumerate(lines, start=1), partial(_record, folder), refused)


def _record(folder: Path, numbered: tuple[int, str]) -> LabelledPhoto:
    number, line = numbered
    try:
        entry = json.loads(line)
        name, split = str(entry["id"]), str(entry["split"])
        garments = {int(item["value"]): item for item in entry["garments"]}
        labels: dict[int, Label] = {v: Category(item["category"]) for v, item in garments.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"line {number} of rendered.jsonl cannot be read",
            got=f"{type(error).__name__}: {error}",
            expected="id, split and garments with value, category and attributes",
            next_step="Write the data set again with python -m segmentation.rendering.",
        ) from error
    attributes: dict[int, Mapping[str, str]] = {
        value: dict(item.get("attributes", {})) for value, item in garments.items()
    }
    photo, mask = photo_path(folder / "photos", name), folder / "masks" / f"{name}.png"
    check_sizes(photo, mask, f"line {number} of rendered.jsonl")
    names = {value: item["style"] for value, item in attributes.items() if "style" in item}
    regions = LabelPicture(mask)
    return LabelledPhoto(name, photo, regions, labels, split, names, attributes)
