"""Train the detector: `recommender train segmentation --data DIR...`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from torch import Tensor, nn

from segmentation.common.taxonomy import Category, Label, Part
from segmentation.detector.network import ARCHITECTURE, Spec, build, write_weights
from segmentation.training.runs import loop
from segmentation.training.runs.beginning import begin_from, freeze_first_stages
from segmentation.training.runs.devices import autocast
from segmentation.training.runs.fitting import BATCH, optimiser_for, train_on
from segmentation.training.runs.sources import count, mixture_of, recipe_for, sources_of
from segmentation.training.samples.mixture import MixtureSource, Sample


def train_detector(
    folders: Sequence[Path],
    out: Path,
    *,
    schedule: loop.Schedule,
    batch: int = BATCH,
    resume: bool = False,
    start_from: Path | None = None,
    report: loop.Report,
) -> Spec:
    """Train on every folder's `train` split and write the averaged weights to `out`.

    Args:
        folders: data sets in a layout that `segmentation.datasets` reads.
        out: the safetensors file; the checkpoint lies beside it as `.checkpoint.pt`.
        schedule: how long and how fast.
        batch: photos a step.
        resume: go on from the checkpoint.
        start_from: weights to begin with instead of ImageNet's.
        report: receives progress lines.

    Raises:
        DatasetError: a folder is no data set, has no training photo, or one is damaged.
        WeightsError: weights or checkpoint cannot be used.
    """
    sources = sources_of(folders, report)
    spec = spec_for(sources)
    model = build(spec, pretrained=start_from is None)
    if start_from is not None:
        begin_from(model, start_from, spec)
    freeze_first_stages(model)
    canvas_wh = spec.short_side, spec.long_side
    trained = train_on(
        model,
        mixture_of(sources, spec.categories, canvas_wh, spec.attributes),
        detector_losses,
        out,
        optimiser=optimiser_for(model),
        schedule=schedule,
        recipe=recipe_for(ARCHITECTURE, asdict(spec), sources, start_from or "ImageNet"),
        batch=batch,
        resume=resume,
        report=report,
    )
    write_weights(out, trained.state_dict(), spec)
    return spec


def spec_for(sources: Sequence[MixtureSource]) -> Spec:
    """Return the spec of a detector of all garments, and of the parts and attributes that occur."""
    parts: set[Label] = set()
    attributes: set[str] = set()
    for source in sources:
        for photo in source.photos:
            parts.update(label for label in photo.labels.values() if isinstance(label, Part))
            for names in photo.described.values():
                attributes |= names
    words = [*Category, *(part for part in Part if part in parts)]
    return Spec(
        categories=tuple(word.value for word in words),
        attributes=tuple(sorted(attributes)),
        photos=count(sources),
    )


def detector_losses(model: nn.Module, batch: list[Sample]) -> dict[str, Tensor]:
    """Return torchvision's five losses of one batch."""
    pixels = [sample[0] for sample in batch]
    targets = [sample[1] for sample in batch]
    with autocast(pixels[0].device):
        losses: dict[str, Tensor] = model(pixels, targets)
    return {name.removeprefix("loss_"): loss for name, loss in losses.items()}
