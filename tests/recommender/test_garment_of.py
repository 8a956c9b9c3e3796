from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from index.model.items import Pictures
from recommender.photos.garment_of import agreeing, cut_item, cutter_with, foreground
from segmentation.common.cutouts import NEUTRAL, SIDE
from segmentation.common.garments import Garments, Photo
from segmentation.common.photo import decode
from segmentation.common.taxonomy import Category
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
    cutout, measured = cutter_with(lambda: [detector])(given, Category.SHIRT)
    assert measured["colour"] == "green"
    assert tuple(cutout[SIDE // 2, SIDE // 2]) == GREEN
    assert detector.calls == 1


@pytest.mark.parametrize(
    ("wanted", "looks"),
    [(Category.SHIRT, 1), (Category.SWEATER, 1), (None, 1), (Category.SHOE, 2), (Category.BAG, 2)],
)
def test_a_picture_is_looked_at_again_where_what_is_meant_was_not_found(
    wanted: Category | None, looks: int
) -> None:
    coarse, fine = FakeDetector([BIG]), FakeDetector([BIG, SMALL])
    given = framed(GREEN, WHITE)
    cutout, _ = cutter_with(lambda: [coarse, fine])(given, wanted)
    assert (coarse.calls, fine.calls) == (1, looks - 1)
    found_by = [coarse, fine][looks - 1].segment(given)
    assert (cutout == cut_item(given, found_by, wanted)[0]).all()


def test_a_picture_of_one_colour_is_measured_at_its_centre() -> None:
    mask = foreground(photo(WHITE).rgb)
    assert mask.any() and not mask.all()
    one_pixel = foreground(photo(WHITE, width=1, height=1).rgb)
    assert one_pixel.shape == (1, 1)


def on(ground: tuple[int, int, int], alpha: bool = False, **options: Any) -> Photo:
    """Return a green square that was cut out, as a file brings it."""
    rgba = np.full((160, 120, 4), (*ground, 0), dtype=np.uint8)
    rgba[40:120, 30:90] = (*GREEN, 255)
    image = Image.fromarray(rgba)
    buffer = io.BytesIO()
    (image if alpha else image.convert("RGB")).save(buffer, **options)
    return decode(buffer.getvalue())


CUT_OUT = {
    "transparent png": on((3, 200, 90), alpha=True, format="PNG"),
    "transparent webp": on((3, 200, 90), alpha=True, format="WEBP", quality=90),
    "grey png": on(NEUTRAL, format="PNG"),
    "grey jpeg": on(NEUTRAL, format="JPEG", quality=85),
}


@pytest.mark.parametrize("name", CUT_OUT)
def test_a_picture_that_was_cut_out_needs_no_detector(name: str) -> None:
    detector = FakeDetector([(Category.SHIRT, 0.9, (0.0, 0.0, 0.3, 0.3))])
    cut = cutter_with(lambda: [detector])
    cutout, measured = cut(CUT_OUT[name], Category.SHIRT)
    assert detector.calls == 0
    assert measured["colour"] == "green"
    assert np.abs(cutout[SIDE // 2, SIDE // 2].astype(int) - GREEN).max() <= 8
    assert np.abs(cutout[0, 0].astype(int) - 127).max() <= 2
    rows = np.flatnonzero((np.abs(cutout.astype(int) - 127) > 20).any(axis=(1, 2)))
    assert 0.7 < len(rows) / SIDE < 0.95, "cropped to the garment and its margin"
    cut(CUT_OUT[name], Category.SHIRT, Pictures.GARMENTS)
    assert detector.calls == 1, "unless the shop says otherwise"


def test_other_pictures_are_looked_at_unless_the_shop_says_they_are_cut_out() -> None:
    detector = FakeDetector([(Category.SHIRT, 0.9, (0.25, 0.25, 0.75, 0.75))])
    cut = cutter_with(lambda: [detector])
    corners = np.full((80, 60), 255, dtype=np.uint8)
    corners[:4, :4] = 0
    others = (framed(GREEN, WHITE), Photo(framed(GREEN, WHITE).rgb, corners), photo(NEUTRAL))
    for number, given in enumerate(others, start=1):
        cut(given, Category.SHIRT)
        assert detector.calls == number
    cutout, measured = cut(framed(GREEN, WHITE), None, Pictures.CUT_OUT)
    assert (detector.calls, measured["colour"]) == (3, "green")
    assert cutout.shape == (SIDE, SIDE, 3)


def test_without_a_category_the_largest_is_meant() -> None:
    assert agreeing(found(BIG, SMALL), None) is not None
    assert agreeing(found(SMALL), None) is None
