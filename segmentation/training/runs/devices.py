"""Where a network trains: on a CUDA device where there is one, else on the processor."""

from __future__ import annotations

import os

import torch

from segmentation.common.precision import fastest_dtype
from segmentation.training.samples.mixture import Sample


def training_device() -> torch.device:
    """Return the first CUDA device, set to compute as fast as training allows, or the processor."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    torch.backends.cudnn.benchmark = True  # every batch has the same size
    torch.set_float32_matmul_precision("high")
    return torch.device("cuda")


def loaders(device: torch.device) -> int:
    """Return how many processes make samples: one beside a processor that trains, else all cores but one."""
    return 1 if device.type == "cpu" else max(1, (os.cpu_count() or 2) - 1)


def moved(sample: Sample, device: torch.device) -> Sample:
    """Return a sample on a device."""
    pixels, target = sample
    return pixels.to(device), {name: tensor.to(device) for name, tensor in target.items()}


def autocast(device: torch.device) -> torch.autocast:
    """Return bfloat16 autocast on a device where it is faster in it."""
    bf16 = device.type != "cpu" or fastest_dtype() is torch.bfloat16
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16)
