"""Pictures without clothes that nobody trains on, made unlike those that training draws.

`segmentation.rendering.nothing` draws with OpenCV: places, things, phones, faces, textures, pages.
Here are crops of real photographs and micrographs that scikit-image brings along, a shop's photos of
jewellery of the tenth that is held out, and figures of arithmetic: fractals, mosaics, interference,
noise, plain colours; and phones in hands, drawn by Pillow from other outlines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from segmentation.common.garments import Rgb
from segmentation.datasets.products.article_types import WITHOUT_CLOTHES
from segmentation.datasets.products.product_photos import read_product_photos
from segmentation.training.labelling.white import white_mask

PHOTOGRAPHS: Final = (
    "brick", "chelsea", "clock", "coffee", "coins", "grass", "gravel", "hubble_deep_field",
    "immunohistochemistry", "moon", "page", "retina", "rocket", "text", "stereo_motorcycle", "cell",
)  # fmt: skip
SIZE_WH: Final = (400, 560)


def empty_pictures(count: int, shop: Path | None = None) -> list[tuple[str, Rgb]]:
    """Return pictures without clothes, each with its kind; the same count, the same pictures.

    Two fifths are photographs, three tenths jewellery (where there is a folder of product photos; the
    others take their place), three tenths figures.
    """
    jewels = list(islice(_jewellery(shop), count * 3 // 10)) if shop else []
    figures = [("figure", figure(number)) for number in range(count * 3 // 10)]
    photographs = islice(_photographs(), count - len(jewels) - len(figures))
    return [*photographs, *jewels, *figures]


def _photographs() -> Iterator[tuple[str, Rgb]]:
    """Yield crops of photographs without end, each photograph in turn."""
    from skimage import data

    number = 0
    loaded: dict[str, Rgb] = {}
    while True:
        name = PHOTOGRAPHS[number % len(PHOTOGRAPHS)]
        if name not in loaded:
            given = getattr(data, name)()
            loaded[name] = _in_colour(given[0] if isinstance(given, tuple) else given)
        yield "photograph", _crop(loaded[name], np.random.default_rng((2024, number)))
        number += 1


def _in_colour(picture: NDArray[np.generic]) -> Rgb:
    values = np.asarray(picture)
    if values.dtype == np.bool_:
        values = values * np.uint8(255)
    grey = values if values.ndim == 2 else values[..., :3]
    return np.asarray(np.dstack([grey] * 3) if grey.ndim == 2 else grey, dtype=np.uint8)


def _crop(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    height, width = rgb.shape[:2]
    wide, tall = (int(side * rng.uniform(0.4, 1)) for side in (width, height))
    left = int(rng.integers(0, width - wide + 1))
    top = int(rng.integers(0, height - tall + 1))
    piece = rgb[top : top + tall, left : left + wide]
    return np.ascontiguousarray(piece[:, ::-1] if rng.random() < 0.5 else piece)


def _jewellery(folder: Path) -> Iterator[tuple[str, Rgb]]:
    for product in read_product_photos(folder):
        if product.article in WITHOUT_CLOTHES and product.split == "val":
            rgb = product.rgb()
            if white_mask(rgb) is not None:
                if not product.large:  # else it would be too small for any answer
                    rgb = np.asarray(
                        cv2.resize(rgb, (240, 320), interpolation=cv2.INTER_CUBIC), np.uint8
                    )
                yield "jewellery", rgb


def figure(number: int) -> Rgb:
    """Return a picture made by arithmetic or by Pillow; kinds take turns by `number`."""
    rng = np.random.default_rng((4096, number))
    return FIGURES[number % len(FIGURES)](rng)


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    width, height = SIZE_WH
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return across, down


def _painted(values: NDArray[np.float64], rng: np.random.Generator) -> Rgb:
    """Return values from 0 to 1 in the colours of a random cosine palette."""
    phase, pace = rng.uniform(0, 1, 3), rng.uniform(0.5, 2, 3)
    colours = 0.5 + 0.5 * np.cos(2 * np.pi * (values[..., None] * pace + phase))
    return np.asarray(np.round(255 * colours), dtype=np.uint8)


def _julia(rng: np.random.Generator) -> Rgb:
    across, down = _grid()
    z = 1.4 * across + 1.4j * down
    angle = rng.uniform(0, 2 * np.pi)
    c = 0.7885 * complex(np.cos(angle), np.sin(angle))
    steps = np.zeros(z.shape)
    for _ in range(40):
        inside = np.abs(z) < 4
        z[inside] = z[inside] ** 2 + c
        steps += inside
    return _painted(steps / 40, rng)


def _mosaic(rng: np.random.Generator) -> Rgb:
    across, down = _grid()
    seeds = rng.uniform(-1, 1, (int(rng.integers(6, 60)), 2))
    distances = (across[..., None] - seeds[:, 0]) ** 2 + (down[..., None] - seeds[:, 1]) ** 2
    return np.asarray(rng.integers(0, 256, (len(seeds), 3))[distances.argmin(axis=2)], np.uint8)


def _interference(rng: np.random.Generator) -> Rgb:
    across, down = _grid()
    waves = [
        np.sin(rng.uniform(3, 90) * np.hypot(across - x, down - y))
        for x, y in rng.uniform(-1, 1, (3, 2))
    ]
    return _painted(np.sum(waves, axis=0) / 6 + 0.5, rng)


def _speckles(rng: np.random.Generator) -> Rgb:
    width, height = SIZE_WH
    kind = int(rng.integers(3))
    if kind == 0:
        return np.asarray(rng.integers(0, 256, (height, width, 3)), np.uint8)
    if kind == 1:
        return np.repeat(
            np.asarray(255 * (rng.random((height, width, 1)) < rng.uniform(0.02, 0.6)), np.uint8),
            3,
            2,
        )
    blocks = np.asarray(rng.integers(0, 256, (height // 8, width // 8, 3)), np.uint8)
    return np.asarray(cv2.resize(blocks, SIZE_WH, interpolation=cv2.INTER_LANCZOS4), np.uint8)


def _plain(rng: np.random.Generator) -> Rgb:
    width, height = SIZE_WH
    ends = rng.integers(0, 256, (2, 3))
    share = np.linspace(0, 1, height)[:, None, None] * (rng.random() < 0.6)
    return np.asarray(
        np.broadcast_to(ends[0] * (1 - share) + ends[1] * share, (height, width, 3)), np.uint8
    )


def _held_phone(rng: np.random.Generator) -> Rgb:
    width, height = SIZE_WH
    wall = tuple(int(v) for v in rng.integers(60, 240, 3))
    picture = Image.new("RGB", SIZE_WH, wall)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(0, 6))):  # frames and shelves on the wall
        x, y = int(rng.integers(width)), int(rng.integers(height))
        box = (x, y, x + int(rng.integers(20, 200)), y + int(rng.integers(10, 120)))
        draw.rectangle(box, fill=tuple(int(v) for v in rng.integers(0, 256, 3)))
    skin = ((246, 214, 190), (205, 158, 125), (150, 104, 76), (92, 62, 46))[int(rng.integers(4))]
    wide = int(rng.uniform(0.14, 0.4) * width)
    tall, x, y = (
        int(wide * 2.05),
        int(rng.uniform(0.2, 0.5) * width),
        int(rng.uniform(0.1, 0.5) * height),
    )
    draw.polygon(
        [
            (x, y + tall // 2),
            (x + wide, y + tall // 2),
            (x + wide * 3 // 2, height),
            (x - wide // 3, height),
        ],
        fill=skin,
    )
    screen = tuple(int(v) for v in rng.integers(0, 256, 3)) if rng.random() < 0.6 else (12, 12, 14)
    draw.rounded_rectangle((x, y, x + wide, y + tall), wide // 7, fill=(24, 24, 28))
    draw.rounded_rectangle((x + 5, y + 7, x + wide - 5, y + tall - 7), wide // 9, fill=screen)
    for finger in range(4):
        at = y + int(tall * (0.42 + 0.13 * finger))
        draw.ellipse((x + wide * 4 // 5, at, x + wide * 6 // 5, at + tall // 10), fill=skin)
    turned = picture.rotate(float(rng.uniform(-25, 25)), Image.Resampling.BICUBIC, fillcolor=wall)
    return np.asarray(turned.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 1.5)))))


FIGURES: Final[tuple[Callable[[np.random.Generator], Rgb], ...]] = (
    _held_phone, _julia, _mosaic, _interference, _speckles, _plain,
)  # fmt: skip
