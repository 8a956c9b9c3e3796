"""What is made of an outfit's pictures before a network sees them.

Crops of one photo share light, white balance, blur and grain, and a network would learn to see that
instead of style. So every crop is disturbed on its own, each time anew, in training and in the test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from index.training.examples.views import relit, view
from recommender.compatibility.ensembles import Ensemble
from segmentation.common.colours import lab_of, main_colours
from segmentation.common.cutouts import NEUTRAL, SIDE, square
from segmentation.common.garments import Rgb

DRAWS: Final = 4
"""So often is each picture disturbed."""
STRENGTH: Final = 1.0
"""Of the disturbance: light by up to 25 %, contrast 20 %, white balance 6 % a channel, turned up to 18
degrees, scaled 0.78 to 1.42, squeezed, mirrored; at times blur, noise, JPEG, a hidden corner."""
RING: Final = 0.25
"""How far around a garment's box its surroundings are read, as a share of its longer side."""
BAND_PX: Final = 8
"""How wide a garment's border is, in pixels of 224."""
STATISTICS: Final = 8


class Crops(NamedTuple):
    """The pictures of an outfit of n pieces.

    Attributes:
        pieces: 1 + `DRAWS` times n pictures, 224 x 224 x 3; the first n are as served, undisturbed.
        colours: as many times palette names, main colour first.
        scenes: `DRAWS` times n pictures of what is left beside each piece's box; none without a scene.
        around: (1 + DRAWS, n, 8) statistics of what is around each piece; zeros without a scene.
        border: (1 + DRAWS, n, 8) statistics of each piece's own border.
        shrunk: the n pictures without their border, disturbed once.
    """

    pieces: list[Rgb]
    colours: list[tuple[str, ...]]
    scenes: list[Rgb]
    around: NDArray[np.float32]
    border: NDArray[np.float32]
    shrunk: list[Rgb]


def crops_of(ensemble: Ensemble, seed: int, *, scenes: bool) -> Crops:
    """Return an outfit's pictures; a function of the seed.

    Args:
        ensemble: the outfit.
        seed: of the disturbances.
        scenes: the rectangles beside the pieces are wanted too.
    """
    rng = np.random.default_rng(seed)
    plain = [piece.rgb for piece in ensemble.pieces]
    drawn = [disturbed(rgb, rng) for _ in range(DRAWS) for rgb in plain]
    pieces = plain + drawn
    shown = [(rgb != NEUTRAL).any(axis=2) for rgb in pieces]
    rest = _rests(ensemble) if scenes and ensemble.scene is not None else []
    count = len(plain)
    border = [statistics(rgb[_band(mask)]) for rgb, mask in zip(pieces, shown, strict=True)]
    return Crops(
        pieces,
        [main_colours(rgb, mask) for rgb, mask in zip(pieces, shown, strict=True)],
        [disturbed(rgb, rng) for _ in range(DRAWS) for rgb in rest],
        _around(ensemble, rng),
        np.stack(border).reshape(1 + DRAWS, count, STATISTICS),
        [
            disturbed(_without(rgb, _band(mask)), rng)
            for rgb, mask in zip(plain, shown, strict=False)
        ],
    )


def disturbed(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Return a 224 x 224 x 3 picture moved, lit and damaged at random; neutral grey stays neutral."""
    return view(rgb, rng, strength=STRENGTH, side=SIDE)


def filled(rgb: Rgb) -> Rgb:
    """Return a cut-out stretched until its garment fills the square: its shape is told no longer.

    Args:
        rgb: 224 x 224 x 3, on neutral grey. A picture without grey around it stays as it is.
    """
    rows, columns = (np.flatnonzero((rgb != NEUTRAL).any(axis=(2, way))) for way in (1, 0))
    if not len(rows):
        return rgb
    garment = rgb[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(cv2.resize(garment, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def rectangle_beside(
    box_xyxy: Sequence[float], size_wh: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return the largest of the four rectangles beside a box (Kang et al., 2019), xyxy in pixels.

    >>> rectangle_beside((10, 20, 50, 90), (100, 100))
    (50, 0, 100, 100)
    """
    width, height = size_wh
    left, top = max(0, int(box_xyxy[0])), max(0, int(box_xyxy[1]))
    right, bottom = min(width, int(np.ceil(box_xyxy[2]))), min(height, int(np.ceil(box_xyxy[3])))
    four = (
        (0, 0, width, top),
        (0, bottom, width, height),
        (0, 0, left, height),
        (right, 0, width, height),
    )
    return max(four, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))


def statistics(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (8,): mean and spread of L, a and b, and the darkest and lightest tenth; zeros for none.

    Args:
        pixels: (n, 3) sRGB.
    """
    if len(pixels) == 0:
        return np.zeros(STATISTICS, dtype=np.float32)
    lab = lab_of(pixels)
    ends = np.percentile(lab[:, 0], (10, 90))
    return np.asarray(np.concatenate([lab.mean(0), lab.std(0), ends]) / 50, dtype=np.float32)


def _rests(ensemble: Ensemble) -> list[Rgb]:
    scene = ensemble.scene
    assert scene is not None
    size_wh = scene.shape[1], scene.shape[0]
    rests = []
    for piece in ensemble.pieces:
        left, top, right, bottom = rectangle_beside(piece.box_xyxy or (0, 0, 0, 0), size_wh)
        rests.append(square(scene[top : max(bottom, top + 1), left : max(right, left + 1)]))
    return rests


def _around(ensemble: Ensemble, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return what is left of each piece's surroundings when all pieces' boxes are taken out, blurred."""
    result = np.zeros((1 + DRAWS, len(ensemble.pieces), STATISTICS), dtype=np.float32)
    if ensemble.scene is None:
        return result
    scene = np.asarray(cv2.GaussianBlur(ensemble.scene, (0, 0), 5), dtype=np.uint8)
    free = np.ones(scene.shape[:2], dtype=bool)
    boxes = [tuple(map(int, piece.box_xyxy or (0, 0, 0, 0))) for piece in ensemble.pieces]
    for left, top, right, bottom in boxes:
        free[top:bottom, left:right] = False
    for number, (left, top, right, bottom) in enumerate(boxes):
        pad = int(RING * max(right - left, bottom - top))
        rows = slice(max(0, top - pad), bottom + pad)
        columns = slice(max(0, left - pad), right + pad)
        pixels = scene[rows, columns][free[rows, columns]][::7]
        result[0, number] = statistics(pixels)
        for draw in range(DRAWS):
            result[1 + draw, number] = statistics(_relit(pixels, rng))
    return result


def _relit(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    if len(pixels) == 0:
        return pixels
    lit = relit(pixels[None].astype(np.float32), rng, STRENGTH)[0]
    return np.asarray(np.clip(lit, 0, 255), dtype=np.uint8)


def _band(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    inner = cv2.erode(mask.astype(np.uint8), np.ones((2 * BAND_PX + 1,) * 2, np.uint8))
    return np.asarray(mask & (inner == 0))


def _without(rgb: Rgb, where: NDArray[np.bool_]) -> Rgb:
    left = rgb.copy()
    left[where] = NEUTRAL
    return left
