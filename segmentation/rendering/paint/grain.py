"""The fine relief of a cloth's surface: weave, ribs, cables, nap, pebbles.

A grain is a factor around 1 on the cloth's colour, at (u, v) in units on the cloth; `px` is the
size of a pixel in units, and what is finer than a pixel fades.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from segmentation.rendering.paint.noise import noise
from segmentation.rendering.paint.pixels import Field, floats

_Grain = Callable[[int, Field, Field, float], Field]


def grain(material: str, seed: int, u: Field, v: Field, px: float) -> Field:
    """Return the cloth's fine relief as a factor around 1; `seed` chooses among its kinds."""
    make = _GRAINS.get(material)
    return np.ones_like(u) if make is None else floats(1 + make(seed, u, v, px))


def _seen(size: float, px: float) -> float:
    """Return how much of a detail of a size, in units, a picture shows: 0 to 1."""
    return float(np.clip(size / (3.0 * px) - 0.35, 0.0, 1.0))


def _cotton(seed: int, u: Field, v: Field, _px: float) -> Field:
    threads = noise(u * 0.22, v * 2.2, 5.0, seed) + noise(u * 2.2, v * 0.22, 5.0, seed + 3)
    return floats(0.011 * threads + 0.011 * noise(u, v, 8.0, seed))


def _denim(seed: int, u: Field, v: Field, px: float) -> Field:
    twill = noise(u + v, 0.16 * (v - u), 9.0, seed)
    line = np.sin((u + v) * np.float32(2 * np.pi / 3.0)) * np.float32(_seen(2.2, px))
    slub = noise(u * 4.0, v * 0.12, 1.6, seed + 2)
    return floats(0.036 * twill + 0.016 * line + 0.020 * slub + 0.022 * noise(u, v, 0.35, seed))


def _wool(seed: int, u: Field, v: Field, px: float) -> Field:
    nap = 0.024 * noise(u, v, 8.0, seed) + 0.016 * noise(u, 0.4 * v, 2.4, seed)
    if seed % 3 == 0:
        return floats(nap + 0.05 * _seen(4.0, px) * _herringbone(u, v))
    if seed % 3 == 1:  # flecks of lighter yarn
        return floats(nap + 0.10 * np.clip(noise(u, v, 6.0, seed + 9) - 1.5, 0, 1))
    return floats(nap + 0.012 * noise(u, v, 1.1, seed))


def _herringbone(u: Field, v: Field) -> Field:
    column = np.floor(u / np.float32(9.0))
    slope = np.where(np.mod(column, 2) < 1, u, -u)
    return floats(np.sin((v + slope) * np.float32(2 * np.pi / 4.6)))


def _knit(seed: int, u: Field, v: Field, px: float) -> Field:
    """Return stocking stitch, in two of five with ribs or cables in it."""
    plain, kind = _stitches(u, v, px, 5.0), seed % 5
    if kind == 1:
        return floats(plain + 0.3 * _ribbed(u, v, px, 11.0))
    return floats(plain + 0.42 * _cabled(u, v, px)) if kind == 2 else plain


def _stitches(u: Field, v: Field, px: float, wale: float) -> Field:
    """Return stocking stitch: columns of small V, `wale` units wide."""
    across = np.abs(np.mod(u / wale, 1.0) - 0.5) * 2
    course = np.mod(v / (0.78 * wale) + across * 0.55, 1.0)
    visible = float(np.clip(wale / (5.0 * px), 0.25, 1.0))
    return floats(visible * (0.1 * (across - 0.5) + 0.055 * (np.abs(course - 0.5) * 2 - 0.5)))


def _ribbed(u: Field, v: Field, px: float, period: float) -> Field:
    """Return ribs that run down, lit from the left."""
    turn = (u + 0.15 * noise(u, v, 0.5)) * np.float32(2 * np.pi / period)
    visible = float(np.clip(period / (5.0 * px), 0.3, 1.0))
    return floats(visible * (0.075 * np.cos(turn) - 0.055 * np.sin(turn)))


def _rib(_seed: int, u: Field, v: Field, px: float) -> Field:
    return floats(_ribbed(u, v, px, 5.4) + 0.012 * noise(u, v, 8.0))


def _cabled(u: Field, v: Field, px: float) -> Field:
    """Return two-strand cables between columns of plain stitches."""
    place = np.mod(u, np.float32(46.0)) - 23
    swing = np.sin(v * np.float32(2 * np.pi / 40.0)) * 5.0
    strands = [np.exp(-(((place - side * swing) / 4.4) ** 2)) for side in (-1, 1)]
    lean = [
        (place - side * swing) / 4.4 * strand for side, strand in zip((-1, 1), strands, strict=True)
    ]
    over = np.where(np.cos(v * np.float32(2 * np.pi / 40.0)) > 0, 0, 1)
    top = np.where(over == 0, strands[0], strands[1])
    tilt = np.where(top > 0.45, np.where(over == 0, lean[0], lean[1]), lean[0] + lean[1])
    bulk = np.maximum(*strands)
    ditch = np.exp(-(((np.abs(place) - 12.5) / 1.5) ** 2))
    relief = 0.10 * (bulk - 0.3) - 0.16 * tilt - 0.14 * ditch
    inside = np.clip(13.5 - np.abs(place), 0, 1)
    plain = _stitches(u, v, px, 4.6)
    return floats(plain * (1 - 0.5 * inside) + relief * inside * 0.8)


def _leather(seed: int, u: Field, v: Field, px: float) -> Field:
    if seed % 2:  # pebbled
        return floats(
            0.03 * _seen(2.0, px) * noise(u, v, 5.0, seed) + 0.012 * noise(u, v, 0.5, seed)
        )
    return floats(0.007 * noise(u, v, 6.0, seed) + 0.014 * noise(u, v, 0.4, seed))


def _silk(seed: int, u: Field, v: Field, _px: float) -> Field:
    return floats(0.005 * noise(u * 0.3, v, 6.0, seed))


def _hair(seed: int, u: Field, v: Field, _px: float) -> Field:
    return floats(0.10 * noise(u, v * 0.05, 5.0, seed) + 0.07 * noise(u, v * 0.04, 1.8, seed + 1))


def _straw(seed: int, u: Field, v: Field, px: float) -> Field:
    weave = np.sin(u * 2.2) * np.sin(v * 2.2 + np.pi * np.mod(np.floor(u / 1.43), 2))
    return floats(0.09 * _seen(2.4, px) * weave + 0.05 * noise(u * 0.2, v, 3.0, seed))


_GRAINS: dict[str, _Grain] = {
    "cotton": _cotton, "denim": _denim, "wool": _wool, "knit": _knit, "rib": _rib, "leather": _leather,
    "silk": _silk, "hair": _hair, "straw": _straw, "jersey": _cotton, "nylon": _silk, "plastic": _silk,
}  # fmt: skip
