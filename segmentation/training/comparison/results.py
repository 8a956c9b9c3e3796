"""Result files of `segmentation.training.baselines.compare`, as the page reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from segmentation.common.errors import Refusal

TITLES: Final = {
    "maskrcnn": "Mask R-CNN",
    "yolact": "YOLACT",
    "unet-imagenet": "UNet, from ImageNet",
    "unet-scratch": "UNet, from scratch",
}
"""The models of the page, in its order."""


@dataclass(frozen=True)
class Result:
    """One model measured at one size.

    Attributes:
        model: its name, a key of `TITLES`.
        size: short and long side that photos were scaled to fit, in pixels.
        figures: on the photos of `val`.
        train: `pixel_accuracy` on training photos.
        curve: precision at each `recall`, `overall` and `per_class`.
        weights: `parameters` and `megabytes`.
        training: `steps`, `minutes`, `epochs`, `final_losses` and the `points` of its curve.
        machine: what it was measured on.
        command: how.
    """

    model: str
    size: tuple[int, int]
    figures: Mapping[str, Any]
    train: Mapping[str, Any]
    curve: Mapping[str, Any]
    weights: Mapping[str, float]
    training: Mapping[str, Any]
    machine: Mapping[str, Any]
    command: str

    @property
    def title(self) -> str:
        """What the model is called."""
        return TITLES[self.model]


def read_results(folder: Path) -> list[Result]:
    """Return the results of a folder, in the page's order, smaller size first.

    Raises:
        Refusal: there are none, or a file is no result file.
    """
    results = [_read(path) for path in sorted(folder.glob("*.json"))]
    if not results:
        raise _refused("there are no result files", f"{folder} without *.json")
    order = list(TITLES)
    return sorted(results, key=lambda result: (order.index(result.model), result.size))


def by_model(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Return the results of each model, smaller size first."""
    models = dict.fromkeys(result.model for result in results)
    return {model: [each for each in results if each.model == model] for model in models}


def _read(path: Path) -> Result:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["model"] not in TITLES:
            raise ValueError(f"unknown model {given['model']!r}")
        short_side, long_side = given["size"]
        fields = ("figures", "train", "curve", "weights", "training", "machine", "command")
        return Result(
            given["model"], (short_side, long_side), **{name: given[name] for name in fields}
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(
            f"{path.name} is no result file", f"{type(error).__name__}: {error}"
        ) from error


def _refused(what: str, got: str) -> Refusal:
    return Refusal(
        what,
        got=got,
        expected="files that `segmentation.training.baselines.compare` wrote",
        next_step="Run `python -m segmentation.training.baselines.compare` first.",
    )
