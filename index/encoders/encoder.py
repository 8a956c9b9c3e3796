"""Pictures and words -> unit vectors in one space, through any model that open_clip loads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from open_clip.timm_model import TimmModel
from PIL import Image
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from index.encoders import pretrained
from index.encoders.compiled import CompiledTower, tower
from index.encoders.fingerprints import fingerprint_of
from segmentation.common.backbone import fold_batch_norms
from segmentation.common.garments import Rgb
from segmentation.engines.choice import Engine
from segmentation.engines.device import CPU, Device, device_of
from segmentation.engines.graph import GraphUnfit

T = TypeVar("T")
log = logging.getLogger(__name__)

WEIGHTS: Final = Path(__file__).parents[1] / "weights"
"""The shipped encoder, an open_clip `local-dir:`."""


class Encoder(Protocol):
    """What turns cut-outs and words into vectors."""

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing; vectors of two fingerprints do not mix."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def batch(self) -> int:
        """Pictures that go through the network at once."""

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""


class OpenClipEncoder:
    """An open_clip model ready to serve; safe to share between threads.

    Attributes:
        fingerprint, dim, batch: see `Encoder`.
    """

    def __init__(
        self,
        name: str,
        *,
        batch: int | None = None,
        dtype: torch.dtype | None = None,
        engine: Engine = Engine.AUTO,
    ) -> None:
        """Load a model.

        Args:
            name: a folder, or any name that `index.encoders.encoder_names` knows; its weights must be on this
                machine.
            batch: pictures that go through the network at once; what suits its device where not given.
            dtype: of torch's arithmetic on pictures, on the processor; without it, the `engine` decides.
            engine: what takes pictures through the network; `AUTO` takes a GPU where there is one.

        Raises:
            WeightsError: there is no such model, or its weights cannot be read.
            DeviceError: it is to run where it cannot.
        """
        found = pretrained.load(name)
        self.fingerprint = fingerprint_of(found.model, found.tokenize, found.config)
        self._tokenize, self._preprocess = found.tokenize, found.preprocess
        self._device = Device(CPU, dtype) if dtype else device_of(engine)
        self.batch = batch or self._device.batch
        self._lock, self._words = threading.Lock(), threading.Lock()
        self._model: Any = self._device.holding(_for_serving(found.model))
        self._tower = (
            _compiled(found.model.get_submodule("visual"), engine) if dtype is None else None
        )
        self.logit_scale = _logit_scale(found.model)
        self.dim = int(self.encode_texts(["a garment"]).shape[1])

    @classmethod
    def load(cls, folder: Path = WEIGHTS, *, dtype: torch.dtype | None = None) -> OpenClipEncoder:
        """Return the encoder in a `local-dir:` folder, the shipped one by default."""
        return cls(f"local-dir:{folder}", dtype=dtype)

    @property
    def engine(self) -> Engine:
        """What takes pictures through the network."""
        return Engine.INT8 if self._tower is not None else self._device.engine

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order."""
        batches = (
            torch.stack([self._preprocess(Image.fromarray(rgb)) for rgb in chunk])
            for chunk in self._chunks(images_rgb)
        )
        return self._unit(batches, self._look, self._lock)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""
        batches = (self._tokenize(list(chunk)) for chunk in self._chunks(texts))
        return self._unit(batches, self._model.encode_text, self._words)

    def _look(self, pictures: Tensor) -> Tensor:
        """Return (n, dim) rows for (n, 3, side, side) pictures."""
        if self._tower is not None:
            return self._tower(pictures)
        with self._device.autocast():
            rows: Tensor = self._model.encode_image(
                pictures.contiguous(memory_format=torch.channels_last)
            )
        return rows.float()

    def _chunks(self, inputs: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(inputs), self.batch):
            yield inputs[start : start + self.batch]

    def _unit(
        self, batches: Iterator[Tensor], encode: Callable[[Tensor], Tensor], lock: threading.Lock
    ) -> NDArray[np.float32]:
        """Return unit rows, one batch at a time; words do not wait for pictures."""
        rows = []
        for batch in batches:
            with lock, torch.inference_mode():
                rows.append(encode(self._device.taking(batch)))
        if not rows:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = torch.nn.functional.normalize(torch.cat(rows), dim=-1)
        return vectors.cpu().numpy().astype(np.float32, copy=False)


def _logit_scale(model: nn.Module) -> float:
    """Return what a model multiplies cosines by before its softmax; CLIP's usual 100 without one."""
    scale = getattr(model, "logit_scale", None)
    return float(scale.detach().exp()) if isinstance(scale, Tensor) else 100.0


def _for_serving(model: nn.Module) -> nn.Module:
    model.eval().requires_grad_(False)
    visual = model.get_submodule("visual")
    if isinstance(getattr(visual, "trunk", None), EfficientNet):
        fold_batch_norms(visual)  # elsewhere a norm may stand before its convolution
    visual.to(memory_format=torch.channels_last)
    return model


def _compiled(visual: nn.Module, engine: Engine) -> CompiledTower | None:
    """Return the image tower compiled where that is set; None where torch serves.

    It is not chosen by itself yet: see docs/performance.md.
    """
    if engine is not Engine.INT8 or not (
        isinstance(visual, TimmModel) and isinstance(visual.trunk, EfficientNet)
    ):
        return None
    try:
        return tower(visual, visual.image_size[0], engine)
    except GraphUnfit as reason:
        log.info("the encoder runs in torch: %s", reason)
        return None
