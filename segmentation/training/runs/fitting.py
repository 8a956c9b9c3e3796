"""What every trainer of this room shares: the optimiser, the batches and one quick arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from timm.layers.conv2d_same import Conv2dSame
from torch import Tensor, nn

from segmentation.training.runs import loop
from segmentation.training.runs.devices import loaders, moved, training_device
from segmentation.training.samples.mixture import Mixture, Sample, batches

BATCH = 4
BACKBONE_RATE, RATE, DECAY = 2e-4, 5e-4, 0.02


def train_on(
    model: nn.Module,
    mixture: Mixture,
    losses_of: Callable[[nn.Module, list[Sample]], dict[str, Tensor]],
    out: Path,
    *,
    optimiser: torch.optim.Optimizer,
    schedule: loop.Schedule,
    recipe: str,
    batch: int,
    resume: bool,
    report: loop.Report,
) -> nn.Module:
    """Train on a mixture, `batch` photos a step; return the model with its averaged weights.

    It trains where `training_device` says and comes back on the processor. Checkpoint and learning
    curve lie beside `out`. For the rest see `loop.run`.
    """
    device = training_device()
    depthwise_in_float32(model)
    model.train().to(device).to(memory_format=torch.channels_last)

    def batches_from(first: int) -> Iterator[list[Sample]]:
        made = batches(mixture, batch, first, schedule.steps, loaders(device))
        return ([moved(sample, device) for sample in samples] for samples in made)

    trained = loop.run(
        model,
        optimiser,
        batches_from,
        losses_of,
        schedule,
        checkpoint=out.with_suffix(".checkpoint.pt"),
        recipe=f"{recipe}\nbatch: {batch}",
        batch_size=batch,
        resume=resume,
        report=report,
    )
    return trained.cpu()


def optimiser_for(
    model: nn.Module,
    backbone: str = "backbone.body",
    *,
    backbone_rate: float = BACKBONE_RATE,
    rate: float = RATE,
    decay: float = DECAY,
) -> torch.optim.AdamW:
    """Return AdamW with the backbone's own rate and no decay on vectors and scalars.

    Args:
        model: parameters that are frozen are left out.
        backbone: the name that the backbone's parameters begin with.
        backbone_rate: theirs.
        rate: of all others.
        decay: of weights; biases and scalars have none.
    """
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            key = name.startswith(backbone), parameter.ndim > 1
            groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": members,
                "lr": backbone_rate if in_backbone else rate,
                "weight_decay": decay if decays else 0.0,
            }
            for (in_backbone, decays), members in sorted(groups.items())
        ]
    )


class _InFloat32(nn.Module):
    def forward(self, pixels: Tensor) -> Tensor:
        with torch.autocast(pixels.device.type, enabled=False):
            answer: Tensor = super().forward(pixels.float())
        return answer


class _Depthwise(_InFloat32, nn.Conv2d):
    pass


class _DepthwiseSame(_InFloat32, Conv2dSame):
    pass


def depthwise_in_float32(model: nn.Module) -> None:
    """Let depthwise convolutions train in float32 under autocast, in place.

    Their gradients take two to four times as long in bfloat16 (oneDNN has no kernel for them):
    measured here, a fifth of a step.
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d) and module.groups > 1:
            same = isinstance(module, Conv2dSame)
            module.__class__ = _DepthwiseSame if same else _Depthwise
