r"""What can be changed about a detector without training it, each measured beside the shipped one.

    python -m segmentation.training.levers ../shared/data/clothing-co-parsing

Input size, proposals a photo, the score threshold. For information: nothing is chosen by `val`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import typer

from segmentation import maskrcnn
from segmentation.training.evaluate import measure, photos_of

Variant: TypeAlias = Callable[[Path], maskrcnn.Detector]


def with_spec(weights: Path, **changes: object) -> maskrcnn.Detector:
    """Return the detector of a weights file with parts of its spec changed."""
    spec, state = maskrcnn.read_weights(weights)
    model = maskrcnn.build(spec)
    model.load_state_dict(state)
    return maskrcnn.Detector(model, replace(spec, **changes))  # type: ignore[arg-type]


def with_proposals(weights: Path, count: int) -> maskrcnn.Detector:
    """Return the detector of a weights file with another number of proposals a photo."""
    spec, state = maskrcnn.read_weights(weights)
    model = maskrcnn.build(spec)
    model.load_state_dict(state)
    model.rpn._post_nms_top_n["testing"] = count  # torchvision has no other way in
    return maskrcnn.Detector(model, spec)


VARIANTS: Final[dict[str, Variant]] = {
    "as shipped": maskrcnn.Detector.load,
    "352 x 544": lambda path: with_spec(path, short_side=352, long_side=544),
    "512 x 784": lambda path: with_spec(path, short_side=512, long_side=784),
    "50 proposals": lambda path: with_proposals(path, 50),
    "threshold 0.25": lambda path: with_spec(path, thresholds={}, default_threshold=0.25),
    "threshold 0.5": lambda path: with_spec(path, thresholds={}, default_threshold=0.5),
}


def main(data: Path, weights: Path = maskrcnn.WEIGHTS) -> None:
    """Print one JSON object a variant: AP, AP50, mIoU, slot IoU and milliseconds on `val`."""
    photos = photos_of([data], "val")
    for name, made in VARIANTS.items():
        figures = measure(made(weights), photos, lambda _line: None).figures
        kept = ("ap", "ap50", "miou", "slot_iou", "ms_per_photo")
        typer.echo(json.dumps({"variant": name, **{key: figures[key] for key in kept}}))


if __name__ == "__main__":
    typer.run(main)
