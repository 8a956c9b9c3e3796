"""Pictures -> cut-outs -> vectors, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.vectors import check_unit
from index.writing import Vector
from segmentation.garments import Photo, Rgb
from segmentation.taxonomy import Category

Cutter: TypeAlias = Callable[[Photo, Category], tuple[Rgb, Mapping[str, str]]]
"""Returns the garment's cut-out for the encoder, and what could be measured on it by field name
(`colour`, `second_colour`, `pattern`, `material`)."""


class ImageEncoder(Protocol):
    """The part of `index.encoder.Encoder` that indexing needs."""

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows."""
        ...


@dataclass(frozen=True)
class Workbench:
    """A cutter and an encoder."""

    cutter: Cutter
    encoder: ImageEncoder

    def vectors(self, cutouts_rgb: Sequence[Rgb]) -> list[Vector]:
        """Return a vector for each cut-out, in order; nothing is asked where there is none.

        Raises:
            WeightsError: the encoder's answer is unusable.
        """
        if not cutouts_rgb:
            return []
        answer = self.encoder.encode_images(cutouts_rgb)
        rows = check_unit(answer, len(cutouts_rgb), self.encoder.dim)
        return [Vector(row, self.encoder.fingerprint) for row in rows]
