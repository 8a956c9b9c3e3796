"""Which detections are reported, and whose they are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from segmentation.common.garments import Photo
from segmentation.common.taxonomy import Category, Label, Part
from segmentation.detector.detections import Detections, masks_of, of_main_person, paste, reported

Box = tuple[float, float, float, float]
DRESS, SHOES, BAG = (
    (100.0, 80.0, 200.0, 300.0),
    (120.0, 380.0, 180.0, 400.0),
    (205.0, 180.0, 245.0, 230.0),
)
PASSER_BY, FAR_SHOES = (420.0, 120.0, 460.0, 220.0), (425.0, 250.0, 455.0, 262.0)


def detections(*boxes: Box, labels: tuple[Label, ...] = ()) -> Detections:
    count = len(boxes)
    return Detections(
        boxes_xyxy=torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        scores=torch.linspace(0.9, 0.6, count),
        labels=labels or (Category.DRESS,) * count,
        mask_probabilities=torch.ones(count, 1, 28, 28),
    )


@pytest.mark.parametrize(
    ("boxes", "kept"),
    [
        ((), []),
        ((SHOES,), [0]),
        ((SHOES, DRESS), [0, 1]),
        ((DRESS, SHOES, BAG), [0, 1, 2]),
        ((PASSER_BY, DRESS, FAR_SHOES, SHOES), [1, 3]),
    ],
    ids=["nothing", "one", "a body high", "a bag in the hand", "a passer-by"],
)
def test_what_the_main_person_wears(boxes: tuple[Box, ...], kept: list[int]) -> None:
    assert of_main_person(detections(*boxes), range(len(boxes)), 300) == kept


def test_a_passer_by_at_the_side_is_not_the_main_person() -> None:
    large = (500.0, 60.0, 600.0, 300.0)
    assert of_main_person(detections(DRESS, large), [0, 1], 300) == [0]
    assert of_main_person(detections(DRESS, large), [0, 1], 1100) == [1]


def test_only_what_was_chosen_can_be_the_main_persons() -> None:
    found = detections(DRESS, PASSER_BY, FAR_SHOES)
    assert of_main_person(found, [1, 2], 900) == [1, 2]


def test_what_is_laid_out_apart_is_one_outfit() -> None:
    laid = detections((10, 10, 90, 110), (150, 20, 230, 120), (300, 30, 380, 90))
    assert of_main_person(laid, [0, 1, 2], 400) == [0, 1, 2]
    assert of_main_person(laid, [0, 1], 400) != [0, 1]  # two may be somebody and a passer-by


def test_parts_of_garments_are_not_reported() -> None:
    found = detections(DRESS, BAG, labels=(Part.HOOD, Category.BAG))
    assert reported(found, lambda _category: 0.1) == [1]
    photo = Photo(np.zeros((420, 300, 3), np.uint8))
    assert [garment.category for garment in paste(found, photo)] == [Category.BAG]
    assert masks_of(found, photo).shape == (2, 420, 300)


def test_details_become_an_attribute() -> None:
    found = detections(DRESS)
    result = Detections(
        found.boxes_xyxy, found.scores, found.labels, found.mask_probabilities, (("plain", "long"),)
    )
    assert paste(result, Photo(np.zeros((420, 300, 3), np.uint8)))[0].attributes == {
        "details": "plain, long"
    }
    assert paste(found, Photo(np.zeros((420, 300, 3), np.uint8)))[0].attributes == {}
