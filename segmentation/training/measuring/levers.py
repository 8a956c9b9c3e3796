r"""What can be changed about a detector without training it, each measured beside the shipped one.

    python -m segmentation.training.measuring.levers ../shared/data/clothing-co-parsing

Input size, proposals a photo, the score threshold. For information: nothing is chosen by `val`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import typer

from segmentation.common.commands import run
from segmentation.detector import maskrcnn
from segmentation.training.measuring.evaluate import measure, photos_of

Variant: TypeAlias = Callable[[Path], maskrcnn.Detector]


def with_threshold(weights: Path, threshold: float) -> maskrcnn.Detector:
    """Return the detector of a weights file with one threshold for all categories."""
    detector = maskrcnn.Detector.load(weights)
    detector.spec = replace(detector.spec, thresholds={}, default_threshold=threshold)
    return detector


def with_proposals(weights: Path, count: int) -> maskrcnn.Detector:
    """Return the detector of a weights file with another number of proposals a photo."""
    detector = maskrcnn.Detector.load(weights)
    detector._model.rpn._post_nms_top_n["testing"] = count  # torchvision has no other way in
    return detector


VARIANTS: Final[dict[str, Variant]] = {
    "as shipped": maskrcnn.Detector.load,
    "352 x 544": lambda path: maskrcnn.Detector.load(path, (352, 544)),
    "512 x 784": lambda path: maskrcnn.Detector.load(path, (512, 784)),
    "50 proposals": lambda path: with_proposals(path, 50),
    "threshold 0.25": lambda path: with_threshold(path, 0.25),
    "threshold 0.5": lambda path: with_threshold(path, 0.5),
}


def main(data: Path, weights: Path = maskrcnn.WEIGHTS) -> None:
    """Print one JSON object a variant: AP, AP50, mIoU, slot IoU and milliseconds on `val`."""
    photos = photos_of([data], "val")
    for name, made in VARIANTS.items():
        figures = measure(made(weights), photos, lambda _line: None).figures
        kept = ("ap", "ap50", "miou", "slot_iou", "ms_per_photo")
        typer.echo(json.dumps({"variant": name, **{key: figures[key] for key in kept}}))


if __name__ == "__main__":
    run(main)
