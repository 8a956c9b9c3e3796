"""The networks that `train segmentation` and `evaluate segmentation` know, by name."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from recommender.cli.terminal.options import training_tools
from recommender.cli.terminal.output import note
from recommender.errors import RequestError


class Network(StrEnum):
    """What segments: the detector that is served, or a model that it is compared with."""

    MASKRCNN = "maskrcnn"
    UNET = "unet"
    YOLACT = "yolact"


def check_start(model: Network, start_from: Path | None, from_scratch: bool) -> None:
    """Refuse a way to begin that a network does not have.

    Raises:
        RequestError: --from with a UNet, or --from-scratch with another network.
    """
    learns_from_weights = model is not Network.UNET
    if (start_from and not learns_from_weights) or (from_scratch and learns_from_weights):
        raise RequestError(
            "this model cannot begin so",
            got=f"--model {model} " + ("--from" if start_from else "--from-scratch"),
            expected="--from with maskrcnn or yolact, --from-scratch with unet",
            next_step="Leave the option out to begin with ImageNet's weights.",
        )


def trainer_of(
    model: Network, steps: int, rate: float, start_from: Path | None, from_scratch: bool
) -> Callable[..., object]:
    """Return what trains a network: called with folders, the weights file, `batch`, `resume` and `report`."""
    from segmentation.training.runs.loop import Schedule

    if model is Network.UNET:
        from segmentation.training.baselines.unet_training import train_unet

        return partial(train_unet, schedule=Schedule.short(steps, rate), from_scratch=from_scratch)
    if model is Network.YOLACT:
        from segmentation.training.baselines.yolact.training import train_yolact

        return partial(train_yolact, schedule=Schedule.short(steps, rate), start_from=start_from)
    from segmentation.training.train import train_detector

    return partial(train_detector, schedule=Schedule(steps, rate), start_from=start_from)


def figures_of(
    model: Network, weights: Path | None, folders: list[Path], split: str, sam: Path | None
) -> dict[str, Any]:
    """Return the figures of a network that is not served.

    Raises:
        RequestError: no weights are given.
        WeightsError: they are of another network, or the segment-anything checkpoint `sam` is none.
    """
    if weights is None:
        raise RequestError(
            "weights of this model are not shipped",
            got=f"--model {model} without --weights",
            expected="--weights FILE",
            next_step=f"Train it with `recommender train segmentation --model {model}`.",
        )
    with training_tools():
        from segmentation.detector.refine import Refiner
        from segmentation.training.baselines.loading import LOADERS
        from segmentation.training.measuring.evaluate import measure, photos_of

        refiner = Refiner.load(sam) if sam else None
        segmenter = LOADERS[model](weights, None)
        return measure(segmenter, photos_of(folders, split), note, refiner).figures
