"""Pictures and words -> unit vectors in one space, through any model that open_clip loads."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from segmentation.backbone import fold_batch_norms
from segmentation.errors import WeightsError
from segmentation.garments import Rgb
from segmentation.precision import fastest_dtype

T = TypeVar("T")

WEIGHTS: Final = Path(__file__).parent / "weights"
"""The shipped encoder, an open_clip `local-dir:`."""


class Encoder(Protocol):
    """What turns cut-outs and words into vectors."""

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing; vectors of two fingerprints do not mix."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""


class OpenClipEncoder:
    """An open_clip model ready to serve; safe to share between threads."""

    def __init__(self, name: str, *, batch: int = 32) -> None:
        """Load a model.

        Args:
            name: an open_clip name, `hf-hub:` or `local-dir:`; weights must be on this machine
                or within reach.
            batch: pictures that go through the network at once.

        Raises:
            WeightsError: the model cannot be built or its weights cannot be read.
        """
        try:
            model, _, preprocess = open_clip.create_model_and_transforms(name)
            self._tokenize = open_clip.get_tokenizer(name)
        except Exception as error:  # open_clip raises whatever its many loaders raise
            raise WeightsError(
                "the encoder cannot be loaded",
                got=f"{name}: {error}",
                expected="an open_clip model whose weights are on this machine",
                next_step="Set RECOMMENDER_ENCODER to a folder that holds open_clip_config.json "
                "and open_clip_model.safetensors.",
            ) from error
        self.fingerprint = fingerprint_of(model)
        self._preprocess, self._batch, self._lock = preprocess, batch, threading.Lock()
        self._model: Any = _for_serving(model)
        self.dim = int(self.encode_texts(["a garment"]).shape[1])

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> OpenClipEncoder:
        """Return the encoder in a `local-dir:` folder, the shipped one by default."""
        return cls(f"local-dir:{folder}")

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order."""
        batches = (
            torch.stack([self._preprocess(Image.fromarray(rgb)) for rgb in chunk]).contiguous(
                memory_format=torch.channels_last
            )
            for chunk in self._chunks(images_rgb)
        )
        return self._encode(batches, self._model.encode_image, bf16=True)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""
        batches = (self._tokenize(list(chunk)) for chunk in self._chunks(texts))
        return self._encode(batches, self._model.encode_text, bf16=False)

    def _chunks(self, inputs: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(inputs), self._batch):
            yield inputs[start : start + self._batch]

    def _encode(
        self, batches: Iterator[Tensor], encode: Callable[[Tensor], Tensor], *, bf16: bool
    ) -> NDArray[np.float32]:
        enabled = bf16 and fastest_dtype() is torch.bfloat16
        rows = []
        for batch in batches:
            with (
                self._lock,
                torch.inference_mode(),
                torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled),
            ):
                rows.append(encode(batch).float())
        if not rows:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = torch.nn.functional.normalize(torch.cat(rows), dim=-1)
        return vectors.numpy().astype(np.float32, copy=False)


def _for_serving(model: nn.Module) -> nn.Module:
    model.eval().requires_grad_(False)
    visual = model.get_submodule("visual")
    fold_batch_norms(visual)
    visual.to(memory_format=torch.channels_last)
    return model


def fingerprint_of(model: nn.Module) -> str:
    """Return 16 hex digits over the weights and the preprocessing."""
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.contiguous().float().numpy().tobytes())
    visual = model.get_submodule("visual")
    preprocess = getattr(visual, "preprocess_cfg", {})
    digest.update(json.dumps(preprocess, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16]
