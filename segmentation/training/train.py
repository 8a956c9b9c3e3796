"""Train the detector: `recommender train segmentation --data DIR...`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from timm.layers.conv2d_same import Conv2dSame
from torch import Tensor, nn

from segmentation import maskrcnn
from segmentation.datasets import read_folder
from segmentation.precision import fastest_dtype
from segmentation.taxonomy import Category, Label, Part, named
from segmentation.training import loop
from segmentation.training.samples import Mixture, Sample, Source, Vocabulary, batches

BATCH = 4
BACKBONE_RATE, RATE, DECAY = 2e-4, 5e-4, 0.02
TURNS = {"tags": 2, "products": 3, "rendered": 1}
"""Of a dozen samples, how many come from each kind of data set; of other kinds, six."""


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
    sources = sources_of(folders, report)
    spec = spec_for(sources)
    model = maskrcnn.build(spec, pretrained=start_from is None)
    if start_from is not None:
        begin_from(model, start_from)
    freeze_first_stages(model)
    depthwise_in_float32(model)
    model.train().to(memory_format=torch.channels_last)
    numbers = {named(name): place + 1 for place, name in enumerate(spec.categories)}
    mixture = Mixture(sources, Vocabulary(numbers, spec.attributes))

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
    maskrcnn.write_weights(out, trained.state_dict(), spec)
    return spec


def sources_of(folders: Sequence[Path], report: loop.Report) -> list[Source]:
    """Return the training photos of data folders, each kind with its turns and its part in pasting."""
    sources = []
    for folder in folders:
        kind, photos = read_folder(folder, "train")
        report(f"{folder}: {kind}, {len(photos)} photos")
        exact = kind not in TURNS
        sources.append(Source(photos, TURNS.get(kind, 6), exact, exact or kind == "tags"))
    return sources


def spec_for(sources: Sequence[Source]) -> maskrcnn.Spec:
    """Return the spec of a detector of all garments, and of the parts and attributes that occur."""
    parts: set[Label] = set()
    attributes: set[str] = set()
    for source in sources:
        for photo in source.photos:
            parts.update(label for label in photo.labels.values() if isinstance(label, Part))
            for names in photo.described.values():
                attributes |= names
    words = [*Category, *(part for part in Part if part in parts)]
    return maskrcnn.Spec(
        categories=tuple(word.value for word in words),
        attributes=tuple(sorted(attributes)),
        photos=sum(len(source.photos) for source in sources),
    )


def begin_from(model: nn.Module, weights: Path) -> None:
    """Load weights; parts that another vocabulary shapes differently stay as they were made."""
    given = maskrcnn.read_weights(weights)[1]
    own = model.state_dict()
    fitting = {name: t for name, t in given.items() if name in own and own[name].shape == t.shape}
    model.load_state_dict({**own, **fitting})


def freeze_first_stages(model: nn.Module) -> None:
    """Keep the stem and first two blocks as they are: edges need no retraining."""
    body: Any = model.get_submodule("backbone.body")
    for part in (body.conv_stem, body.blocks[0], body.blocks[1]):
        part.requires_grad_(False)


class _InFloat32(nn.Module):
    def forward(self, pixels: Tensor) -> Tensor:
        with torch.autocast("cpu", enabled=False):
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


def optimiser_for(
    model: nn.Module,
    backbone: str = "backbone.body",
    *,
    backbone_rate: float = BACKBONE_RATE,
    rate: float = RATE,
) -> torch.optim.AdamW:
    """Return AdamW with the backbone's own rate and no decay on biases.

    Args:
        model: parameters that are frozen are left out.
        backbone: the name that the backbone's parameters begin with.
        backbone_rate: theirs.
        rate: of all others.
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
