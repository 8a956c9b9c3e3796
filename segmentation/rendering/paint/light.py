"""Light on a part: its relief, how that catches a soft key light, and the colour that comes of it.

The relief is a height in units: a broad dome over the whole part, a soft turn at its edge, drawn
folds, and the cloth's own creases. Light comes from the upper left; valleys keep less of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.rendering.paint.fabrics import Fabric, weave
from segmentation.rendering.paint.noise import noise
from segmentation.rendering.paint.parts import Part
from segmentation.rendering.paint.pixels import Field, blur, floats

KEY: Final = floats([-0.40, -0.54, 0.74])
_STIFF: Final = {"skin": 0.62, "plaster": 0.62, "metal": 0.9, "glass": 0.7, "patent": 0.9, "rubber": 0.8,
                 "leather": 0.82, "hair": 0.8, "straw": 0.7, "plastic": 0.9, "lacquer": 0.9}  # fmt: skip
_EDGE: Final = 0.46
"""How far an edge turns away, against `Part.depth`: cloth less than what is solid."""
_CREASED: Final = {"cotton": 1.0, "denim": 0.8, "nylon": 1.25, "leather": 0.55, "silk": 0.75, "wool": 0.45,
                   "knit": 0.3, "jersey": 0.5}  # fmt: skip
"""How sharply a cloth creases; what is not named does not."""
_SHEEN: Final = {"silk": 10.0, "nylon": 14.0, "leather": 18.0}
"""Narrowness of the highlight; 28 where not named."""


@dataclass(frozen=True)
class Grid:
    """The points of a window of the picture, in units.

    Attributes:
        x, y: H x W float32.
        scale: pixels a unit.
    """

    x: Field
    y: Field
    scale: float

    @classmethod
    def of(
        cls,
        shape: tuple[int, int],
        corner: tuple[int, int],
        origin: tuple[float, float],
        scale: float,
    ) -> Grid:
        """Return the grid of a window: its rows and columns, its corner and (0, 0) in pixels."""
        x = (np.arange(shape[1], dtype=np.float32) + corner[0] + 0.5 - origin[0]) / scale
        y = (np.arange(shape[0], dtype=np.float32) + corner[1] + 0.5 - origin[1]) / scale
        across, down = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
        return cls(across, down, scale)


def lit(part: Part, fill: NDArray[np.uint8], folds: Field, grid: Grid) -> Field:
    """Return the lit colour of a part: H x W x 3, about 0 to 1.

    Args:
        part: what is lit.
        fill: H x W, 255 inside the part.
        folds: H x W, the height of its drawn folds in units.
        grid: where the pixels lie.
    """
    distance = floats(cv2.distanceTransform(fill, cv2.DIST_L2, 5)) / np.float32(grid.scale)
    dome, reach = _dome(fill, distance, grid.scale)
    height = _relief(part, distance, dome * np.float32(0.5 * part.depth * reach), grid) + folds
    gx = floats(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=grid.scale / 8))
    gy = floats(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=grid.scale / 8))
    steep = floats(1 / np.sqrt(1 + gx * gx + gy * gy))
    facing = (KEY[2] - KEY[0] * gx - KEY[1] * gy) * steep / KEY[2]
    facing = 1 + 0.6 * (facing - 1)
    facing *= 1 - 0.055 * np.clip(_valley(height, grid.scale), 0, 4)
    rim = 0.05 if part.fabric.material in {"skin", "plaster"} else 0.16
    facing *= 1 - rim * np.exp(-distance / 2.2) - 0.05 * np.exp(-distance / 11)
    cloth = _cloth(part, grid, gx, gy)
    if part.fabric.material == "denim":
        worn = 0.20 * np.clip(facing - 0.86, 0, 0.4) + 0.09 * np.clip(dome - 0.55, 0, 0.45)
        cloth = cloth + (1 - cloth) * worn[..., None]
    return _coloured(part.fabric, cloth, floats(facing), _highlight(part, gx, gy, steep), steep)


def _dome(fill: NDArray[np.uint8], distance: Field, scale: float) -> tuple[Field, float]:
    """Return a smooth hump over a part, 0 to 1, and the units it takes to rise."""
    reach = float(np.clip(distance.max() * 0.75, 2.0, 60.0))
    small = cv2.resize(fill, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = blur(floats(small) / np.float32(255), max(reach * scale * 0.25 * 0.8, 0.4))
    size = (fill.shape[1], fill.shape[0])
    return floats(cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC)), reach


def _relief(part: Part, distance: Field, dome: Field, grid: Grid) -> Field:
    rise = np.clip(distance / part.puff, 0, 1)
    small = float(np.clip((13 - part.puff) / 8, 0, 1))  # collars, cuffs and straps stand out
    turn = max(_STIFF.get(part.fabric.material, _EDGE), _EDGE + 0.36 * small)
    height = (1 - (1 - rise) ** 2.2) * np.float32(part.puff * part.depth * turn)
    height = blur(height, max(0.14 * part.puff * grid.scale, 0.6)) + dome
    if part.rumple:
        height += np.float32(part.rumple) * _creases(part.fabric, grid.x, grid.y)
    return floats(height)


def _creases(fabric: Fabric, x: Field, y: Field) -> Field:
    """Return the irregular relief of soft cloth, in units: swells, and ridges where it creases."""
    seed = fabric.seed
    height = 1.9 * noise(x + 0.25 * y, 0.5 * y, 0.16, seed)
    sharp = _CREASED.get(fabric.material, 0.0)
    if sharp:
        bend = noise(x, y, 0.09, seed + 5)
        ridge = noise(x + 11 * bend, 0.7 * y - 9 * bend, 0.12, seed + 11)
        where = np.clip(0.4 + 0.7 * noise(x, y, 0.06, seed + 17), 0, 1)
        height = height + np.float32(2.2 * sharp) * where * np.exp(-((ridge / 0.42) ** 2))
    return floats(height)


def _valley(height: Field, scale: float) -> Field:
    """Return how deep each point lies under what surrounds it, in units."""
    return floats(blur(height, max(4.5 * scale, 0.8)) - height)


def _cloth(part: Part, grid: Grid, gx: Field, gy: Field) -> Field:
    cos, sin = np.cos(part.grain_turn), np.sin(part.grain_turn)
    xs, ys = grid.x + 2.6 * gx, grid.y + 2.6 * gy
    u, v = floats(xs * cos + ys * sin), floats(ys * cos - xs * sin)
    return weave(part.fabric, u, v, 1 / grid.scale)


def _coloured(fabric: Fabric, cloth: Field, facing: Field, shine: Field, steep: Field) -> Field:
    """Return cloth under light: shade deepens its colour, light lifts it towards white."""
    dim = np.clip(facing, 0.3, 1.0)[..., None]
    if fabric.material == "skin":  # light goes a little way in, and comes back red
        dim = 1 - (1 - dim) * floats([0.78, 1.08, 1.18])
    colour = cloth * dim * (1 - 0.35 * (1 - dim) * (1 - cloth))
    colour += (1 - cloth) * (0.46 * np.clip(facing - 1, 0, 0.35))[..., None]
    if fabric.material in ("wool", "knit", "rib"):  # nap catches light where it turns away
        colour += (1 - cloth) * (0.10 * np.clip(1 - steep, 0, 0.5))[..., None]
    return floats(colour + shine[..., None])


def _highlight(part: Part, gx: Field, gy: Field, steep: Field) -> Field:
    half = KEY + floats([0, 0, 1])
    half /= np.linalg.norm(half)
    toward = np.clip((half[2] - half[0] * gx - half[1] * gy) * steep, 0, 1)
    narrow = _SHEEN.get(part.fabric.material, 28.0)
    base = float(half[2]) ** narrow  # what flat cloth would get: only turned cloth shines
    return floats(part.fabric.gloss * np.clip(toward**narrow - 0.45 * base, 0, 1) * 0.75)
