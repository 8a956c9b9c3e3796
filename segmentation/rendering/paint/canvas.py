"""Painting: parts of garments, lit and shaded, on to a transparent picture with a label for each.

Every part is a closed outline with a height: rounded towards its edges, raised by folds. Light
comes from the upper left. A part darkens what lies under it near its edges (contact shadow), and
takes the label of its garment wherever it covers more than half a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.rendering.paint.curves import Points
from segmentation.rendering.paint.light import Grid, lit
from segmentation.rendering.paint.parts import Part
from segmentation.rendering.paint.pixels import Field, blur, floats, shifted


@dataclass
class Canvas:
    """A transparent picture being painted.

    Attributes:
        size_wh: pixels.
        scale: pixels a unit.
        origin: where the point (0, 0) lies, in pixels.
        rgb: H x W x 3 float32, premultiplied by cover.
        cover: H x W float32, 0 to 1.
        labels: H x W uint8.
    """

    size_wh: tuple[int, int]
    scale: float
    origin: tuple[float, float]
    rgb: Field = field(init=False)
    cover: Field = field(init=False)
    labels: NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        width, height = self.size_wh
        self.rgb = np.zeros((height, width, 3), np.float32)
        self.cover = np.zeros((height, width), np.float32)
        self.labels = np.zeros((height, width), np.uint8)

    def paint_all(self, parts: Sequence[Part]) -> None:
        """Paint parts in rising z, parts of equal z in the order given."""
        for part in sorted(parts, key=lambda part: part.z):
            self.paint(part)

    def paint(self, part: Part) -> None:
        """Paint one part over what is there; nothing happens where it lies outside."""
        outline = self._pixels(part.outline)
        pad = 9.0 * self.scale + 2
        width, height = self.size_wh
        left, top = np.maximum(np.floor(outline.min(0) - pad), 0).astype(int)
        right, bottom = np.minimum(np.ceil(outline.max(0) + pad), (width, height)).astype(int)
        if left >= right or top >= bottom:
            return
        corner = (int(left), int(top))
        shape = (int(bottom - top), int(right - left))
        fill = self._fill(part.outline, corner, shape)
        window = (slice(top, bottom), slice(left, right))
        colour = self._lit(part, fill, corner)
        if part.clip is not None:  # after the light, so that a cut edge does not look rounded
            fill = np.minimum(fill, self._fill(part.clip, corner, shape))
        self._shadow(part, fill, window)
        alpha = fill.astype(np.float32) * np.float32(part.opacity / 255)
        keep = 1 - alpha
        self.rgb[window] = self.rgb[window] * keep[..., None] + colour * alpha[..., None]
        self.cover[window] = self.cover[window] * keep + alpha
        self.labels[window][fill > 127] = part.label

    def _pixels(self, outline: Points) -> Points:
        return np.asarray(outline * self.scale + np.asarray(self.origin))

    def _fill(
        self, outline: Points, corner: tuple[int, int], shape: tuple[int, int]
    ) -> NDArray[np.uint8]:
        mask = np.zeros(shape, np.uint8)
        local = np.round((self._pixels(outline) - corner - 0.5) * 16).astype(np.int32)
        cv2.fillPoly(mask, [local], (255,), cv2.LINE_AA, 4)
        return mask

    def _shadow(self, part: Part, fill: NDArray[np.uint8], window: tuple[slice, slice]) -> None:
        if part.shadow <= 0:
            return
        sigma = 3.6 * self.scale + 0.4
        soft = shifted(blur(fill, sigma), 1.4 * self.scale, 2.6 * self.scale)
        self.rgb[window] *= (1 - soft * np.float32(part.shadow / 255))[..., None]

    def _lit(self, part: Part, fill: NDArray[np.uint8], corner: tuple[int, int]) -> Field:
        """Return the lit colour of a part over its window: H x W x 3 float32, 0 to 1."""
        grid = Grid.of((fill.shape[0], fill.shape[1]), corner, self.origin, self.scale)
        colour = lit(part, fill, self._folds(part, corner, fill.shape), grid)
        self._draw_marks(part, colour, corner)
        return floats(np.clip(colour, 0, 1))

    def _folds(self, part: Part, corner: tuple[int, int], shape: tuple[int, ...]) -> Field:
        """Return the height of the drawn folds, in units: a soft foot under a crisper ridge."""
        relief = np.zeros(shape, np.float32)
        for outline, amount in part.folds:
            local = np.round((self._pixels(outline) - corner) * 16).astype(np.int32)
            layer = np.zeros(shape, np.uint8)
            cv2.fillPoly(layer, [local], (255,), cv2.LINE_AA, 4)
            relief += layer * np.float32(amount / 255)
        if not part.folds:
            return relief
        soft = blur(relief, max(4.4 * self.scale, 0.6))
        if part.fabric.material == "knit":  # knitting rounds off what it folds
            return floats(0.8 * soft)
        return floats(0.34 * blur(relief, max(1.7 * self.scale, 0.6)) + 0.7 * soft)

    def _draw_marks(self, part: Part, colour: Field, corner: tuple[int, int]) -> None:
        shape = (colour.shape[0], colour.shape[1])
        for mark in part.marks:
            if mark.relief:
                drop = self._fill(mark.outline + np.array([0.9, 1.5]), corner, shape)
                soft = blur(drop, max(1.1 * self.scale, 0.5))
                colour *= (1 - soft * np.float32(0.4 / 255))[..., None]
            fill = self._fill(mark.outline, corner, shape).astype(np.float32) / 255
            amount = (fill * mark.strength)[..., None]
            if mark.colour is None:
                colour *= 1 - amount
            else:
                colour += (floats(mark.colour) / 255 - colour) * amount
