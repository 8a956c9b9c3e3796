"""Train the detector: `recommender train segmentation --data DIR...`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from segmentation import maskrcnn
from segmentation.datasets import read_folder
from segmentation.precision import fastest_dtype
from segmentation.taxonomy import Category, Label, Part, named
from segmentation.training import loop
from segmentation.training.fitting import depthwise_in_float32, fit, optimiser_for
from segmentation.training.samples import Mixture, Sample, Source, Vocabulary

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
    trained = fit(
        model, mixture, detector_losses, out,
        optimiser=optimiser_for(model), schedule=schedule, resume=resume, report=report,
    )  # fmt: skip
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


def detector_losses(model: nn.Module, batch: list[Sample]) -> dict[str, Tensor]:
    """Return torchvision's five losses of one batch."""
    pixels = [sample[0] for sample in batch]
    targets = [sample[1] for sample in batch]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fastest_dtype() is torch.bfloat16):
        losses: dict[str, Tensor] = model(pixels, targets)
    return {name.removeprefix("loss_"): loss for name, loss in losses.items()}
