"""Labelled photos -> training samples: one random affine map moves picture and labels together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from segmentation.boxes import box_of
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.garments import Rgb
from segmentation.taxonomy import Category

Labels: TypeAlias = NDArray[np.uint8]
"""H x W label picture; 0 is background."""
Sample: TypeAlias = tuple[Tensor, dict[str, Tensor]]
"""(3, H, W) float pixels in 0..1 and torchvision's target: boxes, labels, masks."""

CANVAS_WH = (352, 544)
SMALLEST_PX = 24
"""A garment with fewer pixels on the canvas teaches nothing."""


@dataclass(frozen=True)
class Jitter:
    """How much a training photo is changed.

    Attributes:
        zoom: smallest and largest scale, relative to the photo filling the canvas.
        turn_degrees: largest rotation either way.
        light, contrast, saturation: largest relative change either way.
        hue: largest shift in OpenCV's half degrees.
        blur: chance of a slight blur.
    """

    zoom: tuple[float, float] = (0.8, 1.5)
    turn_degrees: float = 4.0
    light: float = 0.25
    contrast: float = 0.25
    saturation: float = 0.3
    hue: float = 5.0
    blur: float = 0.15


def read_pair(record: LabelledPhoto) -> tuple[Rgb, Labels]:
    """Return a photo and its label picture, same height and width."""
    with Image.open(record.photo_path) as photo, Image.open(record.mask_path) as labels:
        return np.asarray(photo.convert("RGB")), np.asarray(labels, dtype=np.uint8)


def jittered(
    rgb: Rgb, labels: Labels, rng: np.random.Generator, jitter: Jitter
) -> tuple[Rgb, Labels]:
    """Return picture and labels on a canvas of `CANVAS_WH`, moved alike; beyond them, grey and 0."""
    height, width = rgb.shape[:2]
    fill = min(CANVAS_WH[0] / width, CANVAS_WH[1] / height)
    scale = fill * math.exp(rng.uniform(*np.log(jitter.zoom)))
    angle = math.radians(rng.uniform(-jitter.turn_degrees, jitter.turn_degrees))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    turn[:, 0] *= mirror
    # Where the picture's middle lands: anywhere that wastes no canvas.
    spare = np.abs(np.array(CANVAS_WH) - scale * np.array([width, height])) / 2
    middle = np.array(CANVAS_WH) / 2 + rng.uniform(-1, 1, 2) * spare
    shift = middle - turn @ (np.array([width, height]) / 2)
    matrix = np.column_stack([turn, shift])
    moved = cv2.warpAffine(rgb, matrix, CANVAS_WH, flags=cv2.INTER_AREA, borderValue=(127,) * 3)
    moved_labels = cv2.warpAffine(labels, matrix, CANVAS_WH, flags=cv2.INTER_NEAREST)
    return _relit(np.asarray(moved, np.uint8), rng, jitter), np.asarray(moved_labels, np.uint8)


def _relit(rgb: Rgb, rng: np.random.Generator, jitter: Jitter) -> Rgb:
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + rng.uniform(-jitter.hue, jitter.hue)) % 180
    hsv[..., 1] *= 1 + rng.uniform(-jitter.saturation, jitter.saturation)
    value = hsv[..., 2]
    value = (value - value.mean()) * (
        1 + rng.uniform(-jitter.contrast, jitter.contrast)
    ) + value.mean()
    hsv[..., 2] = value * (1 + rng.uniform(-jitter.light, jitter.light))
    out = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB)
    if rng.random() < jitter.blur:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2))
    return np.asarray(out, np.uint8)


def to_sample(rgb: Rgb, labels: Labels, meaning: Mapping[int, int]) -> Sample:
    """Return tensors for torchvision's `MaskRCNN`.

    Args:
        rgb: the picture.
        labels: its label picture.
        meaning: label value -> class number of the network, from 1.
    """
    boxes, classes, masks = [], [], []
    for value, class_number in meaning.items():
        mask = labels == value
        box = box_of(mask)
        if box is not None and np.count_nonzero(mask) >= SMALLEST_PX:
            boxes.append(box)
            classes.append(class_number)
            masks.append(mask)
    target = {
        "boxes": torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        "labels": torch.tensor(classes, dtype=torch.int64),
        "masks": torch.from_numpy(
            np.stack(masks).astype(np.uint8) if masks else np.zeros((0, *labels.shape), np.uint8)
        ),
    }
    pixels = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1).float() / 255
    return pixels, target


