"""Cloth: a colour for every point of a garment's surface.

Coordinates are in the units of `curves`, measured on the cloth, so that a pattern keeps its size
whatever the picture's scale; `px` is the size of a pixel in those units and softens edges that
would otherwise alias.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.rendering.paint.grain import grain
from segmentation.rendering.paint.pixels import Field, blur, floats, sample

Colour: TypeAlias = tuple[int, int, int]
"""sRGB, 0 to 255."""


@dataclass(frozen=True)
class Fabric:
    """What a part is made of.

    Attributes:
        colour, second: sRGB 0 to 255; `second` serves patterns.
        pattern: plain, stripe, pinstripe, check, dots, floral, colourblock.
        material: cotton, denim, knit, rib, leather, wool, silk, metal, skin, hair, glass...
        seed: varies tiles and grain.
        size: scale of the pattern, 1 is normal.
    """

    colour: Colour
    second: Colour = (255, 255, 255)
    pattern: str = "plain"
    material: str = "cotton"
    seed: int = 0
    size: float = 1.0

    @property
    def gloss(self) -> float:
        """Strength of the highlight, 0 to 1."""
        return _GLOSS.get(self.material, 0.04)

    def solid(self, factor: float = 1.0) -> Fabric:
        """Return the same cloth without its pattern, darkened or lightened by a factor."""
        return Fabric(shade(self.colour, factor), self.second, "plain", self.material, self.seed)

    def contrast(self) -> Fabric:
        """Return plain cloth of the second colour."""
        return Fabric(self.second, self.colour, "plain", self.material, self.seed)


_GLOSS = {
    "leather": 0.32, "silk": 0.22, "metal": 0.6, "glass": 0.5, "skin": 0.05, "hair": 0.12,
    "wool": 0.0, "knit": 0.0, "denim": 0.02, "patent": 0.6, "nylon": 0.14, "rubber": 0.08,
}  # fmt: skip


def shade(colour: Colour, factor: float) -> Colour:
    """Return a colour darkened (factor < 1) or moved towards white (factor > 1).

    >>> shade((100, 50, 0), 0.5)
    (50, 25, 0)
    """
    if factor <= 1:
        r, g, b = (round(c * factor) for c in colour)
    else:
        r, g, b = (round(c + (255 - c) * min(factor - 1, 1.0)) for c in colour)
    return r, g, b


def weave(fabric: Fabric, u: Field, v: Field, px: float) -> Field:
    """Return the cloth's colour at (u, v): H x W x 3 float32, 0 to 1 sRGB, unlit."""
    base = floats(fabric.colour) / np.float32(255)
    second = floats(fabric.second) / np.float32(255)
    size = fabric.size
    if fabric.pattern == "floral":
        out = _floral(fabric, u / size, v / size)
    else:
        amount = _PATTERNS.get(fabric.pattern, _plain)(u / size, v / size, px / size)
        out = floats(base + amount[..., None] * (second - base))
    pale = sum(fabric.colour) / 765  # grain on pale cloth reads as dirt
    return floats(
        out
        * (1 + (grain(fabric.material, fabric.seed, u, v, px) - 1) * np.float32(1 - 0.6 * pale**2))[
            ..., None
        ]
    )


def _band(x: Field, period: float, fill: float, px: float) -> Field:
    """Return 1 inside a band that takes `fill` of each period, with edges a pixel soft."""
    phase = np.abs(np.mod(x / period, 1.0) - 0.5)
    soft = max(px / period, 0.02)
    visible = np.float32(np.clip(period / (2.5 * px), 0.25, 1.0))
    crisp = np.clip((fill / 2 - phase) / soft + 0.5, 0, 1)
    return np.asarray(crisp * visible + fill * (1 - visible), dtype=np.float32)


def _plain(u: Field, _v: Field, _px: float) -> Field:
    return np.zeros_like(u)


def _stripe(_u: Field, v: Field, px: float) -> Field:
    return _band(v, 23.0, 0.42, px)


