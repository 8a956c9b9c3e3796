"""Garments pasted from one photo into another hide what lies below them."""

from __future__ import annotations

import numpy as np

from segmentation.garments import Mask
from segmentation.taxonomy import Category, Part
from segmentation.training.scenes import Jitter, Scene, jittered, pasted


def rectangle(rows: slice, columns: slice) -> Mask:
    mask = np.zeros((40, 30), dtype=bool)
    mask[rows, columns] = True
    return mask


def scene(colour: int, *garments: tuple[Category, Mask]) -> Scene:
    rgb = np.full((40, 30, 3), colour, dtype=np.uint8)
    return Scene(rgb, tuple((category, mask, None) for category, mask in garments))


class Always:
    """Random numbers that choose every garment, or none."""

    def __init__(self, number: float) -> None:
        self._number = number

    def random(self) -> float:
        return self._number


LEFT, RIGHT = rectangle(slice(5, 35), slice(2, 14)), rectangle(slice(5, 35), slice(16, 28))


def test_nothing_is_pasted_where_nothing_is_chosen() -> None:
    below = scene(10, (Category.PANTS, LEFT))
    assert pasted(below, scene(200), Always(0.0)) is below  # type: ignore[arg-type]
    assert pasted(below, scene(200, (Category.BAG, RIGHT)), Always(0.9)) is below  # type: ignore[arg-type]


def test_what_is_covered_by_more_than_half_is_forgotten() -> None:
    cover = rectangle(slice(5, 35), slice(4, 20))
    below = scene(10, (Category.PANTS, LEFT), (Category.BAG, RIGHT))
    told = pasted(below, scene(200, (Category.COAT, cover)), Always(0.0))  # type: ignore[arg-type]
    assert [label for label, _, _ in told.garments] == [Category.BAG, Category.COAT]
    assert not (told.garments[0][1] & cover).any()
    assert told.rgb[20, 12, 0] == 200 and told.rgb[20, 25, 0] == 10


def test_parts_come_with_their_garment_and_never_alone() -> None:
    collar = rectangle(slice(5, 9), slice(2, 14))
    above = Scene(
        np.full((40, 30, 3), 200, dtype=np.uint8),
        ((Category.SHIRT, LEFT, None), (Part.COLLAR, collar, None), (Part.SLEEVE, RIGHT, None)),
    )
    told = pasted(scene(10), above, Always(0.0))  # type: ignore[arg-type]
    assert [label for label, _, _ in told.garments] == [Category.SHIRT, Part.COLLAR]


def test_picture_and_masks_move_together() -> None:
    rgb = np.zeros((40, 30, 3), dtype=np.uint8)
    rgb[LEFT] = 255
    still = Jitter(light=0, contrast=0, saturation=0, hue=0, blur=0)
    for seed in range(5):
        moved = jittered(
            Scene(rgb, ((Category.PANTS, LEFT, None),)),
            np.random.default_rng(seed),
            still,
            (60, 80),
        )
        bright = moved.rgb[..., 0] > 128
        assert moved.rgb.shape == (80, 60, 3)
        assert np.count_nonzero(bright ^ moved.garments[0][1]) < 0.1 * np.count_nonzero(bright)
