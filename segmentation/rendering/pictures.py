"""Finished pictures: a garment alone, and a figure in a whole outfit, with exact masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from segmentation.common.garments import Garment, Garments, Rgb
from segmentation.common.taxonomy import Category
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.paint.canvas import Canvas
from segmentation.rendering.paint.fabrics import Colour
from segmentation.rendering.paint.parts import Part
from segmentation.rendering.paint.pixels import Field, blur, floats, shifted
from segmentation.rendering.person import as_mannequin, sample_person
from segmentation.rendering.settling import settled
from segmentation.rendering.wardrobe import outfit_parts, product_parts

STUDIO: Colour = (240, 238, 234)
_MIN_PIXELS = 12
_FACE_Y = 140.0


@dataclass(frozen=True, eq=False)
class Rendering:
    """A picture and what is in it.

    Attributes:
        rgb: H x W x 3 uint8.
        labels: H x W uint8; 0 is no garment, k the k-th garment of the specs, counted from 1.
        garments: the visible garments with exact masks, in the order of the specs.
        specs: the spec of each garment in `garments`.
    """

    rgb: Rgb
    labels: Rgb
    garments: Garments
    specs: tuple[GarmentSpec, ...]


def render_garment(
    spec: GarmentSpec, size_wh: tuple[int, int] = (384, 512), background: Colour | Field = STUDIO,
    *, finer: int = 1,
) -> Rendering:  # fmt: skip
    """Return a product picture on a light ground, with a soft shadow.

    Args:
        spec: what to draw.
        size_wh: pixels.
        background: one sRGB colour, or an H x W x 3 float32 picture, 0 to 1, `finer` times as large.
        finer: paint this many times larger and average down: smoother edges, slower.
    """
    lean = np.random.default_rng(spec.seed + 5).uniform(-1, 1) * 0.022
    stiff = spec.category in _STIFF
    parts = settled(
        [replace(part, label=1) for part in product_parts(spec)], spec.seed,
        0.5 if stiff else 2.3, turn=0.3 * lean if stiff else lean,
    )  # fmt: skip
    size_wh = (size_wh[0] * finer, size_wh[1] * finer)
    width, height = size_wh
    low, high = _bounds(parts)
    span = high - low
    margin = 0.84 if spec.category not in _SMALL else 0.72
    scale = float(min(width * margin / span[0], height * margin / span[1]))
    middle = (low + high) / 2 * scale
    canvas = Canvas(size_wh, scale, (width / 2 - float(middle[0]), height / 2 - float(middle[1])))
    canvas.paint_all(parts)
    rgb = _over(canvas, _ground(background, size_wh), drop=(0.012 * width, 0.02 * height))
    return _rendering(*_reduced(rgb, canvas.labels, finer), (spec,))


_SMALL = {
    Category.GLASSES, Category.HEADBAND, Category.HAT, Category.WATCH, Category.BELT, Category.GLOVE,
    Category.SOCK, Category.SHOE, Category.BAG,
}  # fmt: skip


_STIFF = {
    Category.GLASSES,
    Category.WATCH,
    Category.BELT,
    Category.SHOE,
    Category.BAG,
    Category.UMBRELLA,
}


_ON_THE_HEAD = {Category.HAT, Category.HEADBAND, Category.GLASSES}


def render_outfit(
    specs: Sequence[GarmentSpec], seed: int, size_wh: tuple[int, int] = (400, 608),
    background: Colour | Field = STUDIO, *, audience: str = "women", lively: float = 1.0,
    finer: int = 1, mannequin: bool = False,
) -> Rendering:  # fmt: skip
    """Return a full-length figure that wears the garments; masks hold what is visible.

    Both shoes, socks or gloves share one mask, as in Clothing Co-Parsing.

    Args:
        specs: what is worn.
        seed: who wears it, and the pose.
        size_wh: pixels.
        background: one sRGB colour, or an H x W x 3 float32 picture, 0 to 1.
        audience: women or men; anything else leaves the figure to chance.
        lively: 0 a plain stance, 1 as varied as the poses get.
        finer: paint this many times larger and average down: smoother edges, slower.
        mannequin: a shop's figure wears them, in the same pose; chance is asked alike.
    """
    rng = np.random.default_rng(seed)
    person = sample_person(rng, audience, lively=lively)
    if mannequin:
        bare = not any(spec.category in _ON_THE_HEAD for spec in specs)
        person = as_mannequin(person, headless=bare)
    size_wh = (size_wh[0] * finer, size_wh[1] * finer)
    width, height = size_wh
    share = 0.9 - 0.1 * lively * rng.random()
    scale = min(height * share / 1010, width * 0.94 / 500)
    top = (height - 1010 * scale) * (0.5 + 0.3 * lively * (rng.random() - 0.5))
    left = width * (0.5 + 0.12 * lively * (rng.random() - 0.5))
    canvas = Canvas(size_wh, scale, (left, top + 14 * scale))
    dressed = outfit_parts(tuple(specs), person, int(rng.choice([-1, 1])))
    canvas.paint_all(settled(dressed, seed, 1.7, below=_FACE_Y))
    ground = _ground(background, size_wh)
    floor = (left, top + 1000 * scale, 150 * scale)
    rgb = _over(canvas, _under_feet(_floor_shadow(ground, floor), canvas, floor[1]))
    return _rendering(*_reduced(rgb, canvas.labels, finer), tuple(specs))


def _reduced(rgb: Rgb, labels: Rgb, factor: int) -> tuple[Rgb, Rgb]:
    """Average a picture down; each pixel takes the label that covers most of it."""
    if factor == 1:
        return rgb, labels
    size = (rgb.shape[1] // factor, rgb.shape[0] // factor)
    best = np.zeros((size[1], size[0]), np.uint8)
    label = np.zeros((size[1], size[0]), np.uint8)
    for value in np.unique(labels):
        cover = cv2.resize(
            (labels == value).astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA
        )
        label[cover > best] = value
        best = np.maximum(best, cover)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)), label


def _bounds(parts: Sequence[Part]) -> tuple[Field, Field]:
    every = np.concatenate([part.outline for part in parts]).astype(np.float32)
    return every.min(0), every.max(0)


def _ground(background: Colour | Field, size_wh: tuple[int, int]) -> Field:
    if not isinstance(background, tuple):
        return np.array(background, dtype=np.float32)
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    light = 1.012 - 0.05 * np.hypot((x / width - 0.42), (y / height - 0.4)) ** 2
    return floats(np.clip(floats(background) / 255 * light[..., None], 0, 1))


def _over(canvas: Canvas, ground: Field, drop: tuple[float, float] | None = None) -> Rgb:
    """Lay the painting on its ground; `drop` casts a soft shadow, offset in pixels."""
    if drop is not None:
        width = canvas.size_wh[0]
        for spread, strength, reach in ((0.03, 0.22, 1.0), (0.008, 0.16, 0.3)):
            soft = shifted(blur(canvas.cover, spread * width), drop[0] * reach, drop[1] * reach)
            ground = ground * (1 - np.float32(strength) * soft)[..., None]
    rgb = ground * (1 - canvas.cover)[..., None] + canvas.rgb
    return np.asarray(np.round(np.clip(rgb, 0, 1) * 255), dtype=np.uint8)


def _floor_shadow(ground: Field, floor: tuple[float, float, float]) -> Field:
    height, width = ground.shape[:2]
    x, y, reach = floor
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for spread, strength in ((1.0, 0.2), (0.55, 0.3)):
        far = ((columns - x - 0.12 * reach) / (reach * spread)) ** 2 + (
            (rows - y) / (reach * 0.13 * spread + 1)
        ) ** 2
        ground = ground * (1 - strength * np.exp(-1.4 * far))[..., None]
    return ground


def _under_feet(ground: Field, canvas: Canvas, floor: float) -> Field:
    """Return the ground darkened where soles touch it; `floor` is the row of the toes."""
    scale, rows = canvas.scale, ground.shape[0]
    near = np.arange(rows, dtype=np.float32) > floor - 34 * scale
    feet = floats(canvas.cover * near[:, None])
    soft = floats(cv2.GaussianBlur(feet, (0, 0), sigmaX=11 * scale, sigmaY=3.4 * scale))
    return ground * (1 - 0.5 * shifted(soft, 5 * scale, 4 * scale))[..., None]


def _rendering(rgb: Rgb, labels: Rgb, specs: tuple[GarmentSpec, ...]) -> Rendering:
    counts = np.bincount(labels.ravel(), minlength=len(specs) + 1)
    garments, seen = [], []
    for index, spec in enumerate(specs, start=1):
        if counts[index] < _MIN_PIXELS:
            labels[labels == index] = 0
            continue
        mask = labels == index
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
        garments.append(Garment(spec.category, 1.0, box, mask, spec.attributes))
        seen.append(spec)
    height, width = labels.shape
    return Rendering(rgb, labels, Garments(height, width, tuple(garments)), tuple(seen))
