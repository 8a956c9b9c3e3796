"""Accessories laid over people, phones before them, and photos of few pixels."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.common.boxes import box_of
from segmentation.common.taxonomy import Category
from segmentation.training.samples.adorning import adorned, behind_a_phone
from segmentation.training.samples.scenes import Jitter, Marked, Scene, jittered

TOP = (slice(150, 250), slice(100, 200))


def scene(
    *garments: tuple[Category, tuple[slice, slice]], size_hw: tuple[int, int] = (500, 300)
) -> Scene:
    rgb = np.full((*size_hw, 3), 90, dtype=np.uint8)
    marked: list[Marked] = []
    for category, place in garments:
        mask = np.zeros(size_hw, dtype=np.bool_)
        mask[place], rgb[place] = True, 250
        marked.append((category, mask, None))
    return Scene(rgb, tuple(marked))


def product(category: Category) -> Scene:
    return scene((category, (slice(20, 80), slice(10, 70))), size_hw=(100, 80))


@pytest.mark.parametrize(
    ("category", "low", "high"),
    [(Category.HAT, 50, 140), (Category.GLASSES, 90, 150), (Category.BELT, 220, 290)],
)
def test_an_accessory_comes_where_it_is_worn(category: Category, low: int, high: int) -> None:
    result = adorned(scene((Category.TOP, TOP)), product(category), np.random.default_rng(0))
    kind, mask, _ = result.garments[-1]
    box = box_of(mask)
    assert kind is category and box is not None
    assert 100 <= (box[0] + box[2]) / 2 <= 200 and low <= (box[1] + box[3]) / 2 <= high
    assert result.rgb[mask].mean() > 200
    assert not (result.garments[0][1] & mask).any()


def test_another_one_takes_its_place_and_size() -> None:
    shoe = (slice(400, 440), slice(120, 180))
    below = scene((Category.TOP, TOP), (Category.SHOE, shoe))
    result = adorned(below, product(Category.SHOE), np.random.default_rng(1))
    box = box_of(result.garments[-1][1])
    assert box is not None and box[2] - box[0] == pytest.approx(60, rel=0.2)
    assert [kind for kind, _, _ in result.garments] == [Category.TOP, Category.SHOE]


def test_where_no_place_is_known_nothing_changes() -> None:
    shoes = scene((Category.SHOE, (slice(400, 440), slice(120, 180))))
    assert adorned(shoes, product(Category.HAT), np.random.default_rng(0)) is shoes
    top = scene((Category.TOP, TOP))
    assert adorned(top, product(Category.WATCH), np.random.default_rng(0)) is top
    assert adorned(top, scene(), np.random.default_rng(0)) is top


def test_a_phone_hides_and_is_no_garment() -> None:
    whole = scene((Category.DRESS, (slice(0, 500), slice(0, 300))))
    result = behind_a_phone(whole, np.random.default_rng(3))
    assert [kind for kind, _, _ in result.garments] == [Category.DRESS]
    hidden = ~result.garments[0][1]
    assert 0.01 < hidden.mean() < 0.5
    assert np.abs(result.rgb[hidden].astype(int) - whole.rgb[hidden]).max() > 20


def test_a_coarse_photo_has_few_pixels_and_its_masks() -> None:
    sharp = scene((Category.TOP, (slice(150, 152), slice(0, 300))))
    still = Jitter((1.0, 1.0), 0.0, 0, 0, 0, 0, 0, 0, coarse=0.0)
    coarse = Jitter((1.0, 1.0), 0.0, 0, 0, 0, 0, 0, 0, coarse=1.0)
    fine, few = (jittered(sharp, np.random.default_rng(0), j, (300, 500)) for j in (still, coarse))
    assert np.array_equal(fine.garments[0][1], few.garments[0][1])
    assert (
        np.ptp(fine.rgb.astype(int), axis=0).max() > 2 * np.ptp(few.rgb.astype(int), axis=0).max()
    )
