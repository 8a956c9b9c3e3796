"""What a photo is not good for has a sentence of its own."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.client import Client
from recommender.wire.photo_shapes import PHOTO_EXAMPLE, PhotoAnswer
from recommender.wire.shapes import GARMENT_EXAMPLE, Wearer
from tests.recommender.fake_shop import street
from tests.ui.screens import Presses, run, texts
from ui.parts.photo import limits
from ui.visit.state import Visit


def answer(*boxes: list[float], slot: str = "top", side: int = 1200) -> PhotoAnswer:
    kind: dict[str, Any] = {**GARMENT_EXAMPLE, "slot": slot, "category": "shirt"}
    garments = [{**kind, "box": box} for box in boxes]
    size = {"width": side // 2, "height": side}
    return PhotoAnswer.model_validate({**PHOTO_EXAMPLE, **size, "garments": garments})


LEFT, RIGHT, OVER = [0.0, 0.0, 100.0, 200.0], [150.0, 0.0, 250.0, 200.0], [50.0, 0.0, 160.0, 180.0]


TWO = [Wearer(garments=[0], box=LEFT), Wearer(garments=[1], box=OVER)]


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        (answer(), ""),
        (answer(LEFT), ""),
        (answer(LEFT, OVER), ""),
        (answer(LEFT, RIGHT), "Several pieces lie side by side"),
        (answer(LEFT, RIGHT, slot="accessories"), ""),
        (answer(LEFT, OVER).model_copy(update={"wearers": TWO}), "Several pieces lie side by side"),
        (answer(LEFT, side=120), "This photo is small (60 × 120 pixels)"),
        (answer(side=120), "This photo is small (60 × 120 pixels)"),
    ],
)
def test_each_limit_is_told(photo: PhotoAnswer, says: str) -> None:
    result = limits.advice(photo)
    assert says in result and bool(says) == bool(result)


def test_it_stands_below_the_photo(api: Client, parts: Presses) -> None:
    assert "This photo is small (80 × 120 pixels)" in texts(run(Visit(photo=street())))
