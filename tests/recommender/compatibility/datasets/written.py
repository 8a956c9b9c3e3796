"""Tiny sets of outfits in the published layouts, with pictures of one colour or of two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from segmentation.common.garments import Garment, Garments, Rgb
from segmentation.common.taxonomy import Category

RED, GREEN, BLUE, GREY = (200, 20, 20), (20, 160, 40), (30, 40, 180), (127, 127, 127)
WIDTH, HEIGHT = 80, 120
"""Size of every scene and collage, in pixels."""


def signatures(split: str, count: int) -> list[str]:
    """Signatures as Pinterest's, all in the tenth that is held out, or all outside it."""
    every = (hashlib.md5(str(number).encode()).hexdigest() for number in range(1000))
    fits = (
        s for s in every if (hashlib.sha256(s.encode()).digest()[0] % 10 == 0) == (split == "val")
    )
    return [next(fits) for _ in range(count)]


def picture(path: Path, colour: Sequence[int], size_wh: tuple[int, int] = (40, 40)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rgb = np.full((size_wh[1], size_wh[0], 3), colour, dtype=np.uint8)
    Image.fromarray(rgb).save(
        path, format="PNG"
    )  # the readers look at bytes, so colours stay exact
    return path


def lines(path: Path, records: Sequence[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def mean(rgb: Rgb) -> tuple[int, int, int]:
    """The colour in the middle of a picture."""
    side = rgb.shape[0] // 2
    red, green, blue = (int(value) for value in rgb[side, side])
    return red, green, blue


def garment(category: Category, left: int, top: int, right: int, bottom: int) -> Garment:
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[top:bottom, left:right] = True
    return Garment(category, 0.9, (left, top, right, bottom), mask)


def nothing(rgb: Rgb) -> Garments:
    return Garments(rgb.shape[0], rgb.shape[1])


def unasked(rgb: Rgb) -> Garments:
    raise AssertionError("the detector is asked only where a scene is read")
