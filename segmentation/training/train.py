"""Train the detector: `recommender train segmentation --data DIR...`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from segmentation import maskrcnn
from segmentation.datasets import read_folder
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.precision import fastest_dtype
from segmentation.taxonomy import Category
from segmentation.training import loop
from segmentation.training.samples import Mixture, Sample, batches

BATCH = 4
BACKBONE_RATE, RATE, DECAY = 2e-4, 5e-4, 0.02
REAL_TURNS, RENDERED_TURNS = 4, 1
"""Of five samples, four are real photos and one is rendered."""


def train_detector(
    folders: Sequence[Path],
    out: Path,
    *,
    schedule: loop.Schedule,
    resume: bool = False,
    start_from: Path | None = None,
    report: loop.Report,
) -> maskrcnn.Spec:
    """Train on every folder's `train` split and write the averaged weights to `out`.

    Args:
        folders: data sets in a layout that `segmentation.datasets` reads.
        out: the safetensors file; the checkpoint lies beside it as `.checkpoint.pt`.
        schedule: how long and how fast.
        resume: go on from the checkpoint.
        start_from: weights to begin with instead of ImageNet's.
        report: receives progress lines.
    """
    spec = maskrcnn.Spec()
    model = maskrcnn.build(spec, pretrained=start_from is None)
    if start_from is not None:
        model.load_state_dict(maskrcnn.read_weights(start_from)[1])
    freeze_first_stages(model)
    model.train().to(memory_format=torch.channels_last)
    numbers = {Category(name): place + 1 for place, name in enumerate(spec.categories)}
    mixture = Mixture(_sources(folders, report), numbers)

    def batches_from(first: int) -> Iterator[list[Sample]]:
        return batches(mixture, BATCH, first, schedule.steps)

    trained = loop.run(
        model,
        optimiser_for(model),
        batches_from,
        detector_losses,
        schedule,
        checkpoint=out.with_suffix(".checkpoint.pt"),
        resume=resume,
        report=report,
    )
    maskrcnn.write_weights(out, trained, spec)
    return spec


def _sources(
    folders: Sequence[Path], report: loop.Report
) -> list[tuple[Sequence[LabelledPhoto], int]]:
    sources: list[tuple[Sequence[LabelledPhoto], int]] = []
    for folder in folders:
        kind, photos = read_folder(folder, "train")
        report(f"{folder}: {kind}, {len(photos)} photos")
        sources.append((photos, RENDERED_TURNS if kind == "rendered" else REAL_TURNS))
    return sources


def freeze_first_stages(model: nn.Module) -> None:
    """Keep the stem and first block as ImageNet left them: edges need no retraining."""
    body: Any = model.get_submodule("backbone.body")
    for part in (body.conv_stem, body.blocks[0]):
        part.requires_grad_(False)


def optimiser_for(model: nn.Module) -> torch.optim.AdamW:
    """Return AdamW with the backbone's own rate and no decay on biases."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            key = name.startswith("backbone.body"), parameter.ndim > 1
            groups.setdefault(key, []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": members,
                "lr": BACKBONE_RATE if in_backbone else RATE,
                "weight_decay": DECAY if decays else 0.0,
            }
            for (in_backbone, decays), members in sorted(groups.items())
        ]
    )


def detector_losses(model: nn.Module, batch: list[Sample]) -> dict[str, Tensor]:
    """Return torchvision's five losses of one batch."""
    pixels = [sample[0] for sample in batch]
    targets = [sample[1] for sample in batch]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fastest_dtype() is torch.bfloat16):
        losses: dict[str, Tensor] = model(pixels, targets)
    return {name.removeprefix("loss_"): loss for name, loss in losses.items()}
