"""Outlines stay on their masks."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recommender.photos.outlines import cutout, outline
from segmentation.common import masks
from segmentation.common.garments import Mask
from segmentation.common.taxonomy import Category


def filled(polygons: list[list[float]], shape: tuple[int, int]) -> Mask:
    canvas = np.zeros(shape, np.uint8)
    corners = [np.asarray(polygon, np.int32).reshape(-1, 2) for polygon in polygons]
    cv2.fillPoly(canvas, corners, 1)
    return canvas.astype(bool)


def disc(shape: tuple[int, int], centre: tuple[int, int], radius: int) -> Mask:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    inside: Mask = (columns - centre[0]) ** 2 + (rows - centre[1]) ** 2 <= radius**2
    return inside


@pytest.mark.parametrize("shape", [(60, 40), (720, 480), (1600, 1200)])
def test_an_outline_covers_its_mask_with_few_corners(shape: tuple[int, int]) -> None:
    mask = disc(shape, (shape[1] // 2, shape[0] // 2), shape[1] // 3)
    polygons = outline(mask)
    assert len(polygons) == 1
    assert len(polygons[0]) < 80
    assert masks.iou(filled(polygons, shape), mask) > 0.95


def test_pieces_come_largest_first_and_specks_are_left_out() -> None:
    shape = (400, 400)
    mask = disc(shape, (100, 100), 40) | disc(shape, (300, 300), 80) | disc(shape, (20, 380), 5)
    polygons = outline(mask)
    assert len(polygons) == 2
    assert np.mean(polygons[0][::2]) > 250
    assert np.mean(polygons[1][::2]) < 150


def test_what_is_thin_is_outlined_all_the_same() -> None:
    mask = np.zeros((1000, 1000), dtype=bool)
    mask[100:900, 500:502] = True
    polygons = outline(mask)
    assert polygons
    assert min(polygons[0][1::2]) < 120


def test_a_mask_at_the_border_stays_inside_the_photo() -> None:
    mask = np.ones((50, 30), dtype=bool)
    [polygon] = outline(mask)
    assert (min(polygon), max(polygon[::2]), max(polygon[1::2])) == (0, 29, 49)


def test_one_pixel_is_outlined() -> None:
    mask = np.zeros((20, 20), dtype=bool)
    mask[4, 7] = True
    assert outline(mask) == [[7, 4, 7, 5, 8, 5, 8, 4]]


def test_scraps_are_not_cut_out() -> None:
    shape = (400, 400)
    strap = np.zeros(shape, dtype=bool)
    strap[20:380, 200:212] = True
    assert outline(strap) and cutout(outline(strap), Category.BAG) == []
    assert cutout(outline(strap), Category.TIE)  # which is thin when all of it is seen
    bag = disc(shape, (200, 300), 70)
    both = outline(bag | disc(shape, (200, 60), 20))
    assert len(both) == 2 and cutout(both, Category.BAG) == both[:1]
    pair = outline(disc(shape, (100, 300), 60) | disc(shape, (300, 300), 55))
    assert cutout(pair, Category.SHOE) == pair
    assert cutout([], Category.BAG) == []
