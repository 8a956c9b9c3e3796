"""An encoder that takes pictures of several requests through the network at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Rgb
from segmentation.engines.joining import LINGER_S, MOST, Joined

if TYPE_CHECKING:  # its module loads torch
    from index.encoders.encoder import Encoder


class SharedBatches:
    """Joins what several threads ask of an encoder; see `Joined`.

    Words go straight through: they are few, and an encoder takes them quickly.
    """

    def __init__(self, encoder: Encoder, *, most: int = MOST, linger_s: float = LINGER_S) -> None:
        """Take the encoder, the pictures of one batch, and how long one waits for company."""
        self._encoder = encoder
        self._joined = Joined(encoder.encode_images, most=most, linger_s=linger_s)

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing; vectors of two fingerprints do not mix."""
        return self._encoder.fingerprint

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    @property
    def batch(self) -> int:
        """Pictures that go through the network at once."""
        return self._encoder.batch

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""
        return self._encoder.encode_texts(texts)

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order.

        What the encoder raises over these pictures is raised here and to nobody else.
        """
        if not images_rgb:
            return np.zeros((0, self.dim), dtype=np.float32)
        return self._joined.ask(images_rgb)
