"""Smooth noise that repeats: the same for the same place and seed."""

from __future__ import annotations

from functools import cache

import numpy as np

from segmentation.rendering.paint.pixels import Field, blur, sample


def noise(u: Field, v: Field, frequency: float, seed: int = 0) -> Field:
    """Return smooth noise of unit deviation; features are about 8 / `frequency` units wide."""
    x = np.mod(u * np.float32(frequency) + 37.3 * (seed % 97), 256).astype(np.float32)
    y = np.mod(v * np.float32(frequency) + 91.7 * (seed % 89), 256).astype(np.float32)
    return sample(_tile(), x, y)


@cache
def _tile() -> Field:
    raw = np.random.default_rng(7).standard_normal((256, 256)).astype(np.float32)
    wrapped = blur(np.tile(raw, (3, 3)), 3.0)[256:512, 256:512]
    return np.asarray(wrapped / wrapped.std(), dtype=np.float32)
