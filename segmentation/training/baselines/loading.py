"""Every model that is compared, by name: its weights -> something that segments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from segmentation.detector.maskrcnn import Detector
from segmentation.training.baselines.unet import UnetSegmenter
from segmentation.training.baselines.yolact.segmenter import YolactSegmenter
from segmentation.training.measuring.segmenter import Segmenter

Size: TypeAlias = tuple[int, int]
"""Short and long side that photos are scaled to fit, in pixels."""

LOADERS: Final[dict[str, Callable[[Path, Size | None], Segmenter]]] = {
    "maskrcnn": Detector.load,
    "unet": UnetSegmenter.load,
    "yolact": YolactSegmenter.load,
}
SIZES: Final[dict[str, tuple[Size, Size]]] = {
    "maskrcnn": ((352, 544), (448, 688)),
    "unet": ((256, 384), (352, 544)),
    "yolact": ((352, 544), (448, 688)),
}
"""The two sizes at which each is measured; one is common to all."""
