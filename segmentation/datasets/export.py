"""Labelled photos -> the layouts of iMaterialist 2019 and Fashionpedia.

`python -m segmentation.datasets.export imaterialist|fashionpedia DATA OUT`. What OUT then holds,
`imaterialist.py` and `fashionpedia.py` of this package read back to the same masks.

Attributes are those that the data set describes; where it has none, its known attributes by name
and value, "pattern: stripe". A mask without a pixel is left out: neither layout can hold it.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import typer
from pycocotools import mask as coco

from segmentation.common import masks
from segmentation.common.commands import run
from segmentation.common.garments import Mask
from segmentation.common.taxonomy import Category, Label, Part
from segmentation.datasets import fashionpedia, imaterialist, read_folder
from segmentation.datasets.descriptions import official_name
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.datasets.outlines.run_lengths import write_runs
from segmentation.datasets.photos import photo_size_hw

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Data sets in other layouts.")

LABELS: Final[tuple[Label, ...]] = (*Category, *Part)


def write_imaterialist(photos: Sequence[LabelledPhoto], out: Path) -> None:
    """Write `train.csv`, `label_descriptions.json` and `train/` into a folder.

    The layout has no splits, so `photos` should be of one. It cannot tell a garment with no
    attribute from one whose attributes were never labelled, unless another garment of the photo has
    some; and it has no groups of things, so those are left out.
    """
    (out / "train").mkdir(parents=True, exist_ok=True)
    ids = _attribute_ids(photos)
    _write_json(out / imaterialist.DESCRIPTIONS, _descriptions(ids))
    with (out / imaterialist.INDEX).open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(imaterialist.COLUMNS)
        for photo in photos:
            name = f"{photo.id}.jpg"
            shutil.copyfile(photo.photo_path, out / "train" / name)
            for label, mask, attributes in _marked(photo):
                numbers = sorted(ids[attribute] for attribute in attributes or ())
                class_id = "_".join(map(str, [label.id, *numbers]))
                lines.writerow([name, write_runs(mask), *mask.shape, class_id])


def write_fashionpedia(photos: Sequence[LabelledPhoto], out: Path) -> None:
    """Write both splits' annotations, `train/` and, for `val`, `test/` into a folder."""
    ids = _attribute_ids(photos)
    for split, name in fashionpedia.FILES.items():
        folder = out / fashionpedia.PHOTOS[split]
        folder.mkdir(parents=True, exist_ok=True)
        images: list[dict[str, Any]] = []
        annotations: list[dict[str, Any]] = []
        for number, photo in enumerate((each for each in photos if each.split == split), start=1):
            target = folder / f"{photo.id}{photo.photo_path.suffix}"
            shutil.copyfile(photo.photo_path, target)
            height, width = photo_size_hw(photo.photo_path, f"photo {photo.id}")
            images.append(
                {"id": number, "file_name": target.name, "height": height, "width": width}
            )
            for entry in _annotations(photo, ids):
                annotations.append({"id": len(annotations) + 1, "image_id": number, **entry})
        _write_json(
            out / name, {**_descriptions(ids), "images": images, "annotations": annotations}
        )


def _annotations(photo: LabelledPhoto, ids: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    groups = [(label, mask, None) for label, mask in photo.read_crowds()]
    garments = list(_marked(photo))
    for number, (label, mask, attributes) in enumerate([*garments, *groups]):
        rle = masks.encode(mask)
        entry = {
            "category_id": label.id,
            "segmentation": rle,
            "area": int(np.count_nonzero(mask)),
            "bbox": coco.toBbox({**rle, "counts": rle["counts"].encode()}).tolist(),
            "iscrowd": int(number >= len(garments)),
        }
        if attributes is not None:
            entry["attribute_ids"] = sorted(ids[attribute] for attribute in attributes)
        yield entry


def _marked(photo: LabelledPhoto) -> Iterator[tuple[Label, Mask, frozenset[str] | None]]:
    for value, mask in photo.read()[1].items():
        if mask.any():
            yield photo.labels[value], mask, described(photo, value)


def described(photo: LabelledPhoto, value: int) -> frozenset[str] | None:
    """Return the attributes that an export gives a garment, None where nothing is known of them."""
    if value in photo.described:
        return photo.described[value]
    if value in photo.attributes:
        return frozenset(f"{key}: {word}" for key, word in photo.attributes[value].items())
    return None


def _attribute_ids(photos: Iterable[LabelledPhoto]) -> dict[str, int]:
    names = {name for photo in photos for v in photo.labels for name in described(photo, v) or ()}
    return {name: number for number, name in enumerate(sorted(names))}


def _descriptions(attribute_ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "info": {"description": "Exported by python -m segmentation.datasets.export"},
        "categories": [{"id": label.id, "name": official_name(label)} for label in LABELS],
        "attributes": [{"id": number, "name": name} for name, number in attribute_ids.items()],
    }


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


@app.command("imaterialist")
def export_imaterialist(data: Path, out: Path) -> None:
    """Write the training photos of a data set in the layout of iMaterialist 2019."""
    photos = read_folder(data, "train")[1]
    write_imaterialist(photos, out)
    typer.echo(f"{out}: {len(photos)} photos", err=True)


@app.command("fashionpedia")
def export_fashionpedia(data: Path, out: Path) -> None:
    """Write both splits of a data set in the layout of Fashionpedia."""
    photos = [photo for split in fashionpedia.FILES for photo in read_folder(data, split)[1]]
    write_fashionpedia(photos, out)
    typer.echo(f"{out}: {len(photos)} photos", err=True)


if __name__ == "__main__":
    run(app)
