"""A trained YOLACT at work: photo -> `Garments`, by the same rules as the detector's."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from segmentation.common.boxes import box_of
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.masks import drop_repeats
from segmentation.common.precision import fastest_dtype
from segmentation.common.taxonomy import Category
from segmentation.common.weight_files import unfit_refused
from segmentation.detector.detections import Detections, of_main_person, reported
from segmentation.detector.inputs import as_images, fit
from segmentation.training.baselines.yolact.fast_nms import fast_nms
from segmentation.training.baselines.yolact.loss import STRIDE
from segmentation.training.baselines.yolact.network import (
    BOXES,
    Output,
    Spec,
    Yolact,
    read_weights,
)
from segmentation.training.baselines.yolact.prototypes import assemble, inside

LEAST_SCORE: Final = 0.05
CANDIDATES: Final = 200
MOST: Final = 40
"""Detections a photo, as many as the detector's."""


@dataclass(frozen=True)
class Guesses:
    """The detections of one photo before their masks are assembled.

    Attributes:
        boxes_xyxy: (N, 4) pixels of the network's input.
        scores: (N,) falling.
        kinds: (N,) places in the spec's categories.
        coefficients: (N, k).
        prototypes: (k, h, w).
        size_hw: of the resized photo, without padding.
    """

    boxes_xyxy: Tensor
    scores: Tensor
    kinds: Tensor
    coefficients: Tensor
    prototypes: Tensor
    size_hw: tuple[int, int]


class YolactSegmenter:
    """A YOLACT ready to be measured; safe to share between threads, one photo at a time."""

    def __init__(self, model: Yolact, spec: Spec, *, dtype: torch.dtype | None = None) -> None:
        self.spec = spec
        self._dtype = dtype or fastest_dtype()
        self._model = model.eval().to(memory_format=torch.channels_last)
        self._lock = threading.Lock()
        self._categories = tuple(Category(name) for name in spec.categories)

    @classmethod
    def load(cls, path: Path, size: tuple[int, int] | None = None) -> YolactSegmenter:
        """Return the YOLACT whose weights lie at `path`, for photos of another `size` if one is given.

        Raises:
            WeightsError: there is no such file, it is damaged, or it is of another architecture.
        """
        spec, state = read_weights(path)
        short_side, long_side = size or (spec.short_side, spec.long_side)
        with unfit_refused(path):
            model = Yolact(spec, pretrained=False)
            model.load_state_dict(state)
            return cls(model, replace(spec, short_side=short_side, long_side=long_side))

    def segment(self, photo: Photo) -> Garments:
        """Return the main person's garments above the threshold, each region reported once."""
        found = self._guesses(photo)
        named = self._named(found, photo)
        numbers = of_main_person(
            named, reported(named, lambda _category: self.spec.threshold), photo.width
        )
        return drop_repeats(self._pasted(found, photo, numbers))

    def segment_all(self, photo: Photo) -> Garments:
        """Return every guess with its score, however low."""
        found = self._guesses(photo)
        return self._pasted(found, photo, range(len(found.scores)))

    def _guesses(self, photo: Photo) -> Guesses:
        images = as_images(fit(photo.rgb, self.spec.short_side, self.spec.long_side))
        with (
            self._lock,
            torch.inference_mode(),
            torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._dtype is torch.bfloat16),
        ):
            output: Output = self._model(images.tensors)
        with torch.inference_mode():
            return chosen(output, images.image_sizes[0])

    def _named(self, found: Guesses, photo: Photo) -> Detections:
        """Return the guesses in the photo's own pixels, as the rules of reporting read them."""
        height, width = found.size_hw
        scale = torch.tensor([photo.width / width, photo.height / height] * 2)
        return Detections(
            boxes_xyxy=found.boxes_xyxy * scale,
            scores=found.scores,
            labels=tuple(self._categories[kind] for kind in found.kinds.tolist()),
            mask_probabilities=torch.zeros(len(found.scores), 1, 28, 28),  # not of these masks
        )

    def _pasted(self, found: Guesses, photo: Photo, numbers: Sequence[int]) -> Garments:
        rows = list(numbers)
        if not rows:
            return Garments.empty(photo)
        garments = []
        for number, mask in zip(rows, _masks(found, rows, photo), strict=True):
            box = box_of(mask.numpy())
            if box is not None:
                category = self._categories[int(found.kinds[number])]
                score = min(1.0, float(found.scores[number]))
                garments.append(Garment(category, score, box, mask.numpy()))
        return Garments(photo.height, photo.width, tuple(garments))


def chosen(output: Output, size_hw: tuple[int, int]) -> Guesses:
    """Return the best detections of the first photo of an output, repeats of a category dropped."""
    chances = output.classes[0].softmax(dim=1)[:, 1:]
    scores, places = chances.flatten().topk(min(CANDIDATES, chances.numel()))
    places, scores = places[scores > LEAST_SCORE], scores[scores > LEAST_SCORE]
    at, kinds = places // chances.shape[1], places % chances.shape[1]
    boxes = BOXES.decode_single(output.boxes[0, at], output.anchors_xyxy[at])
    high, wide = size_hw
    boxes = torch.minimum(boxes.clamp(min=0), torch.tensor([wide, high] * 2).float())
    kept = fast_nms(boxes, scores, kinds)[:MOST]
    return Guesses(
        boxes_xyxy=boxes[kept],
        scores=scores[kept],
        kinds=kinds[kept],
        coefficients=output.coefficients[0, at[kept]],
        prototypes=output.prototypes[0],
        size_hw=size_hw,
    )


def _masks(found: Guesses, rows: list[int], photo: Photo) -> Tensor:
    """Return the (N, H, W) bool masks of some guesses, of the photo's size."""
    chances = assemble(found.prototypes, found.coefficients[rows]).sigmoid()
    high, wide = chances.shape[1:]
    chances = chances * inside(found.boxes_xyxy[rows] / STRIDE, (high, wide))
    # The network saw the photo with grey below and to the right: enlarge all, then cut that off.
    down = round(high * STRIDE * photo.height / found.size_hw[0])
    across = round(wide * STRIDE * photo.width / found.size_hw[1])
    large = functional.interpolate(chances[None], (down, across), mode="bilinear")[0]
    return large[:, : photo.height, : photo.width] > 0.5
