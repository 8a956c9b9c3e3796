"""The challenges' metrics: by hand, and beside the `fashionpedia` package."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from segmentation.common.garments import Garment, Garments
from segmentation.common.masks import encode
from segmentation.common.taxonomy import Category, Label, Part
from segmentation.datasets.labelled import LabelledPhoto, RunLengths
from segmentation.training.challenges.__main__ import app
from segmentation.training.challenges.fashionpedia import FashionpediaAp
from segmentation.training.challenges.imaterialist import SIDE, photo_score, write_submission
from segmentation.training.challenges.marked import Marked, labelled
from segmentation.training.measuring.mask_ap import MaskAp
from tests.fashion import box_mask, write_photos

ATTRIBUTES = [f"attribute {number}" for number in range(12)]
KINDS: list[Label] = [Category.SHIRT, Category.DRESS, Part.SLEEVE, Category.SHOE, Part.ZIPPER]


WHOLE = box_mask(0, 0, 20, 10)
MOST = box_mask(0, 0, 16, 10)  # IoU 0.8 with WHOLE
ELSEWHERE = box_mask(40, 40, 60, 50)


@pytest.mark.parametrize(
    ("found", "truth", "score"),
    [
        ([], [], 1.0),
        ([], [WHOLE], 0.0),
        ([WHOLE], [], 0.0),
        ([WHOLE], [WHOLE], 1.0),
        ([MOST], [WHOLE], 0.6),  # above 0.5 ... 0.75, not above 0.8
        ([WHOLE, ELSEWHERE], [WHOLE], 0.5),
        ([WHOLE], [WHOLE, ELSEWHERE], 0.5),
        ([WHOLE, MOST], [WHOLE], 0.5),  # one garment is found once
    ],
)
def test_the_score_of_a_photo(found: list[Any], truth: list[Any], score: float) -> None:
    marks = [[Marked(Category.HAT, mask) for mask in masks] for masks in (found, truth)]
    assert photo_score(*marks) == pytest.approx(score)


def test_another_class_or_another_attribute_is_wrong() -> None:
    truth = [Marked(Category.HAT, WHOLE, frozenset({"plain"}))]
    assert photo_score([Marked(Category.HAT, WHOLE, frozenset({"plain"}))], truth) == 1.0
    assert photo_score([Marked(Category.HAT, WHOLE)], truth) == 0.0
    assert photo_score([Marked(Category.BAG, WHOLE, frozenset({"plain"}))], truth) == 0.0


def test_a_submission_names_every_photo_and_marks_no_pixel_twice() -> None:
    found = [
        Marked(Category.PANTS, box_mask(0, 0, 50, 160), frozenset({"plain", "new"}), 0.5),
        Marked(Part.POCKET, box_mask(10, 0, 20, 160), frozenset(), 0.9),
        Marked(Part.POCKET, box_mask(10, 0, 20, 160), frozenset(), 0.8),
    ]
    file = io.StringIO()
    write_submission(file, [("a.jpg", found), ("b.jpg", [])], {"plain": 20})
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [(row["ImageId"], row["ClassId"]) for row in rows] == [
        ("a.jpg", "32"), ("a.jpg", "6_20"), ("b.jpg", "23"),
    ]  # fmt: skip
    pixels = [set[int](), set[int]()]
    for taken, row in zip(pixels, rows, strict=False):
        numbers = [int(word) for word in row["EncodedPixels"].split()]
        for start, length in zip(numbers[::2], numbers[1::2], strict=True):
            taken.update(range(start, start + length))
    assert not pixels[0] & pixels[1]
    assert len(pixels[0] | pixels[1]) == SIDE * SIDE // 2


def random_photo(rng: np.random.Generator) -> tuple[list[Marked], list[Marked]]:
    """Guesses and truth: garments in a grid, so that none of them overlap, some of them groups.

    The package has a group with attributes excuse one guess only: the jackets are guessed once.
    """
    plain = frozenset(ATTRIBUTES[:2])
    group, jacket = box_mask(0, 0, 30, 60), box_mask(60, 90, 95, 150)
    truth = [
        Marked(Category.JACKET, group, plain, crowd=True), Marked(Category.JACKET, jacket, plain)
    ]  # fmt: skip
    found = [
        Marked(Category.JACKET, box_mask(5, 5, 20, 40), plain, 0.9),
        Marked(Category.JACKET, np.roll(jacket, int(rng.integers(0, 9)), 1), plain, 0.5),
    ]
    for left in (0, 34, 67):
        for top in (0, 54, 107):
            names = frozenset(rng.choice(ATTRIBUTES, rng.integers(0, 5), replace=False).tolist())
            label = KINDS[rng.integers(len(KINDS))]
            mask = box_mask(left, top, left + 30, top + 50)
            crowd = label in (Category.SHOE, Part.ZIPPER) and rng.random() < 0.5
            truth.append(Marked(label, mask, names, crowd=bool(crowd)))
            for _ in range(rng.integers(0, 3)):
                guess = np.roll(mask, tuple(rng.integers(-8, 9, 2)), (0, 1))
                parts = {name for name in names if rng.random() < 0.8}
                parts |= set(rng.choice(ATTRIBUTES, rng.integers(0, 2)).tolist())
                kind = label if rng.random() < 0.8 else KINDS[rng.integers(len(KINDS))]
                found.append(Marked(kind, guess, frozenset(parts), float(rng.random())))
    return found, truth


def their_figures(
    photos: Sequence[tuple[list[Marked], list[Marked]]], monkeypatch: pytest.MonkeyPatch
) -> dict[str, float]:
    """Return the package's figures; it needs a name that numpy 2 lacks, and plots nothing here."""
    monkeypatch.setattr(np, "float", float, raising=False)
    for name in ("skimage", "skimage.io", "matplotlib", "matplotlib.pyplot"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["skimage"], "io", sys.modules["skimage.io"], raising=False)
    from fashionpedia.fp import Fashionpedia
    from fashionpedia.fp_eval import FPEval

    numbers = {name: number for number, name in enumerate(ATTRIBUTES)}

    def entries(which: int) -> list[dict[str, Any]]:
        marks = [(image, mark) for image, pair in enumerate(photos, 1) for mark in pair[which]]
        return [
            {
                "id": number,
                "image_id": image,
                "category_id": mark.label.id,
                "attribute_ids": [numbers[name] for name in mark.attributes],
                "segmentation": encode(mark.mask),
                "area": int(np.count_nonzero(mark.mask)),
                "iscrowd": int(mark.crowd),
                "score": mark.score,
            }
            for number, (image, mark) in enumerate(marks, 1)
        ]

    truth = Fashionpedia()
    truth.dataset = {
        "images": [{"id": n, "height": 160, "width": 100} for n in range(1, len(photos) + 1)],
        "annotations": entries(1),
        "categories": [{"id": label.id, "name": label.value} for label in (*Category, *Part)],
        "attributes": [{"id": number, "name": name} for name, number in numbers.items()],
    }
    truth.createIndex()
    evaluation = FPEval(truth, truth.loadRes(entries(0)), "segm")
    evaluation.run()
    return {
        "ap_iou": float(evaluation.resultDet["AP"]),
        "ap_iou_f1": float(evaluation.results["AP"]),
        "ap50_iou_f1": float(evaluation.results["AP_IOU50"]),
        "ap75_iou_f1": float(evaluation.results["AP_IOU75"]),
    }


