"""iMaterialist 2019: what the reader understands, and what it refuses by its line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category, Part
from segmentation.datasets import read_folder
from segmentation.datasets.descriptions import official_name
from segmentation.datasets.export import LABELS
from segmentation.datasets.imaterialist import split_of
from segmentation.datasets.outlines.run_lengths import read_runs, write_runs

HEADER = "ImageId,EncodedPixels,Height,Width,ClassId"
HIGH, WIDE = 4, 3


def write_kaggle(folder: Path, *lines: str, header: str = HEADER) -> Path:
    """Photos `a` and `b` of 4 x 3 pixels, and a `train.csv` of these lines."""
    (folder / "train").mkdir(parents=True)
    for name in ("a", "b"):
        Image.fromarray(np.zeros((HIGH, WIDE, 3), np.uint8)).save(folder / "train" / f"{name}.jpg")
    descriptions = {
        "categories": [{"id": label.id, "name": official_name(label)} for label in LABELS],
        "attributes": [
            {"id": 20, "name": "plain"},
            {"id": 31, "name": "peg"},
            {"id": 306, "name": "peg"},
        ],
    }
    (folder / "label_descriptions.json").write_text(json.dumps(descriptions))
    (folder / "train.csv").write_text("\n".join([header, *lines]) + "\n")
    return folder


def test_a_tenth_of_the_images_is_held_out_whether_they_carry_jpg_or_not() -> None:
    splits = [split_of(f"{number}") for number in range(2000)]
    assert splits == [split_of(f"{number}.jpg") for number in range(2000)]
    assert 0.07 < splits.count("val") / len(splits) < 0.13


def test_run_lengths_go_down_the_columns_from_one(tmp_path: Path) -> None:
    folder = write_kaggle(tmp_path, f"a,2 2 9 1,{HIGH},{WIDE},6")
    kind, [photo] = read_folder(folder, "train")
    [mask] = photo.read()[1].values()
    assert kind == "imaterialist" and photo.id == "a"
    assert np.argwhere(mask).tolist() == [[0, 2], [1, 0], [2, 0]]


def test_a_plain_class_is_described_only_where_another_of_its_photo_is(tmp_path: Path) -> None:
    size = f"{HIGH},{WIDE}"
    folder = write_kaggle(
        tmp_path, f"a.jpg,1 1,{size},6_20_306", f"b,1 2,{size},6", f"a.jpg,2 2,{size},32"
    )
    first, second = read_folder(folder, "train")[1]
    assert first.labels == {1: Category.PANTS, 2: Part.POCKET}
    assert first.described == {1: {"plain", "peg #306"}, 2: frozenset()}
    assert second.id == "b" and second.described == {}


BAD_LINES = {
    "no pixels": ("a,,4,3,6", "0 numbers"),
    "odd count": ("a,1 2 5,4,3,6", "3 numbers"),
    "overlapping": ("a,1 4 4 2,4,3,6", "the run at 4 begins before"),
    "unsorted": ("a,5 1 1 1,4,3,6", "the run at 1 begins before"),
    "past the end": ("a,12 2,4,3,6", "pixel 13 of 12"),
    "zero start": ("a,0 2,4,3,6", "first pixel is 1"),
    "zero length": ("a,1 0,4,3,6", "length 0"),
    "not numbers": ("a,1 x,4,3,6", "not whole numbers"),
    "beyond 64 bits": (f"a,1 {10**30},4,3,6", "in a mask of 12 pixels"),
    "sum beyond 64 bits": (f"a,{2**63 - 1} 5,4,3,6", "in a mask of 12 pixels"),
    "underscore": ("a,1_0 2,4,3,6", "not whole numbers"),
    "digits of another script": ("a,\u0661 2,4,3,6", "not whole numbers"),
    "huge size": ("a,1 1,99999999,99999999,6", "99999999 x 99999999"),
    "size beyond 64 bits": (f"a,1 1,{10**30},3,6", "no whole number"),
    "size with underscore": ("a,1 1,0_4,3,6", "no whole number"),
    "size not a number": ("a,1 2,tall,3,6", "tall"),
    "no size": ("a,1 2,0,3,6", "0 x 3"),
    "unknown class": ("a,1 2,4,3,46", "unknown class 46"),
    "no class": ("a,1 2,4,3,", "no whole number"),
    "unknown attribute": ("a,1 2,4,3,6_21", "unknown attribute 21"),
    "too few cells": ("a,1 2,4", "too few cells"),
    "size mismatch": ("a,1 2,3,4,6", "differ in size: got 3 x 4"),
    "missing image": ("c,1 2,4,3,6", "c.jpg"),
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_is_refused_by_its_number(tmp_path: Path, bad: str) -> None:
    line, value = BAD_LINES[bad]
    folder = write_kaggle(tmp_path, "b,1 2,4,3,6", line)
    with pytest.raises(DatasetError, match=r"line 3 of train\.csv") as refusal:
        [read_folder(folder, split) for split in ("train", "val")]
    assert value in str(refusal.value)


def test_reading_can_go_on_without_bad_lines(tmp_path: Path) -> None:
    folder = write_kaggle(tmp_path, "b,1 2,4,3,6", "a,0 2,4,3,6", "c,1 2,4,3,6")
    refused = list[DatasetError]()
    photos = read_folder(folder, "train", refused.append)[1]
    assert [photo.id for photo in photos] == ["b"] and len(refused) == 2


@pytest.mark.parametrize(
    ("header", "lines", "answer"),
    [
        ("", [], "lacks columns"),
        (HEADER, [], "is empty"),
        ("ImageId,EncodedPixels,Height,Width", ["a,1 2,4,3"], "lacks columns: got ClassId"),
    ],
)
def test_a_csv_without_records_or_columns_is_refused(
    tmp_path: Path, header: str, lines: list[str], answer: str
) -> None:
    with pytest.raises(DatasetError, match=answer):
        read_folder(write_kaggle(tmp_path, *lines, header=header), "train")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00binary",
        b'"' + b"a" * (1 << 26) + b'a"',
        HEADER.encode() + b"\n\xff",
    ],
    ids=["header in no UTF-8", "header without end", "line in no UTF-8"],
)
def test_a_csv_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = write_kaggle(tmp_path)
    (folder / "train.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=r"line \d of train\.csv cannot be read"):
        read_folder(folder, "train")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (None, "label_descriptions.json cannot be read"),
        ("{", "label_descriptions.json cannot be read"),
        ("[]", "does not describe"),
        ('{"categories": [{"id": 0}], "attributes": []}', "does not describe"),
        ('{"categories": [{"id": Infinity, "name": "x"}], "attributes": []}', "does not describe"),
        ('{"categories": [{"id": 0, "name": "sofa"}], "attributes": []}', "otherwise"),
        ('{"categories": [{"id": 99, "name": "sofa"}], "attributes": []}', "unknown category id"),
    ],
)
def test_damaged_descriptions_are_refused(tmp_path: Path, content: str | None, answer: str) -> None:
    folder = write_kaggle(tmp_path, "a,1 2,4,3,6")
    path = folder / "label_descriptions.json"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(DatasetError, match=answer):
        read_folder(folder, "train")


@pytest.mark.parametrize(
    ("text", "size_hw"),
    [("", (2, 2)), (f"{2**63 - 1} 5", (2, 2)), ("1 1", (1 << 15, 1 << 14)), ("1 5", (2, 2))],
)
def test_run_lengths_beyond_the_mask_are_refused(text: str, size_hw: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"number|mask|pixel"):
        read_runs(text, size_hw)


def test_run_lengths_survive_writing_and_reading() -> None:
    from pycocotools import mask as coco

    rng = np.random.default_rng(0)
    for share in (0.02, 0.5, 0.98, 1.0):
        mask = rng.random((17, 23)) < share
        rle = {"size": [17, 23], "counts": read_runs(write_runs(mask), (17, 23))}
        assert np.array_equal(coco.decode(rle), mask)
    assert write_runs(np.zeros((2, 2), bool)) == ""
