"""Pictures and words -> unit vectors in one space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from segmentation.garments import Rgb


class Encoder(Protocol):
    """What turns cut-outs and words into vectors.

    Attributes:
        fingerprint: identifies weights and preprocessing; vectors of two fingerprints do not mix.
        dim: length of a vector.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def dim(self) -> int: ...

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""
        ...
