"""A labelled photo before it becomes tensors: moved, relit, and with garments of another pasted in.

One random affine map moves picture and masks together, so that they cannot disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import Category, Label, Part
from segmentation.datasets.labelled import LabelledPhoto

CANVAS_WH = (448, 688)


@dataclass(frozen=True)
class Jitter:
    """How much a training photo is changed.

    Attributes:
        zoom: smallest and largest scale, relative to the photo filling the canvas.
        turn_degrees: largest rotation either way.
        light, contrast, saturation: largest relative change either way.
        hue: largest shift in OpenCV's half degrees.
        blur: chance of a slight blur.
        paste: chance that garments of another photo are pasted in.
        adorn: chance that somebody is given an accessory of a shop.
        phone: chance that a phone is held before a photo of people.
        coarse: chance that a photo has far fewer pixels than the network sees.
    """

    zoom: tuple[float, float] = (0.7, 1.5)
    turn_degrees: float = 6.0
    light: float = 0.25
    contrast: float = 0.25
    saturation: float = 0.3
    hue: float = 5.0
    blur: float = 0.15
    paste: float = 0.25
    adorn: float = 0.2
    phone: float = 0.04
    coarse: float = 0.12


USUAL = Jitter()


Marked: TypeAlias = tuple[Label, Mask, frozenset[str] | None]
"""What a mask is, the mask, and the names of its attributes, None where these were never labelled."""
FEWEST: Final = (0.12, 0.6)
"""Smallest and largest share of its sides to which a coarse photo is brought down."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and what is marked in it, before it becomes tensors.

    Attributes:
        rgb: H x W x 3.
        garments: see `Marked`.
        unmarked: categories that are in the picture but have no mask.
    """

    rgb: Rgb
    garments: tuple[Marked, ...]
    unmarked: frozenset[Label] = frozenset()


def read_scene(record: LabelledPhoto) -> Scene:
    """Return a labelled photo's pixels and masks."""
    rgb, masks = record.read()
    return Scene(
        rgb,
        tuple((record.labels[v], mask, record.described.get(v)) for v, mask in masks.items()),
        record.unmarked,
    )


def jittered(
    scene: Scene,
    rng: np.random.Generator,
    jitter: Jitter,
    canvas_wh: tuple[int, int] = CANVAS_WH,
) -> Scene:
    """Return the scene on a canvas, all moved alike; beyond the picture is grey."""
    matrix = _random_map(scene.rgb.shape[:2], rng, jitter, canvas_wh)
    moved = _moved(scene.rgb, matrix, canvas_wh)
    garments = tuple(
        (label, _warped(mask, matrix, canvas_wh), attributes)
        for label, mask, attributes in scene.garments
    )
    relit = _relit(moved, rng, jitter)
    seen = _coarse(relit, rng) if rng.random() < jitter.coarse else relit
    return Scene(seen, garments, scene.unmarked)


def _coarse(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Return the picture as one of far fewer pixels comes to the network: enlarged."""
    height, width = rgb.shape[:2]
    share = math.exp(rng.uniform(*np.log(FEWEST)))
    few_wh = max(8, round(share * width)), max(8, round(share * height))
    few = cv2.resize(rgb, few_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _moved(rgb: Rgb, matrix: NDArray[np.float64], canvas_wh: tuple[int, int]) -> Rgb:
    """Return the picture as the map moves it, on grey.

    `warpAffine` weighs four pixels, whatever lies between them. What it would shrink by more than
    half is first averaged to its new size, as photos are when they are served.
    """
    scale = math.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if scale < 0.5:
        height, width = rgb.shape[:2]
        small_wh = max(1, round(scale * width)), max(1, round(scale * height))
        rgb = np.asarray(cv2.resize(rgb, small_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        across, down = width / small_wh[0], height / small_wh[1]
        # OpenCV's whole numbers are the middles of pixels.
        enlarge = [[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]]
        matrix = matrix @ np.array(enlarge)
    moved = cv2.warpAffine(rgb, matrix, canvas_wh, flags=cv2.INTER_LINEAR, borderValue=(127,) * 3)
    return np.asarray(moved, dtype=np.uint8)


def _warped(mask: Mask, matrix: NDArray[np.float64], canvas_wh: tuple[int, int]) -> Mask:
    moved = cv2.warpAffine(mask.view(np.uint8), matrix, canvas_wh, flags=cv2.INTER_NEAREST)
    return np.asarray(moved, dtype=np.bool_)


def _random_map(
    size_hw: tuple[int, ...], rng: np.random.Generator, jitter: Jitter, canvas_wh: tuple[int, int]
) -> NDArray[np.float64]:
    height, width = size_hw
    fill = min(canvas_wh[0] / width, canvas_wh[1] / height)
    scale = fill * math.exp(rng.uniform(*np.log(jitter.zoom)))
    angle = math.radians(rng.uniform(-jitter.turn_degrees, jitter.turn_degrees))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    turn[:, 0] *= mirror
    # Where the picture's middle lands: anywhere that wastes no canvas.
    spare = np.abs(np.array(canvas_wh) - scale * np.array([width, height])) / 2
    middle = np.array(canvas_wh) / 2 + rng.uniform(-1, 1, 2) * spare
    shift = middle - turn @ (np.array([width, height]) / 2)
    return np.column_stack([turn, shift])


def _relit(rgb: Rgb, rng: np.random.Generator, jitter: Jitter) -> Rgb:
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + rng.uniform(-jitter.hue, jitter.hue)) % 180
    hsv[..., 1] *= 1 + rng.uniform(-jitter.saturation, jitter.saturation)
    value = hsv[..., 2]
    value = (value - value.mean()) * (
        1 + rng.uniform(-jitter.contrast, jitter.contrast)
    ) + value.mean()
    hsv[..., 2] = value * (1 + rng.uniform(-jitter.light, jitter.light))
    out = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB)
    if rng.random() < jitter.blur:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2))
    return np.asarray(out, np.uint8)


def pasted(below: Scene, above: Scene, rng: np.random.Generator) -> Scene:
    """Return a scene with some garments of another scene of its size laid over it, parts and all.

    A garment of which less than half stays in sight is forgotten. Source: Ghiasi et al., Simple
    Copy-Paste, CVPR 2021.
    """
    garments = [garment for garment in above.garments if isinstance(garment[0], Category)]
    chosen = [garment for garment in garments if rng.random() < 0.5]
    if not chosen:
        return below
    cover = np.any([mask for _, mask, _ in chosen], axis=0)
    chosen += [
        (label, mask & cover, attributes)
        for label, mask, attributes in above.garments
        if isinstance(label, Part) and np.count_nonzero(mask & cover) > 0.5 * np.count_nonzero(mask)
    ]
    # A blurred edge, so that the cut itself is no sign of a garment.
    soft = cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 1.0)[..., None]
    rgb = (soft * above.rgb + (1 - soft) * below.rgb).astype(np.uint8)
    seen = tuple(
        (label, mask & ~cover, attributes)
        for label, mask, attributes in below.garments
        if np.count_nonzero(mask & ~cover) >= 0.5 * np.count_nonzero(mask)
    )
    return Scene(rgb, (*seen, *chosen), below.unmarked)
