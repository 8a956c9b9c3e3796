"""Masks for photos that have none: GrabCut on single garments, tags on street photos."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Garment, Garments, Mask, Photo, Rgb
from segmentation.common.masks import iou
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_dataset import read_clothing_dataset
from segmentation.datasets.self_labelled import INDEX, SelfLabelledWriter, read_self_labelled
from segmentation.datasets.splits import held_out
from segmentation.detector.detections import Detections
from segmentation.training.labelling.products import product_mask, tidied
from segmentation.training.labelling.tags import named_by_tags
from segmentation.training.measuring.product_shots import measure_product_shots, reference_mask


def shirt_on_floor(seed: int = 0) -> tuple[Rgb, Mask]:
    """A red T shape on a grey floor, both with some grain."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((160, 120), dtype=bool)
    mask[30:60, 20:100] = True
    mask[30:130, 40:80] = True
    rgb = np.where(mask[..., None], (190, 40, 40), (120, 118, 115)).astype(np.float64)
    grain = rng.normal(0, 6, rgb.shape)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8), mask


def test_a_garment_on_a_floor_gets_its_mask() -> None:
    rgb, mask = shirt_on_floor()
    found, reference = product_mask(rgb), reference_mask(rgb)
    assert found is not None and iou(found, mask) > 0.9
    assert reference is not None and iou(reference, mask) > 0.9


@pytest.mark.parametrize("colours", [1, 200], ids=["one colour", "noise"])
def test_a_picture_without_a_garment_gets_none(colours: int) -> None:
    rgb = np.random.default_rng(1).integers(0, colours, (120, 90, 3)).astype(np.uint8)
    assert product_mask(rgb) is None and reference_mask(rgb) is None


def test_tidying_keeps_both_shoes_and_drops_specks() -> None:
    mask = np.zeros((100, 100), dtype=bool)
    assert not tidied(mask).any()
    mask[20:60, 10:40] = mask[20:60, 60:90] = True
    mask[30, 20] = False
    mask[90:93, 90:93] = True
    clean = tidied(mask)
    assert clean[40, 20] and clean[40, 70] and clean[30, 20] and not clean[91, 91]


def found(*rows: tuple[Category, float, tuple[int, int, int, int]]) -> Detections:
    ordered = sorted(rows, key=lambda row: -row[1])
    return Detections(
        boxes_xyxy=torch.tensor([row[2] for row in ordered], dtype=torch.float32).reshape(-1, 4),
        scores=torch.tensor([row[1] for row in ordered]),
        labels=tuple(row[0] for row in ordered),
        mask_probabilities=torch.zeros(len(rows), 1, 28, 28),
    )


BODY, LEGS, FEET, WRIST = (10, 10, 50, 60), (15, 60, 45, 100), (20, 100, 40, 110), (5, 50, 9, 54)
SHIRT, TOP, PANTS, SHOE, WATCH = (
    Category.SHIRT, Category.TOP, Category.PANTS, Category.SHOE, Category.WATCH,
)  # fmt: skip


def test_no_tags_and_nothing_found_agree() -> None:
    assert named_by_tags(found(), set()) == {}


def test_the_tag_names_what_the_detector_confuses() -> None:
    seen = found((TOP, 0.4, BODY), (SHIRT, 0.3, BODY), (PANTS, 0.9, LEGS))
    assert named_by_tags(seen, {SHIRT, PANTS}) == {PANTS: 0, SHIRT: 2}
    assert named_by_tags(found((TOP, 0.7, BODY)), {SHIRT}) == {SHIRT: 0}


def test_a_small_garment_may_be_missing_but_no_large_one() -> None:
    seen = found((TOP, 0.7, BODY), (PANTS, 0.9, LEGS))
    assert named_by_tags(seen, {TOP, PANTS, WATCH}) == {PANTS: 0, TOP: 1}
    assert named_by_tags(seen, {TOP, PANTS, SHOE}) is None


def test_a_sure_garment_without_a_tag_makes_the_tags_doubtful() -> None:
    assert named_by_tags(found((TOP, 0.7, BODY), (PANTS, 0.9, LEGS)), {TOP}) is None
    assert named_by_tags(found((TOP, 0.7, BODY), (PANTS, 0.6, LEGS)), {TOP}) == {TOP: 0}
    assert named_by_tags(found((TOP, 0.7, BODY), (WATCH, 0.9, WRIST)), {TOP}) == {TOP: 1}


