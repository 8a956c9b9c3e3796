"""Small typed steps on pictures: OpenCV's own types are looser than this package's."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Field: TypeAlias = NDArray[np.float32]
"""float32, of the shape that its owner names."""
Picture: TypeAlias = NDArray[np.float32] | NDArray[np.uint8]


def floats(values: ArrayLike) -> Field:
    """Return values as float32."""
    return np.asarray(values, dtype=np.float32)


def blur(picture: Picture, sigma: float) -> Field:
    """Return a Gaussian blur, `sigma` in pixels, as float32."""
    return floats(cv2.GaussianBlur(picture, (0, 0), sigma))


def shifted(picture: Picture, dx: float, dy: float) -> Field:
    """Return a picture moved by a fraction of pixels, black coming in."""
    move = np.array([[1, 0, dx], [0, 1, dy]], dtype=np.float32)
    return floats(cv2.warpAffine(picture, move, (picture.shape[1], picture.shape[0])))


def sample(tile: Field, x: Field, y: Field) -> Field:
    """Return a tile's values at x, y, wrapped round and interpolated."""
    return floats(cv2.remap(tile, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP))