def _pinstripe(u: Field, _v: Field, px: float) -> Field:
    return _band(u, 13.0, 0.18, px) * np.float32(0.75)


def _check(u: Field, v: Field, px: float) -> Field:
    wide = 0.5 * (_band(u, 34.0, 0.5, px) + _band(v, 34.0, 0.5, px))
    fine = 0.22 * (_band(u + 8.5, 34.0, 0.07, px) + _band(v + 8.5, 34.0, 0.07, px))
    return np.clip(wide * 0.82 + fine, 0, 1)


def _gingham(u: Field, v: Field, px: float) -> Field:
    return np.asarray(0.5 * (_band(u, 17.0, 0.5, px) + _band(v, 17.0, 0.5, px)))


def _dots(u: Field, v: Field, px: float) -> Field:
    row = np.floor(v / 15.0)
    x = np.mod(u + (row % 2) * 8.6, 17.2) - 8.6
    y = np.mod(v, 15.0) - 7.5
    return floats(np.clip((4.1 - np.hypot(x, y)) / max(px, 0.3) + 0.5, 0, 1))


_PATTERNS = {
    "stripe": _stripe, "pinstripe": _pinstripe, "check": _check, "gingham": _gingham,
    "dots": _dots,
}  # fmt: skip


def _floral(fabric: Fabric, u: Field, v: Field) -> Field:
    base, petal = (floats(colour) / np.float32(255) for colour in (fabric.colour, fabric.second))
    leaf = (base + floats((96, 128, 84)) / np.float32(255)) / 2
    x, y = np.mod(u * 4, 512).astype(np.float32), np.mod(v * 4, 512).astype(np.float32)
    shares = sample(_floral_tile(fabric.seed % 4), x, y)
    return floats(
        (1 - shares[..., 3:]) * base
        + shares[..., :1] * leaf
        + shares[..., 1:2] * petal
        + shares[..., 2:3] * floats([0.925, 0.745, 0.376])
    )


_LEAF, _HEART = (1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0)


@cache
def _floral_tile(seed: int) -> Field:
    """Return a 512 x 512 x 4 tile that repeats: shares of leaf, petal and heart, and of all three."""
    rng = np.random.default_rng(seed)
    tile = np.zeros((512, 512, 4), np.float32)
    for row in range(4):
        for column in range(4):
            at = (np.array([column + 0.5 * (row % 2), row]) + rng.uniform(0.1, 0.7, 2)) * 128
            _flower(tile, at, rng.uniform(17, 31), rng.uniform(0, 6))
    return blur(tile, 1.6)


def _flower(tile: Field, at: NDArray[np.float64], radius: float, turn: float) -> None:
    for dx in (-512, 0, 512):
        for dy in (-512, 0, 512):
            centre = at + np.array([dx, dy])
            for k in range(2):
                angle = turn + k * 2.6 + 0.4
                tip = centre + np.array([np.cos(angle), np.sin(angle)]) * radius * 1.5
                _blob(tile, tip, (radius * 0.62, radius * 0.24), angle, _LEAF)
            for k in range(5):
                angle = turn + k * 2 * np.pi / 5
                tip = centre + np.array([np.cos(angle), np.sin(angle)]) * radius * 0.62
                petal = (0.0, 0.94 + 0.03 * (k % 3), 0.0, 1.0)
                _blob(tile, tip, (radius * 0.52, radius * 0.4), angle, petal)
            _blob(tile, centre, (radius * 0.24, radius * 0.24), 0, _HEART)


def _blob(
    tile: Field,
    at: NDArray[np.float64],
    axes: tuple[float, float],
    angle: float,
    shares: tuple[float, float, float, float],
) -> None:
    centre = (round(float(at[0])), round(float(at[1])))
    size = (max(round(axes[0]), 1), max(round(axes[1]), 1))
    turned = float(np.degrees(angle))
    cv2.ellipse(tile, centre, size, turned, 0, 360, shares, -1, cv2.LINE_AA)