def repeat_factors(photos: Sequence[LabelledPhoto], share: float) -> NDArray[np.float64]:
    """Return how often each photo is to be seen in an epoch, (N,) >= 1.

    A category that stands in a share f of the photos wants sqrt(share / f) repeats; a photo is
    repeated as often as its rarest category wants, at most four times. Source: Gupta et al.,
    LVIS, CVPR 2019, section 5.
    """
    seen: Counter[Category] = Counter()
    for photo in photos:
        seen.update(set(photo.labels.values()))
    wants = {c: math.sqrt(share * len(photos) / n) for c, n in seen.items()}
    most = [max((wants[c] for c in photo.labels.values()), default=1.0) for photo in photos]
    return np.clip(np.array(most, dtype=np.float64), 1.0, 4.0)


class Mixture(Dataset[Sample]):
    """An endless stream of samples from several sources, addressed by number.

    Sample `n` is a function of the seed and `n` alone. Sources take turns in the given
    proportions; each goes through its photos in a new order every epoch.
    """

    def __init__(
        self,
        sources: Sequence[tuple[Sequence[LabelledPhoto], int]],
        class_numbers: Mapping[Category, int],
        *,
        seed: int = 0,
        rare_share: float = 0.08,
        jitter: Jitter = Jitter(),  # frozen
    ) -> None:
        self._turns = [number for number, (_, weight) in enumerate(sources) for _ in range(weight)]
        self._photos = [photos for photos, _ in sources]
        self._class_numbers, self._seed, self._jitter = class_numbers, seed, jitter
        self._repeats = [repeat_factors(photos, rare_share) for photos, _ in sources]
        self._orders: dict[tuple[int, int], NDArray[np.int64]] = {}

    def __getitem__(self, number: int) -> Sample:
        rng = np.random.default_rng((self._seed, number))
        record = self._record(number)
        rgb, labels = jittered(*read_pair(record), rng, self._jitter)
        meaning = {value: self._class_numbers[c] for value, c in record.labels.items()}
        return to_sample(rgb, labels, meaning)

    def _record(self, number: int) -> LabelledPhoto:
        cycle, place = divmod(number, len(self._turns))
        source = self._turns[place]
        mine = [turn for turn, owner in enumerate(self._turns) if owner == source]
        nth = cycle * len(mine) + mine.index(place)
        photos = self._photos[source]
        size = int(self._repeats[source].sum())
        epoch, position = divmod(nth, size)
        order = self._order(source, epoch, size)
        return photos[int(order[position])]

    def _order(self, source: int, epoch: int, size: int) -> NDArray[np.int64]:
        key = (source, epoch)
        if key not in self._orders:
            rng = np.random.default_rng((self._seed, source, epoch))
            factors = self._repeats[source]
            counts = np.floor(factors + rng.random(len(factors))).astype(np.int64)
            drawn = np.repeat(np.arange(len(factors)), counts)
            self._orders[key] = np.resize(rng.permutation(drawn), size)
        return self._orders[key]


def batches(
    mixture: Mixture, batch_size: int, first_step: int, steps: int
) -> Iterator[list[Sample]]:
    """Yield the batches of steps `first_step` to `steps`, loaded ahead in one worker process."""
    numbers = range(first_step * batch_size, steps * batch_size)
    loader: DataLoader[Sample] = DataLoader(
        mixture,
        batch_size=batch_size,
        sampler=numbers,
        num_workers=1,
        collate_fn=_as_list,
        worker_init_fn=_one_thread,
        prefetch_factor=4,
    )
    yield from loader


def _as_list(samples: list[Sample]) -> list[Sample]:
    return samples


def _one_thread(_worker: int) -> None:
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