def test_what_was_labelled_is_read_back(tmp_path: Path) -> None:
    rgb, mask = shirt_on_floor()
    Image.fromarray(rgb).save(tmp_path / "a.png")
    buckle = np.zeros_like(mask)
    buckle[50:55, 50:60] = True
    with SelfLabelledWriter(tmp_path / "out", "tags") as writer:
        garments = [(TOP, mask), (Category.BELT, buckle)]
        unmarked, names = frozenset({WATCH}), {TOP: "t-shirt"}
        writer.add(tmp_path / "a.png", "train", garments, unmarked, names)
    kind, photos = read_folder(tmp_path / "out", "train")
    assert kind == "tags" and read_folder(tmp_path / "out", "val")[1] == []
    read, masks = photos[0].read()
    assert np.array_equal(read, rgb) and photos[0].unmarked == {WATCH}
    assert list(photos[0].names.values()) == ["t-shirt"]
    assert {photos[0].labels[value]: int(m.sum()) for value, m in masks.items()} == {
        TOP: int((mask & ~buckle).sum()), Category.BELT: 50,
    }  # fmt: skip


def test_a_damaged_line_is_told_and_the_others_read(tmp_path: Path) -> None:
    Image.fromarray(shirt_on_floor()[0]).save(tmp_path / "a.png")
    with SelfLabelledWriter(tmp_path / "out", "tags") as writer:
        writer.add(tmp_path / "a.png", "train", [(TOP, shirt_on_floor()[1])])
    index = tmp_path / "out" / INDEX
    index.write_text("{}\n" + index.read_text())
    refusal: list[DatasetError] = []
    kind, photos = read_self_labelled(tmp_path / "out", refusal.append)
    assert kind == "tags" and len(photos) == 1 and "line 1" in str(refusal[0])


@pytest.mark.parametrize(
    ("text", "says"), [("", "no usable line"), ("{}\n", "line 1"), ("not json\n", "line 1")]
)
def test_a_damaged_index_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / INDEX).write_text(text)
    with pytest.raises(DatasetError, match=says):
        read_self_labelled(tmp_path)


class CallsEverything:
    """A segmenter to which each picture is one garment."""

    def __init__(self, category: Category) -> None:
        self._category = category

    def segment(self, photo: Photo) -> Garments:
        return self.segment_all(photo)

    def segment_all(self, photo: Photo) -> Garments:
        mask = np.ones((photo.height, photo.width), dtype=bool)
        box = 0.0, 0.0, float(photo.width), float(photo.height)
        garment = Garment(self._category, 0.5, box, mask)
        return Garments(photo.height, photo.width, (garment,))


@pytest.fixture
def products(tmp_path: Path) -> Path:
    """Fifteen t-shirts and fifteen dresses, some of which are held out."""
    for label in ("t-shirt", "dress"):
        (tmp_path / label).mkdir()
        for number in range(15):
            rgb, _ = shirt_on_floor(number + 100 * len(label))
            cv2.imwrite(str(tmp_path / label / f"{number}.jpg"), rgb[..., ::-1])
    return tmp_path


def test_product_shots_are_measured_on_what_is_held_out(products: Path) -> None:
    garments = read_clothing_dataset(products)
    assert len(garments) == 30 and {g.category for g in garments} == {TOP, Category.DRESS}
    held = [g for g in garments if held_out(g.path.read_bytes())]
    assert held == [g for g in garments if g.split == "val"] and held
    figures = measure_product_shots(CallsEverything(TOP), [products], lambda _line: None)
    shirts = sum(garment.category is TOP for garment in held)
    assert figures["photos"] == len(held)
    assert figures["right_kind"] == pytest.approx(shirts / len(held), abs=1e-4)
    assert figures["mask_photos"] == len(held)
    assert 0 < figures["mask_iou"] < figures["mask_iou_ellipse"] < 1


def test_a_folder_without_held_out_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t-shirt").mkdir()
    with pytest.raises(DatasetError, match="no held-out photos"):
        measure_product_shots(CallsEverything(TOP), [tmp_path], lambda _line: None)
