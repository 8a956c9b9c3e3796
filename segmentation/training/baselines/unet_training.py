"""Train a UNet: `recommender train segmentation --model unet --data DIR...`.

The loss is the cross-entropy of all pixels plus the Dice loss of the categories that a batch shows:
most pixels are background, and by cross-entropy alone a belt would be worth nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from segmentation.common.backbone import fold_batch_norms
from segmentation.detector.heads import forgive_unmarked
from segmentation.training.baselines import unet
from segmentation.training.baselines.batch import normalised
from segmentation.training.measuring.pixels import painted
from segmentation.training.runs import loop
from segmentation.training.runs.devices import autocast
from segmentation.training.runs.fitting import BATCH, optimiser_for, train_on
from segmentation.training.runs.sources import count, mixture_of, recipe_for, sources_of
from segmentation.training.samples.mixture import Sample

RATE: Final = 3e-3
IMAGENET_RATE: Final = 1e-3
"""Of an encoder that begins with ImageNet's weights. At a third of both rates, 500 steps showed hardly
anything from background, and eight photos were learnt half as fast."""


def train_unet(
    folders: Sequence[Path],
    out: Path,
    *,
    schedule: loop.Schedule,
    spec: unet.Spec = unet.Spec(),  # noqa: B008  # frozen
    from_scratch: bool = False,
    batch: int = BATCH,
    resume: bool = False,
    report: loop.Report,
) -> unet.Spec:
    """Train on every folder's `train` split and write the averaged weights to `out`.

    Args:
        folders: data sets in a layout that `segmentation.datasets` reads.
        out: the safetensors file; checkpoint and learning curve lie beside it.
        schedule: how long and how fast.
        spec: of the network; it is trained on a canvas of its sides.
        from_scratch: begin with random weights, not with ImageNet's.
        batch: photos a step.
        resume: go on from the checkpoint.
        report: receives progress lines.
    """
    sources = sources_of(folders, report)
    spec = replace(spec, photos=count(sources))
    model = unet.unfolded(spec) if from_scratch else unet.from_imagenet(spec)
    encoder_rate = RATE if from_scratch else IMAGENET_RATE
    start = "random weights" if from_scratch else "ImageNet"
    trained = train_on(
        model,
        mixture_of(sources, spec.categories, (spec.short_side, spec.long_side)),
        unet_losses,
        out,
        optimiser=optimiser_for(model, "encoder", backbone_rate=encoder_rate, rate=RATE),
        schedule=schedule,
        recipe=recipe_for(unet.ARCHITECTURE, asdict(spec), sources, start),
        batch=batch,
        resume=resume,
        report=report,
    )
    fold_batch_norms(trained.get_submodule("encoder"))
    unet.write_weights(out, trained, spec)
    return spec


def unet_losses(model: nn.Module, batch: Sequence[Sample]) -> dict[str, Tensor]:
    """Return the cross-entropy of all pixels and the Dice loss of every second one either way.

    What the photo has no label for is background, except that categories known to be worn unmarked
    may be learned there.
    """
    pixels = normalised(batch)
    with autocast(pixels.device):
        logits: Tensor = model(pixels)
    truth = torch.stack([class_numbers(sample[1]) for sample in batch])
    rows = _rows(logits)
    if any("unmarked" in target for _, target in batch):
        flat = list(truth.flatten(start_dim=1))
        rows = forgive_unmarked(rows, flat, [target for _, target in batch])
    every_second = _rows(logits[:, :, ::2, ::2]).softmax(dim=1)
    return {
        "pixels": functional.cross_entropy(rows, truth.flatten()),
        "dice": dice_loss(every_second, truth[:, ::2, ::2].flatten()),
    }


def _rows(logits: Tensor) -> Tensor:
    """Return (B, C, H, W) as (B * H * W, C) in float32."""
    return logits.permute(0, 2, 3, 1).flatten(end_dim=2).float()


def class_numbers(target: dict[str, Tensor]) -> Tensor:
    """Return the (H, W) class number of each pixel of a training sample."""
    masks = target["masks"].numpy().astype(bool)
    picture = painted(zip(target["labels"].tolist(), masks, strict=True), masks.shape[1:])
    return torch.from_numpy(picture).long()


def dice_loss(chances: Tensor, truth: Tensor) -> Tensor:
    """Return one minus the mean Dice coefficient of the classes that occur.

    Source: Milletari et al., V-Net, 2016.

    Args:
        chances: (P, C) probabilities.
        truth: (P,) class numbers.

    >>> dice_loss(torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([0, 1])).item()
    0.0
    >>> dice_loss(torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([1, 1])).item()
    1.0
    """
    true = functional.one_hot(truth, chances.shape[1]).to(chances.dtype)
    both, either = (chances * true).sum(dim=0), chances.sum(dim=0) + true.sum(dim=0)
    occurs = true.sum(dim=0) > 0
    return 1 - (2 * both[occurs] / either[occurs]).mean()
