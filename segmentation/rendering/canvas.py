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

from segmentation.rendering.curves import Points
from segmentation.rendering.fabrics import noise, weave
from segmentation.rendering.parts import Part
from segmentation.rendering.pixels import Field, blur, floats, shifted

LIGHT = floats([-0.42, -0.55, 0.72])


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
        rows, columns = fill.shape
        x = (np.arange(columns, dtype=np.float32) + corner[0] + 0.5 - self.origin[0]) / self.scale
        y = (np.arange(rows, dtype=np.float32) + corner[1] + 0.5 - self.origin[1]) / self.scale
        x, y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
        distance = floats(cv2.distanceTransform(fill, cv2.DIST_L2, 3)) / np.float32(self.scale)
        height = self._height(part, distance, x, y, corner)
        gx = floats(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=self.scale / 8))
        gy = floats(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=self.scale / 8))
        steep = floats(1 / np.sqrt(1 + gx * gx + gy * gy))
        facing = (LIGHT[2] - LIGHT[0] * gx - LIGHT[1] * gy) * steep / LIGHT[2]
        facing = 1 + 0.62 * (facing - 1)
        facing *= 1 - 0.2 * np.exp(-distance / 2.6)
        cos, sin = np.cos(part.grain_turn), np.sin(part.grain_turn)
        xs, ys = x + 2.2 * gx, y + 2.2 * gy
        u, v = (xs * cos + ys * sin).astype(np.float32), (ys * cos - xs * sin).astype(np.float32)
        cloth = weave(part.fabric, u, v, 1 / self.scale)
        if part.fabric.material == "denim":
            cloth = cloth + (1 - cloth) * (0.16 * np.clip(facing - 0.86, 0, 0.4))[..., None]
        colour = cloth * np.clip(facing, 0.3, 1.0)[..., None]
        colour += (1 - cloth) * (0.5 * np.clip(facing - 1, 0, 0.35))[..., None]
        colour += self._highlight(part, gx, gy, steep)[..., None]
        self._draw_marks(part, colour, corner)
        return floats(np.clip(colour, 0, 1))

    def _height(
        self, part: Part, distance: Field, x: Field, y: Field, corner: tuple[int, int]
    ) -> Field:
        rise = np.clip(distance / part.puff, 0, 1)
        height = np.sqrt(1 - (1 - rise) ** 2) * np.float32(part.puff * part.depth)
        height = blur(height, max(0.16 * part.puff * self.scale, 0.6))
        if part.rumple:
            soft = noise(x + 0.25 * y, 0.55 * y, 0.16, part.fabric.seed)
            height += np.float32(2.1 * part.rumple) * soft
        if part.folds:
            relief = np.zeros_like(height)
            for outline, amount in part.folds:
                local = np.round((self._pixels(outline) - corner) * 16).astype(np.int32)
                layer = np.zeros(height.shape, np.uint8)
                cv2.fillPoly(layer, [local], (255,), cv2.LINE_AA, 4)
                relief += layer * np.float32(amount / 255)
            height += blur(relief, max(2.6 * self.scale, 0.6))
        return np.asarray(height, dtype=np.float32)

    def _highlight(self, part: Part, gx: Field, gy: Field, steep: Field) -> Field:
        half = LIGHT + floats([0, 0, 1])
        half /= np.linalg.norm(half)
        toward = np.clip((half[2] - half[0] * gx - half[1] * gy) * steep, 0, 1)
        return np.asarray(part.fabric.gloss * toward**24 * 0.6, dtype=np.float32)

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
