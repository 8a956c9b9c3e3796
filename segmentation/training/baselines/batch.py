"""What the baselines' training steps share: the batch as one tensor, and its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from segmentation.precision import fastest_dtype
from segmentation.training.samples import Sample


def normalised(batch: Sequence[Sample]) -> Tensor:
    """Return (B, 3, H, W) pixels as the backbone takes them: (x - 127) / 128, channels last."""
    pixels = torch.stack([sample[0] for sample in batch])
    return ((pixels * 255 - 127) / 128).contiguous(memory_format=torch.channels_last)


def autocast() -> torch.autocast:
    """Return bfloat16 autocast where this machine is faster in it."""
    bf16 = fastest_dtype() is torch.bfloat16
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16)
