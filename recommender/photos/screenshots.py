"""A screenshot -> where in it the photo lies. Pure geometry on pixels.

A page around a photo is of one colour with a little text; a photo is a rectangle without that colour,
with straight edges. What is not surely so is left as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask, Photo, Rgb
from segmentation.common.photo import too_small

Frame: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
NEAR: Final = 3
"""Levels by which the page's colour may differ from itself."""
FULL: Final = 0.7
"""Share of a row or column that a photo fills, without the page's colour, from edge to edge."""
SHARES: Final = (0.15, 0.85)
"""A photo in a picture takes at least and at most these shares of it."""
PLAIN: Final = 0.75
"""Share of the page around the photo that has the page's colour; the rest is text and signs."""
GAP: Final = 0.01
"""Rows that a photo may lack within, as a share of the picture's height: a thin line of a page's colour."""


def photo_within(photo: Photo) -> Frame | None:
    """Return where the photo lies in a screenshot; None where this is none."""
    plain = _plain(photo.rgb)
    if plain is None:
        return None
    height, width = plain.shape
    rows = _longest(_filled(plain, 1), round(GAP * height))
    if rows is None:
        return None
    columns = _longest((~plain[slice(*rows)]).mean(axis=0) >= FULL / 2, round(GAP * width))
    if columns is None:
        return None
    (top, bottom), (left, right) = rows, columns
    share = (right - left) * (bottom - top) / (width * height)
    if not SHARES[0] <= share <= SHARES[1] or too_small(right - left, bottom - top):
        return None
    inside = plain[top:bottom, left:right]
    around = (plain.sum() - inside.sum()) / (plain.size - inside.size)
    is_photo = around >= PLAIN and inside.mean() <= 1 - FULL and _is_straight(inside)
    return (left, top, right, bottom) if is_photo else None


def cropped(photo: Photo, frame: Frame) -> Photo:
    """Return what lies in a frame of a photo."""
    left, top, right, bottom = frame
    part = np.s_[top:bottom, left:right]
    alpha = None if photo.alpha is None else photo.alpha[part]
    return replace(photo, rgb=np.ascontiguousarray(photo.rgb[part]), alpha=alpha)


def _plain(rgb: Rgb) -> Mask | None:
    """Return where a picture has the colour of the page; None where its edge is not mostly of one."""
    upper, lower = rgb[: max(1, len(rgb) // 100)], rgb[-max(1, len(rgb) // 100) :]
    edge = np.concatenate([upper.reshape(-1, 3), lower.reshape(-1, 3)])
    coarse = edge.astype(np.int32) // NEAR
    kinds, counts = np.unique(coarse @ (1, 1000, 1000000), return_counts=True)
    best = kinds[counts.argmax()]
    page = np.median(edge[coarse @ (1, 1000, 1000000) == best], axis=0).astype(np.int16)
    near = np.abs(rgb.astype(np.int16) - page).max(axis=2) <= NEAR
    ends = np.concatenate([near[0], near[-1]])
    return near if ends.mean() >= PLAIN else None


def _filled(plain: Mask, axis: int) -> Mask:
    """Return which rows have a run of a photo's width without the page's colour."""
    full = (~plain).mean(axis=axis)
    widest = np.quantile(full, 0.9)
    return np.asarray(full >= max(FULL * widest, 0.3), np.bool_)


def _longest(filled: NDArray[np.bool_], gap: int) -> tuple[int, int] | None:
    """Return the longest run of filled lines, over gaps of at most so many; None where there is none."""
    numbers = np.flatnonzero(filled)
    if not numbers.size:
        return None
    breaks = np.flatnonzero(np.diff(numbers) > gap + 1)
    begins = numbers[np.concatenate([[0], breaks + 1])]
    ends = numbers[np.concatenate([breaks, [len(numbers) - 1]])] + 1
    at = int((ends - begins).argmax())
    return int(begins[at]), int(ends[at])


def _is_straight(inside: Mask) -> bool:
    """Whether the photo's four edges are lines: nearly all of each is not of the page's colour."""
    edges = (inside[1], inside[-2], inside[:, 1], inside[:, -2])
    return all(edge.mean() <= 1 - FULL for edge in edges)
