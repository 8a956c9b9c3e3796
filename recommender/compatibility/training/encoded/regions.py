"""A picture as the 7 x 7 regions of the encoder's last feature map, as Kang et al. see a scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index.encoders import pretrained
from index.training.contrastive.losses import normalised
from segmentation.common.errors import WeightsError
from segmentation.common.garments import Rgb
from segmentation.common.precision import fastest_dtype

BATCH = 32


class RegionEncoder:
    """An encoder's image tower before its pooling."""

    def __init__(self, name: str) -> None:
        """Load an encoder whose image tower is one of timm's, as the shipped one's is.

        Raises:
            WeightsError: it is another one, or cannot be loaded.
        """
        self._visual: Any = pretrained.load(name).model.eval().get_submodule("visual")
        if not hasattr(self._visual, "trunk"):
            raise WeightsError(
                "this encoder has no map of regions",
                got=name,
                expected="an image tower of timm's, such as the shipped encoder's",
                next_step="Unset RECOMMENDER_ENCODER to compare models with the shipped one.",
            )
        self._visual.to(memory_format=torch.channels_last)

    def encode(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float16]:
        """Return (n, 49, d) float16: each region in the space of the encoder's vectors, not normalised.

        Args:
            images_rgb: n pictures, 224 x 224 x 3.
        """
        rows = []
        bf16 = fastest_dtype() is torch.bfloat16
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            for start in range(0, len(images_rgb), BATCH):
                pixels = normalised(torch.from_numpy(np.stack(images_rgb[start : start + BATCH])))
                maps = self._visual.trunk.forward_features(pixels)
                rows.append(self._visual.head(maps.flatten(2).transpose(1, 2)).float().numpy())
        return np.concatenate(rows).astype(np.float16)
