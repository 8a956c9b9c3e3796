"""Every model that is compared, by name: its weights -> something that segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from segmentation import maskrcnn
from segmentation.training.baselines.unet import UnetSegmenter
from segmentation.training.baselines.yolact_segmenter import YolactSegmenter
from segmentation.training.segmenter import Segmenter

Size: TypeAlias = tuple[int, int]
"""Short and long side that photos are scaled to fit, in pixels."""


def load_detector(path: Path, size: Size | None = None) -> maskrcnn.Detector:
    """Return the Mask R-CNN whose weights lie at `path`, for photos of another `size` if given.

    Raises:
        WeightsError: there is no such file, it is damaged, or it is of another architecture.
    """
    spec, state = maskrcnn.read_weights(path)
    model = maskrcnn.build(spec)
    model.load_state_dict(state)
    short_side, long_side = size or (spec.short_side, spec.long_side)
    return maskrcnn.Detector(model, replace(spec, short_side=short_side, long_side=long_side))


LOADERS: Final[dict[str, Callable[[Path, Size | None], Segmenter]]] = {
    "maskrcnn": load_detector,
    "unet": UnetSegmenter.load,
    "yolact": YolactSegmenter.load,
}
SIZES: Final[dict[str, tuple[Size, Size]]] = {
    "maskrcnn": ((352, 544), (448, 688)),
    "unet": ((256, 384), (352, 544)),
    "yolact": ((352, 544), (448, 688)),
}
"""The two sizes at which each is measured; one is common to all."""
