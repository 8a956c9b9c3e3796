"""Pictures that teach what is no garment: drawn ones, empty corners of street photos, trinkets.

Street photos give rectangles in which people marked nothing, neither clothes nor skin nor hair.
Passers-by are unmarked: one rectangle in ten shows some, and where the detector is sure of a garment
it is left out. Of shop photos those count whose article type is no garment here and that lie alone on
white; on the others somebody wears the trinket.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from segmentation.common.garments import Photo, Rgb
from segmentation.datasets.clothing_co_parsing import read_clothing_co_parsing
from segmentation.datasets.labelled import LabelPicture
from segmentation.datasets.products.article_types import WITHOUT_CLOTHES
from segmentation.datasets.products.product_photos import read_product_photos
from segmentation.datasets.self_labelled import SelfLabelledWriter
from segmentation.detector.maskrcnn import Detector
from segmentation.rendering.nothing import draw_nothing
from segmentation.training.labelling.white import white_mask
from segmentation.training.runs.loop import Report

SOURCE: Final = "nothing"
TRIES: Final = 60
SURE: Final = 0.6
"""A score from which the detector is believed that a passer-by wears something."""
LEAST_SHARE: Final = 0.08
"""An empty corner smaller than this share of its photo is left out."""


def write_nothing(
    out: Path,
    *,
    drawn: int,
    street: Path | None,
    shop: Path | None,
    weights: Path,
    seed: int,
    report: Report,
) -> int:
    """Write a self-labelled folder of pictures without clothes; return how many.

    Args:
        out: the folder.
        drawn: how many pictures to draw.
        street: a folder of Clothing Co-Parsing, whose training photos have empty corners.
        shop: a folder of product photos.
        weights: of the detector that tells passers-by.
        seed: of everything random.
        report: receives a line for each source.
    """
    count = 0
    with SelfLabelledWriter(out, SOURCE) as writer:
        for name, pictures in (
            ("drawn", _drawn(drawn, seed)),
            ("street corners", _corners(street, weights, seed) if street else iter(())),
            ("trinkets", _trinkets(shop) if shop else iter(())),
        ):
            before = count
            for rgb in pictures:
                writer.add(rgb, "train", [])
                count += 1
            report(f"{out}: {count - before} {name}")
    return count


def _drawn(count: int, seed: int) -> Iterator[Rgb]:
    for number in range(count):
        yield draw_nothing(np.random.default_rng((seed, number)), number)


def _corners(folder: Path, weights: Path, seed: int) -> Iterator[Rgb]:
    detector = Detector.load(weights)
    for number, photo in enumerate(read_clothing_co_parsing(folder, "train")):
        assert isinstance(photo.regions, LabelPicture)
        rgb, _ = photo.read()
        corner = empty_corner(photo.regions.read() > 0, np.random.default_rng((seed, number)))
        if corner is not None:
            left, top, right, bottom = corner
            piece = np.ascontiguousarray(rgb[top:bottom, left:right])
            if not bool((detector.detect(Photo(piece)).scores >= SURE).any()):
                yield piece


def empty_corner(
    marked: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], rng: np.random.Generator
) -> tuple[int, int, int, int] | None:
    """Return the largest of some random rectangles, xyxy, in which nothing is marked; None for none.

    Args:
        marked: H x W.
        rng: chance.
    """
    height, width = marked.shape
    best: tuple[int, int, int, int] | None = None
    most = LEAST_SHARE * marked.size
    for _ in range(TRIES):
        wide, tall = (int(side * rng.uniform(0.25, 1)) for side in (width, height))
        left = int(rng.integers(0, width - wide + 1))
        top = int(rng.integers(0, height - tall + 1))
        if wide * tall > most and not marked[top : top + tall, left : left + wide].any():
            best, most = (left, top, left + wide, top + tall), wide * tall
    return best


def _trinkets(folder: Path) -> Iterator[Rgb]:
    for product in read_product_photos(folder):
        if product.article in WITHOUT_CLOTHES and product.split == "train" and product.large:
            rgb = product.rgb()
            if white_mask(rgb) is not None:
                yield rgb
