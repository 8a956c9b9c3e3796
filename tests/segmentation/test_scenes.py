"""Garments pasted from one photo into another hide what lies below them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from segmentation.common.garments import Mask
from segmentation.common.taxonomy import Category, Part
from segmentation.training.samples.scenes import Jitter, Scene, _moved, jittered, pasted


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
    result = pasted(below, scene(200, (Category.COAT, cover)), Always(0.0))  # type: ignore[arg-type]
    assert [label for label, _, _ in result.garments] == [Category.BAG, Category.COAT]
    assert not (result.garments[0][1] & cover).any()
    assert result.rgb[20, 12, 0] == 200 and result.rgb[20, 25, 0] == 10


def test_parts_come_with_their_garment_and_never_alone() -> None:
    collar = rectangle(slice(5, 9), slice(2, 14))
    above = Scene(
        np.full((40, 30, 3), 200, dtype=np.uint8),
        ((Category.SHIRT, LEFT, None), (Part.COLLAR, collar, None), (Part.SLEEVE, RIGHT, None)),
    )
    result = pasted(scene(10), above, Always(0.0))  # type: ignore[arg-type]
    assert [label for label, _, _ in result.garments] == [Category.SHIRT, Part.COLLAR]


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


def test_a_large_photo_is_averaged_as_it_shrinks_and_stays_in_place() -> None:
    rgb = np.zeros((800, 600, 3), dtype=np.uint8)
    rgb[::2] = 200  # stripes that four pixels alone would show as bands
    dark = np.zeros((800, 600), dtype=bool)
    dark[200:600, 150:450] = True
    rgb[dark] = 0
    still = Jitter((0.8, 0.8), light=0, contrast=0, saturation=0, hue=0, blur=0)
    result = jittered(
        Scene(rgb, ((Category.BAG, dark, None),)), np.random.default_rng(1), still, (60, 80)
    )
    mask = result.garments[0][1]
    assert np.count_nonzero((result.rgb[..., 0] < 50) ^ mask) < 0.1 * np.count_nonzero(mask)
    striped = result.rgb[..., 0][(result.rgb[..., 0] > 50) & (result.rgb[..., 0] < 120)]
    assert len(striped) > 800 and 97 <= np.median(striped) <= 103 and result.rgb.max() < 140


@pytest.mark.parametrize("scale", [0.2, 0.4])
def test_shrinking_moves_nothing_to_the_side(scale: float) -> None:
    """A smooth slope keeps its brightness at each place, whichever way it is shrunk."""
    slope = np.linspace(0, 250, 600, dtype=np.float32)
    rgb = np.repeat(np.tile(slope, (400, 1))[..., None], 3, axis=2).astype(np.uint8)
    matrix = np.array([[scale, 0, 3.0], [0, scale, 5.0]])
    size_wh = round(600 * scale) + 6, round(400 * scale) + 10
    plain = cv2.warpAffine(rgb, matrix, size_wh, flags=cv2.INTER_LINEAR, borderValue=(127,) * 3)
    inner = slice(8, -8), slice(8, -8)
    difference = _moved(rgb, matrix, size_wh)[inner].astype(int) - plain[inner]
    assert abs(float(difference.mean())) < 0.3 and np.abs(difference).max() <= 2
