"""Fashionpedia: the three forms of its masks, and what the reader refuses by its id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segmentation.common import masks
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category, Part
from segmentation.datasets import read_folder
from segmentation.datasets.descriptions import official_name
from segmentation.datasets.export import LABELS, write_fashionpedia

HIGH, WIDE = 8, 6
SQUARE = [1, 1, 1, 5, 5, 5, 5, 1]
NAME = "instances_attributes_train2020.json"


def annotation(**changes: Any) -> dict[str, Any]:
    entry = {
        "id": 7,
        "image_id": 3,
        "category_id": 6,
        "attribute_ids": [115],
        "segmentation": [SQUARE],
        "iscrowd": 0,
    }
    return {**entry, **changes}


def write_coco(
    folder: Path, *annotations: Any, name: str = NAME, photos: str = "train", **changes: Any
) -> Path:
    """One photo of 8 x 6 pixels with these annotations."""
    (folder / photos).mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((HIGH, WIDE, 3), np.uint8)).save(folder / photos / "p.jpg")
    content = {
        "images": [{"id": 3, "file_name": "p.jpg", "height": HIGH, "width": WIDE}],
        "annotations": list(annotations),
        "categories": [{"id": label.id, "name": official_name(label)} for label in LABELS],
        "attributes": [{"id": 115, "name": "symmetrical"}, {"id": 301, "name": "plain"}],
    }
    (folder / name).write_text(json.dumps({**content, **changes}))
    return folder


def test_no_annotation_is_a_photo_without_garments(tmp_path: Path) -> None:
    kind, [photo] = read_folder(write_coco(tmp_path), "train")
    assert kind == "fashionpedia" and photo.id == "p" and photo.labels == {}
    assert photo.read()[0].shape == (HIGH, WIDE, 3)


def test_val_lies_in_the_folder_of_the_test_photos(tmp_path: Path) -> None:
    write_coco(tmp_path, name="instances_attributes_val2020.json", photos="test")
    assert read_folder(tmp_path, "train")[1] == []
    assert [photo.split for photo in read_folder(tmp_path, "val")[1]] == ["val"]


def test_polygons_and_both_kinds_of_run_lengths_give_the_same_mask(tmp_path: Path) -> None:
    mask = np.zeros((HIGH, WIDE), bool)
    mask[1:5, 1:5] = True
    uncompressed = {"size": [HIGH, WIDE], "counts": [9, 4, 4, 4, 4, 4, 4, 4, 11]}
    forms = [[SQUARE], uncompressed, masks.encode(mask), [SQUARE, [1, 1, 1, 2, 2, 2]]]
    folder = write_coco(tmp_path, *(annotation(segmentation=form) for form in forms))
    [photo] = read_folder(folder, "train")[1]
    assert all(np.array_equal(read, mask) for read in photo.read()[1].values())
    assert len(photo.labels) == 4


def test_a_polygon_may_stick_out_a_little(tmp_path: Path) -> None:
    [photo] = read_folder(
        write_coco(tmp_path, annotation(segmentation=[[-3, -4, -3, 12, 9, 12, 9, -4]])), "train"
    )[1]
    assert photo.read()[1][1].all()


def test_missing_attributes_are_not_none(tmp_path: Path) -> None:
    undescribed = annotation(category_id=32)
    del undescribed["attribute_ids"]
    folder = write_coco(
        tmp_path, annotation(attribute_ids=[301, 115]), annotation(attribute_ids=[]), undescribed
    )
    [photo] = read_folder(folder, "train")[1]
    assert photo.labels == {1: Category.PANTS, 2: Category.PANTS, 3: Part.POCKET}
    assert photo.described == {1: {"plain", "symmetrical"}, 2: frozenset()}


def test_a_group_is_unmarked_and_no_instance(tmp_path: Path) -> None:
    group = annotation(category_id=37, iscrowd=1)
    [photo] = read_folder(write_coco(tmp_path, group, annotation()), "train")[1]
    assert photo.labels == {1: Category.PANTS} and photo.unmarked == {Part.BEAD}
    [(label, mask)] = photo.read_crowds()
    assert label is Part.BEAD and mask.sum() == 16
    assert list(photo.read()[1]) == [1]


def test_a_group_survives_writing_and_reading(tmp_path: Path) -> None:
    group = annotation(category_id=37, iscrowd=1)
    photos = read_folder(write_coco(tmp_path / "one", group, annotation()), "train")[1]
    write_fashionpedia(photos, tmp_path / "other")
    [photo] = read_folder(tmp_path / "other", "train")[1]
    assert (photo.labels, photo.crowds) == (photos[0].labels, photos[0].crowds)
    assert np.array_equal(photo.read_crowds()[0][1], photos[0].read_crowds()[0][1])


SHORT = masks.encode(np.eye(HIGH, WIDE, dtype=bool))
BAD_ANNOTATIONS: dict[str, tuple[Any, str]] = {
    "no polygon": (annotation(segmentation=[]), "no polygon"),
    "too few points": (annotation(segmentation=[[1, 1, 2, 2]]), "three points"),
    "odd count": (annotation(segmentation=[[1, 1, 2, 2, 3, 3, 4]]), "three points"),
    "not a polygon": (annotation(segmentation=[7]), "three points"),
    "not numbers": (annotation(segmentation=[[1, 1, 2, "x", 3, 3]]), "not numbers"),
    "not finite": (annotation(segmentation=[[1, 1, 2, float("nan"), 3, 3]]), "not numbers"),
    "far outside": (annotation(segmentation=[[1, 1, 2, 1e12, 3, 3]]), "1e+12, far outside"),
    "seconds outside": (annotation(segmentation=[[1, 1, -1e7, 2, 3, 3]]), "-1e+07, far outside"),
    "too wide": (annotation(segmentation=[[1, 1, 9.5, 2, 3, 3]]), "9.5, far outside"),
    "too high": (annotation(segmentation=[[1, 1, 2, -4.5, 3, 3]]), "-4.5, far outside"),
    "huge whole number": (annotation(segmentation=[[1, 1, 2, 10**400, 3, 3]]), "int too large"),
    "infinite image": (annotation(image_id=float("inf")), "infinity"),
    "infinite run": (
        annotation(segmentation={"size": [HIGH, WIDE], "counts": [float("inf")]}),
        "infinity",
    ),
    "runs too short": (
        annotation(segmentation={"size": [HIGH, WIDE], "counts": [1, 2]}),
        "3 pixels, but the image has 48",
    ),
    "negative run": (
        annotation(segmentation={"size": [HIGH, WIDE], "counts": [50, -2]}),
        "run lengths",
    ),
    "compressed too short": (
        annotation(segmentation={"size": [HIGH, WIDE], "counts": SHORT["counts"][:-2]}),
        "the image has 48",
    ),
    "compressed damaged": (
        annotation(segmentation={"size": [HIGH, WIDE], "counts": "o"}),
        "end within a number",
    ),
    "size mismatch": (
        annotation(segmentation={"size": [WIDE, HIGH], "counts": [48]}),
        "but the image is [8, 6]",
    ),
    "no counts": (annotation(segmentation={"size": [HIGH, WIDE]}), "no 'counts'"),
    "unknown class": (annotation(category_id=46), "unknown class 46"),
    "unknown attribute": (annotation(attribute_ids=[116]), "unknown attribute 116"),
    "unknown image": (annotation(image_id=4), "unknown image 4"),
    "no class": ({"id": 7, "image_id": 3}, "no 'category_id'"),
}


@pytest.mark.parametrize("bad", BAD_ANNOTATIONS)
def test_a_bad_annotation_is_refused_by_its_id(tmp_path: Path, bad: str) -> None:
    entry, value = BAD_ANNOTATIONS[bad]
    folder = write_coco(tmp_path, annotation(id=1), entry)
    with pytest.raises(DatasetError, match="annotation 7 of instances") as refusal:
        read_folder(folder, "train")
    assert value in str(refusal.value)


@pytest.mark.parametrize(
    ("images", "answer"),
    [
        ([{"id": 3, "file_name": "q.jpg", "height": 8, "width": 6}], "image 3 of .* names"),
        (
            [{"id": 3, "file_name": "p.jpg", "height": 6, "width": 8}],
            "image 3 of .* differ in size",
        ),
        ([{"id": 3, "file_name": "p.jpg", "height": 6}], "image 3 of .* no 'width'"),
        ([7], "image 7 of "),
        (
            [{"id": float("inf"), "file_name": "p.jpg", "height": 8, "width": 6}],
            "image inf of .* infinity",
        ),
        ([{"id": 3, "file_name": "p.jpg", "height": 8, "width": 6}] * 2, "image 3 of .* twice"),
        (None, "has no images"),
    ],
)
def test_a_bad_image_is_refused_by_its_id(tmp_path: Path, images: Any, answer: str) -> None:
    with pytest.raises(DatasetError, match=answer):
        read_folder(write_coco(tmp_path, images=images), "train")


def test_damaged_json_is_refused_by_its_line(tmp_path: Path) -> None:
    folder = write_coco(tmp_path)
    (folder / NAME).write_text('{"images": [],\n "annotations": [}')
    with pytest.raises(DatasetError, match="line 2"):
        read_folder(folder, "train")


def test_reading_can_go_on_without_bad_records(tmp_path: Path) -> None:
    refused = list[DatasetError]()
    folder = write_coco(tmp_path, annotation(category_id=99), annotation(id=8))
    [photo] = read_folder(folder, "train", refused.append)[1]
    assert len(photo.labels) == 1 and len(refused) == 1
