"""A picture as the networks take it: scaled to fit, padded, normalised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import torch
from torch import Tensor
from torchvision.models.detection.image_list import ImageList

from segmentation.common.garments import Garment, Photo, Rgb
from segmentation.detector.detections import Detections
from segmentation.engines.device import PROCESSOR, Device

Wanted: TypeAlias = Callable[[Detections, int], list[int]]
"""Chooses, by number, among the detections of a photo of a width in pixels."""


@dataclass(frozen=True, eq=False)
class Look:
    """One photo, as the network is to look at it.

    Attributes:
        photo: the photo.
        resized_rgb: the same, scaled for the network.
        wanted: chooses the detections that get masks; None for all.
    """

    photo: Photo
    resized_rgb: Rgb
    wanted: Wanted | None = None

    @property
    def scale(self) -> Tensor:
        """What (N, 4) boxes in the network's pixels are multiplied by for the photo's."""
        height, width = self.resized_rgb.shape[:2]
        return torch.tensor([self.photo.width / width, self.photo.height / height] * 2)

    def box_of(self, garment: Garment) -> Tensor:
        """Return a garment's (1, 4) box in the network's pixels."""
        return torch.tensor([garment.box_xyxy], dtype=torch.float32) / self.scale


def as_images(*pictures_rgb: Rgb, device: Device = PROCESSOR) -> ImageList:
    """Return pictures of one padded size as the network takes them, on its device."""
    sizes = [rgb.shape[:2] for rgb in pictures_rgb]
    padded = np.full((len(sizes), *padded_hw(pictures_rgb[0]), 3), 127, dtype=np.uint8)
    for canvas, rgb, (height, width) in zip(padded, pictures_rgb, sizes, strict=True):
        canvas[:height, :width] = rgb
    bytes_nchw = device.taking(torch.from_numpy(padded)).permute(0, 3, 1, 2)
    pixels = bytes_nchw.float().sub_(127).div_(128)
    return ImageList(pixels.contiguous(memory_format=torch.channels_last), sizes)


def padded_hw(rgb: Rgb) -> tuple[int, int]:
    """Return height and width with grey below and to the right, up to 32 pixels.

    >>> padded_hw(np.zeros((678, 448, 3), dtype=np.uint8))
    (704, 448)
    """
    height, width = rgb.shape[:2]
    return -(-height // 32) * 32, -(-width // 32) * 32


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
