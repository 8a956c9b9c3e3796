"""UNet on the detector's backbone: one class for every pixel, no instances.

The network is segmentation-models-pytorch's (Ronneberger et al., 2015, with an encoder of choice);
its encoder is the EfficientNet-Lite0 of `segmentation.common.backbone`. A softmax over background and the
categories says what each pixel is; all pixels of a category are taken for one garment.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import segmentation_models_pytorch as smp
import torch
from torch import Tensor, nn
from torch.nn import functional

from segmentation.common.backbone import NAME, fold_batch_norms, imagenet_state
from segmentation.common.boxes import box_of
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.precision import fastest_dtype
from segmentation.common.taxonomy import Category
from segmentation.common.weight_files import read_tensors, unfit_refused, write_tensors
from segmentation.detector.inputs import as_images, fit

ARCHITECTURE: Final = "unet-efficientnet-lite0"


@dataclass(frozen=True)
class Spec:
    """All that must be known to rebuild a UNet from its weights.

    Attributes:
        categories: what class 1, 2, ... mean; 0 is background.
        short_side, long_side: the photo is scaled to fit both, in pixels.
        decoder: channels of the decoder's maps, at strides 16, 8, 4, 2 and 1.
        photos: how many it was trained on.
    """

    categories: tuple[str, ...] = tuple(category.value for category in Category)
    short_side: int = 256
    long_side: int = 384
    decoder: tuple[int, ...] = (128, 64, 48, 24, 16)
    photos: int = 0


def build(spec: Spec) -> nn.Module:
    """Return the network as it is served: the encoder's batch norms are folded."""
    model = unfolded(spec)
    fold_batch_norms(model.get_submodule("encoder").eval())
    return model


def unfolded(spec: Spec) -> nn.Module:
    """Return the network with random weights and the encoder's batch norms, to learn from scratch."""
    model: nn.Module = smp.Unet(
        f"tu-{NAME}",
        encoder_weights=None,  # anything else is downloaded
        decoder_channels=spec.decoder,
        classes=len(spec.categories) + 1,
    )
    return model


def from_imagenet(spec: Spec) -> nn.Module:
    """Return the network with ImageNet's weights in its encoder, batch norms folded."""
    model = unfolded(spec)
    body, given = model.get_submodule("encoder.model"), imagenet_state()
    body.load_state_dict({name: given[name] for name in body.state_dict()})
    fold_batch_norms(body.eval())
    return model


class UnetSegmenter:
    """A UNet ready to be measured; safe to share between threads, one photo at a time."""

    def __init__(self, model: nn.Module, spec: Spec, *, dtype: torch.dtype | None = None) -> None:
        self.spec = spec
        self._dtype = dtype or fastest_dtype()
        self._model = model.eval().to(memory_format=torch.channels_last)
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path, size: tuple[int, int] | None = None) -> UnetSegmenter:
        """Return the UNet whose weights lie at `path`, for photos of another `size` if one is given.

        Raises:
            WeightsError: there is no such file, it is damaged, or it is of another architecture.
        """
        spec, state = read_weights(path)
        short_side, long_side = size or (spec.short_side, spec.long_side)
        with unfit_refused(path):
            model = build(spec)
            model.load_state_dict(state)
            return cls(model, replace(spec, short_side=short_side, long_side=long_side))

    def segment(self, photo: Photo) -> Garments:
        """Return one garment for each category that any pixel is given to.

        Its score is the mean probability of its pixels.
        """
        chances = self._chances(photo)
        numbers: Tensor = chances.argmax(dim=0).unique()  # type: ignore[no-untyped-call]
        size = photo.height, photo.width
        large = functional.interpolate(chances[numbers][None], size, mode="bilinear")[0]
        winners = large.argmax(dim=0)
        found = []
        for place, number in enumerate(numbers.tolist()):
            here = winners == place
            box = box_of(here.numpy()) if number else None
            if box is not None:
                category = Category(self.spec.categories[number - 1])
                score = min(1.0, float(large[place][here].mean()))
                found.append(Garment(category, score, box, here.numpy()))
        return Garments(photo.height, photo.width, tuple(found))

    def segment_all(self, photo: Photo) -> Garments:
        """Return the same: a UNet makes no guess that it does not report."""
        return self.segment(photo)

    def _chances(self, photo: Photo) -> Tensor:
        """Return (classes, h, w) probabilities of the photo's pixels, at the network's size."""
        images = as_images(fit(photo.rgb, self.spec.short_side, self.spec.long_side))
        [(height, width)] = images.image_sizes
        with (
            self._lock,
            torch.inference_mode(),
            torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._dtype is torch.bfloat16),
        ):
            logits: Tensor = self._model(images.tensors)[0]
        return logits[:, :height, :width].float().softmax(dim=0)


def write_weights(path: Path, model: nn.Module, spec: Spec) -> None:
    """Write fp16 weights with the spec in their header."""
    write_tensors(path, model.state_dict(), ARCHITECTURE, asdict(spec))


def read_weights(path: Path) -> tuple[Spec, dict[str, Tensor]]:
    """Return the spec and float32 tensors of a weights file.

    Raises:
        WeightsError: no file, a damaged one, or one of another architecture.
    """
    given, state = read_tensors(path, ARCHITECTURE)
    with unfit_refused(path):
        lists = {key: tuple(given[key]) for key in ("categories", "decoder")}
        return Spec(**{**given, **lists}), state