def test_the_figures_are_those_of_the_fashionpedia_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    photos = [random_photo(rng) for _ in range(5)]
    precision = FashionpediaAp(ATTRIBUTES)
    for found, truth in photos:
        precision.add(found, truth)
    ours, theirs = precision.figures(), their_figures(photos, monkeypatch)
    assert ours == pytest.approx(theirs, abs=1e-12)
    assert 0.05 < ours["ap_iou_f1"] < ours["ap_iou"] < 0.9


@pytest.mark.parametrize(
    ("groups", "ap"),
    [
        ([], 1 / 3),
        ([Category.SHOE], 1 / 3),  # a group of another category excuses nothing
        ([Category.HAT], 1.0),
        ([Category.HAT, Category.SHOE], 1.0),
    ],
)
def test_guesses_on_a_group_are_not_wrong(groups: list[Category], ap: float) -> None:
    """Two guesses lie on the groups, a third and less sure one on the only hat."""
    crowds = dict(enumerate(groups, start=2))
    counts = {1: WHOLE, **dict.fromkeys(crowds, ELSEWHERE)}
    record = LabelledPhoto(
        id="a",
        photo_path=Path("a.jpg"),
        regions=RunLengths(
            (160, 100), {value: encode(mask)["counts"].encode() for value, mask in counts.items()}
        ),
        labels={1: Category.HAT},
        split="val",
        crowds=crowds,
    )
    guesses = [(ELSEWHERE, 0.9), (ELSEWHERE, 0.8), (WHOLE, 0.5)]
    theirs, ours = FashionpediaAp([]), MaskAp()
    theirs.add(
        [Marked(Category.HAT, mask, score=score) for mask, score in guesses],
        labelled(record, {1: WHOLE}),
    )
    garments = [Garment(Category.HAT, score, (0, 0, 60, 50), mask) for mask, score in guesses]
    ours.add(Garments(160, 100, tuple(garments)), record, {1: WHOLE})
    assert theirs.figures()["ap_iou"] == pytest.approx(ap)
    assert ours.compute().figures()["ap"] == pytest.approx(ap, abs=1e-4)
    assert ours.compute().per_class() == {"hat": pytest.approx(ap, abs=1e-4)}


def test_nothing_labelled_has_no_precision() -> None:
    assert set(FashionpediaAp([]).figures().values()) == {-1.0}


def test_the_shipped_detector_is_scored_and_submits(tmp_path: Path) -> None:
    from segmentation.datasets.export import write_fashionpedia, write_imaterialist

    photos = write_photos(tmp_path / "photos", 2)
    write_fashionpedia(photos, tmp_path / "f")
    result = CliRunner().invoke(app, ["score", str(tmp_path / "f")])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert 0 <= figures["imaterialist_2019"] <= 1 and "ap_iou_f1" in figures["fashionpedia"]

    write_imaterialist(photos, tmp_path / "i")
    (tmp_path / "i" / "test").mkdir()
    Image.open(photos[0].photo_path).save(tmp_path / "i" / "test" / "x.jpg")
    out = tmp_path / "submission.csv"
    result = CliRunner().invoke(app, ["submit", str(tmp_path / "i"), str(out)])
    assert result.exit_code == 0, result.output
    assert {row["ImageId"] for row in csv.DictReader(io.StringIO(out.read_text()))} == {"x.jpg"}
