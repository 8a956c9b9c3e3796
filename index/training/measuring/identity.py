"""From which cosine on two pictures show the very same item: copies against what only looks alike."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from index.encoders.encoder import Encoder
from index.training.measuring.features import Vectors
from index.training.measuring.neighbours import share
from segmentation.common.cutouts import square
from segmentation.common.garments import Rgb
from segmentation.common.photo import decode
from segmentation.datasets.clothing_dataset import is_clothing_dataset, read_clothing_dataset

MERGED: Final = 0.001
"""At most this share of items may be taken for another item of their kind."""
COPIED: Final = 300
"""Number of items that are copied."""


def jpeg(rgb: Rgb, quality: int) -> Rgb:
    """Return a picture as JPEG brings it back."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def smaller(rgb: Rgb, factor: float) -> Rgb:
    """Return a picture with its sides times a factor below 1."""
    size_wh = round(rgb.shape[1] * factor), round(rgb.shape[0] * factor)
    return np.asarray(cv2.resize(rgb, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def trimmed(rgb: Rgb, part: float) -> Rgb:
    """Return a picture without a part of its height and width at each border."""
    down, across = round(rgb.shape[0] * part), round(rgb.shape[1] * part)
    return rgb[down : rgb.shape[0] - down, across : rgb.shape[1] - across]


COPIES: Final[Mapping[str, Callable[[Rgb], Rgb]]] = {
    "jpeg_75": lambda rgb: jpeg(rgb, 75),
    "jpeg_40": lambda rgb: jpeg(rgb, 40),
    "half_size": lambda rgb: smaller(rgb, 0.5),
    "half_size_jpeg_75": lambda rgb: jpeg(smaller(rgb, 0.5), 75),
    "mirrored": lambda rgb: np.ascontiguousarray(rgb[:, ::-1]),
    "trimmed_3_percent": lambda rgb: trimmed(rgb, 0.03),
}
"""What shops do to one picture."""


def originals(folders: Sequence[Path], split: str) -> list[Rgb]:
    """Return up to `COPIED` photos of single garments as they are, evenly drawn; none without such data."""
    paths = [
        garment.path
        for folder in folders
        if is_clothing_dataset(folder)
        for garment in read_clothing_dataset(folder)
        if garment.split == split
    ]
    spread = np.linspace(0, len(paths) - 1, min(COPIED, len(paths))).astype(int)
    return [decode(paths[place].read_bytes()).rgb for place in spread]


def nearest_other(kinds: NDArray[np.str_], vectors: Vectors) -> NDArray[np.float32]:
    """Return (n,) the cosine of each item to the nearest other of its kind; -1 where it is alone."""
    cosines = np.where(kinds[:, None] == kinds[None], vectors @ vectors.T, np.float32(-1))
    np.fill_diagonal(cosines, -1)
    return np.asarray(cosines.max(axis=1), np.float32)


def threshold(nearest: NDArray[np.float32]) -> float:
    """Return the least cosine, in steps of 0.0005, that `MERGED` of the items reach at most.

    >>> threshold(np.full(10, 0.9002, np.float32))
    0.9005
    """
    allowed = int(MERGED * len(nearest))  # rather one too few
    reached = float(np.sort(nearest)[::-1][allowed])
    return round(min(1.0, (math.floor(reached / 0.0005) + 1) * 0.0005), 4)


def copies_found(photos: Sequence[Rgb], encoder: Encoder, identical: float) -> dict[str, float]:
    """Return which share of copies is recognised, by what was done to them."""
    if not photos:
        return {}
    original = encoder.encode_images([square(rgb) for rgb in photos])
    figures = {}
    for name, change in COPIES.items():
        copies = encoder.encode_images([square(change(rgb)) for rgb in photos])
        figures[name] = share((copies * original).sum(axis=1) >= identical)
    return figures
