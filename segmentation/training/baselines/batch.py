"""What the baselines' training steps share: the batch as one tensor."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from segmentation.training.samples.mixture import Sample


def normalised(batch: Sequence[Sample]) -> Tensor:
    """Return (B, 3, H, W) pixels as the backbone takes them: (x - 127) / 128, channels last."""
    pixels = torch.stack([sample[0] for sample in batch])
    return ((pixels * 255 - 127) / 128).contiguous(memory_format=torch.channels_last)
