"""Hand-written stand-ins for models: fast, deterministic, and they count what they are asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.encoders.relevance import Curve, Relevance
from index.model.items import Pictures
from segmentation.common.garments import Photo, Rgb
from segmentation.common.taxonomy import Category

_ALL = Curve(of_kind=0.0, cosine=0.0, intercept=0.0, least=0.0)
EVERYTHING = Relevance(picture=_ALL, words=_ALL)
"""Whatever passes is relevant: vectors that follow from skus mean nothing."""


@dataclass
class FakeEncoder:
    """Sees nothing but the mean colour, so that pictures of one colour lie close together.

    Attributes:
        said: texts that lie where pictures of a colour lie; the others lie anywhere.
        batch: how many pictures it says go through its network at once.
        pictures: how many pictures it was given so far.
        calls: how many batches.
    """

    fingerprint: str = "fake-1"
    dim: int = 8
    said: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    batch: int = 32
    pictures: int = field(default=0, init=False)
    calls: int = field(default=0, init=False)

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows."""
        self.calls += 1
        self.pictures += len(images_rgb)
        return self._unit([image.reshape(-1, 3).mean(axis=0) for image in images_rgb])

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; a text lies where its letters happen to send it."""
        digests = {text: hashlib.sha256(text.encode()).digest()[:3] for text in texts}
        anywhere = {text: np.frombuffer(entry, np.uint8) for text, entry in digests.items()}
        return self._unit([np.asarray(self.said.get(text, anywhere[text])) for text in texts])

    def _unit(self, colours: Sequence[NDArray[np.generic]]) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(self.fingerprint.encode()).digest()[:4], "big")
        turn = np.random.default_rng(seed).normal(size=(4, self.dim))
        rows = np.asarray([[*np.asarray(c, float) / 127.5 - 1, 0.5] for c in colours]) @ turn
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@dataclass
class FakeCutter:
    """Cuts nothing away; measures what it is told to."""

    measured: Mapping[str, str] = field(default_factory=dict)
    calls: int = field(default=0, init=False)

    def __call__(
        self,
        photo: Photo,
        category: Category | None,
        pictures: Pictures = Pictures.AUTO,
    ) -> tuple[Rgb, Mapping[str, str]]:
        """Return the whole photo, and `measured`."""
        self.calls += 1
        return photo.rgb, self.measured
