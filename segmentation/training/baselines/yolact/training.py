"""Train a YOLACT: `recommender train segmentation --model yolact --data DIR...`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from torch import Tensor, nn

from segmentation.training.baselines.batch import normalised
from segmentation.training.baselines.yolact import network
from segmentation.training.baselines.yolact.loss import yolact_loss
from segmentation.training.runs import loop
from segmentation.training.runs.beginning import begin_from, freeze_first_stages
from segmentation.training.runs.devices import autocast
from segmentation.training.runs.fitting import BATCH, optimiser_for, train_on
from segmentation.training.runs.sources import count, mixture_of, recipe_for, sources_of
from segmentation.training.samples.mixture import Sample


def train_yolact(
    folders: Sequence[Path],
    out: Path,
    *,
    schedule: loop.Schedule,
    spec: network.Spec = network.Spec(),  # noqa: B008  # frozen
    start_from: Path | None = None,
    batch: int = BATCH,
    resume: bool = False,
    report: loop.Report,
) -> network.Spec:
    """Train on every folder's `train` split and write the averaged weights to `out`.

    Args:
        folders: data sets in a layout that `segmentation.datasets` reads.
        out: the safetensors file; checkpoint and learning curve lie beside it.
        schedule: how long and how fast.
        spec: of the network; it is trained on a canvas of its sides.
        start_from: a detector's weights, whose backbone and pyramid to begin with instead of
            ImageNet's backbone.
        batch: photos a step.
        resume: go on from the checkpoint.
        report: receives progress lines.
    """
    sources = sources_of(folders, report)
    spec = replace(spec, photos=count(sources))
    model = network.Yolact(spec, pretrained=start_from is None)
    if start_from is not None:
        begin_from(model, start_from)
    freeze_first_stages(model)
    trained = train_on(
        model,
        mixture_of(sources, spec.categories, (spec.short_side, spec.long_side)),
        yolact_losses,
        out,
        optimiser=optimiser_for(model),
        schedule=schedule,
        recipe=recipe_for(network.ARCHITECTURE, asdict(spec), sources, start_from or "ImageNet"),
        batch=batch,
        resume=resume,
        report=report,
    )
    network.write_weights(out, trained, spec)
    return spec


def yolact_losses(model: nn.Module, batch: Sequence[Sample]) -> dict[str, Tensor]:
    """Return the four losses of one batch; all but the network itself is float32."""
    pixels = normalised(batch)
    with autocast(pixels.device):
        output: network.Output = model(pixels)
    return yolact_loss(output, [target for _, target in batch])
