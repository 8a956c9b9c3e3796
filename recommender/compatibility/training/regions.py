"""A picture as the 7 x 7 regions of the encoder's last feature map, as Kang et al. see a scene."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index import pretrained
from index.encoder import WEIGHTS
from index.training.losses import normalised
from segmentation.garments import Rgb
from segmentation.precision import fastest_dtype

BATCH = 32


class RegionEncoder:
    """The shipped encoder's image tower before its pooling; other encoders have no such map."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._visual: Any = (
            pretrained.load(f"local-dir:{folder}").model.eval().get_submodule("visual")
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
