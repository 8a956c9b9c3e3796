"""What the encoder must beat: frozen ImageNet features of its own backbone, and chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import timm
import torch
from numpy.typing import NDArray

from index.training.contrastive.losses import normalised
from segmentation.common.backbone import NAME, imagenet_state
from segmentation.common.garments import Rgb

Vectors: TypeAlias = NDArray[np.float32]
"""(n, d) float32 unit rows."""


class ImageNetFeatures:
    """Pooled features of the untouched backbone: the simple thing to beat."""

    def __init__(self) -> None:
        model = timm.create_model(NAME, num_classes=0)
        wanted = model.state_dict().keys()
        state = imagenet_state()
        model.load_state_dict({name: state[name] for name in wanted})
        self._model = model.eval().to(memory_format=torch.channels_last)

    def encode_images(self, images_rgb: Sequence[Rgb]) -> Vectors:
        """Return (n, 1280) float32 unit rows."""
        rows = []
        with torch.inference_mode():
            for start in range(0, len(images_rgb), 32):
                batch = torch.from_numpy(np.stack(images_rgb[start : start + 32]))
                rows.append(self._model(normalised(batch)).float())
        return torch.nn.functional.normalize(torch.cat(rows), dim=-1).numpy()


class RandomVectors:
    """Chance: unit rows that know nothing of their pictures, new ones at every call."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def encode_images(self, images_rgb: Sequence[Rgb]) -> Vectors:
        """Return (n, 256) float32 unit rows."""
        rows = self._rng.standard_normal((len(images_rgb), 256)).astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
