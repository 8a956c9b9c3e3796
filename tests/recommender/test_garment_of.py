from __future__ import annotations

import numpy as np
import pytest

from recommender.garment_of import agreeing, cut_item, cutter_with, foreground
from segmentation.cutouts import SIDE
from segmentation.garments import Garments, Photo
from segmentation.taxonomy import Category
from tests.recommender.fakes import GREEN, NAVY, WHITE, FakeDetector, Found, photo

BIG: Found = (Category.SHIRT, 0.5, (0.1, 0.1, 0.9, 0.6))
SMALL: Found = (Category.SHOE, 0.9, (0.4, 0.9, 0.6, 1.0))


def framed(inside: tuple[int, int, int], outside: tuple[int, int, int]) -> Photo:
    rgb = np.full((80, 60, 3), outside, dtype=np.uint8)
    rgb[20:60, 15:45] = inside
    return Photo(rgb)


def found(*garments: Found) -> Garments:
    return FakeDetector(garments).segment(photo())


@pytest.mark.parametrize(
    ("garments", "wanted", "expected"),
    [
        ((), Category.DRESS, None),
        ((BIG, SMALL), Category.SHOE, Category.SHOE),
        ((BIG, SMALL), Category.SWEATER, Category.SHIRT),  # the same slot
        ((BIG, SMALL), Category.JACKET, Category.SHIRT),  # the largest
        ((SMALL,), Category.JACKET, None),  # too small to be believed
    ],
)
def test_the_garment_that_the_feed_means(
    garments: tuple[Found, ...], wanted: Category, expected: Category | None
) -> None:
    chosen = agreeing(found(*garments), wanted)
    assert (chosen.category if chosen else None) is expected


def test_the_whole_picture_where_nothing_agrees_with_its_foregrounds_colour() -> None:
    given = framed(NAVY, WHITE)
    cutout, measured = cut_item(given, Garments.empty(given), Category.SHIRT)
    assert cutout.shape == (SIDE, SIDE, 3)
    assert measured["colour"] == "navy" and "second_colour" not in measured


def test_a_garment_is_cut_out_and_measured() -> None:
    given = framed(GREEN, WHITE)
    detector = FakeDetector([(Category.SHIRT, 0.9, (0.25, 0.25, 0.75, 0.75))])
    cutout, measured = cutter_with(lambda: detector)(given, Category.SHIRT)
    assert measured["colour"] == "green"
    assert tuple(cutout[SIDE // 2, SIDE // 2]) == GREEN
    assert detector.calls == 1


def test_a_picture_of_one_colour_is_measured_at_its_centre() -> None:
    mask = foreground(photo(WHITE).rgb)
    assert mask.any() and not mask.all()
    one_pixel = foreground(photo(WHITE, width=1, height=1).rgb)
    assert one_pixel.shape == (1, 1)
