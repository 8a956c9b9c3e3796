"""A picture as the networks take it: scaled to fit, padded, normalised."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torchvision.models.detection.image_list import ImageList

from segmentation.common.garments import Rgb


def as_images(rgb: Rgb) -> ImageList:
    """Return the picture as the network takes it, grey below and to the right up to 32 pixels."""
    height, width = rgb.shape[:2]
    padded = np.full((-(-height // 32) * 32, -(-width // 32) * 32, 3), 127, dtype=np.uint8)
    padded[:height, :width] = rgb
    pixels = torch.from_numpy(padded).permute(2, 0, 1)[None].float().sub_(127).div_(128)
    return ImageList(pixels.contiguous(memory_format=torch.channels_last), [(height, width)])


def fit(rgb: Rgb, short_side: int, long_side: int) -> Rgb:
    """Return the picture scaled so that both of its sides fit, smaller ones enlarged.

    >>> fit(np.zeros((832, 550, 3), dtype=np.uint8), 448, 688).shape
    (678, 448, 3)
    """
    height, width = rgb.shape[:2]
    scale = min(short_side / min(height, width), long_side / max(height, width))
    size_wh = max(8, round(width * scale)), max(8, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, size_wh, interpolation=how), dtype=np.uint8)
