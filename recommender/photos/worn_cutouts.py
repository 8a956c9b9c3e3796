"""Garments of a photo, each cut out as a small picture of its own, to go along with a look."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recommender.people.worn import WornPiece
from recommender.photos.outlines import cutout, outline
from recommender.photos.photo_analysis import PhotoAnalysis
from recommender.photos.reading import numbered
from segmentation.common.garments import Garment, Mask, Rgb

SIDE: Final = 320
"""Pixels of the longer side."""


def cut_worn(analysis: PhotoAnalysis, numbers: Sequence[int]) -> tuple[WornPiece, ...]:
    """Return some garments of a photo, each once; those of which only scraps are seen are left out.

    Raises:
        RequestError: there is no garment of one of these numbers.
    """
    garments = [numbered(analysis.found, number) for number in dict.fromkeys(numbers)]
    pictures = [(each.category, _picture(analysis.photo.rgb, each)) for each in garments]
    return tuple(WornPiece(kind, picture) for kind, picture in pictures if picture)


def _picture(rgb: Rgb, garment: Garment) -> bytes:
    """Return a garment as WebP, cut out along what is drawn of it; nothing where it is scraps."""
    pieces = cutout(outline(garment.mask), garment.category)
    if not pieces:
        return b""
    mask = _filled(pieces, rgb.shape[:2])
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    alone, seen = rgb[part].copy(), mask[part]
    alone[~seen] = alone[seen].mean(axis=0)  # what is see-through hides nothing of the photo
    picture = Image.fromarray(np.dstack([alone, _faded(mask)[part]]), "RGBA")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=4)
    return buffer.getvalue()


def _filled(pieces: list[list[float]], shape: tuple[int, ...]) -> Mask:
    canvas = np.zeros(shape, np.uint8)
    corners = [np.asarray(np.reshape(piece, (-1, 2)), np.int32) for piece in pieces]
    cv2.fillPoly(canvas, corners, 1)
    return canvas.astype(np.bool_)


def _faded(mask: Mask) -> NDArray[np.uint8]:
    """Return a mask as 0 to 255 whose edge fades inwards: a smooth line, and nothing beyond it."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (5, 5), 0)
    return np.asarray(np.clip((soft - 0.45) / 0.3, 0, 1) * mask * 255, np.uint8)
