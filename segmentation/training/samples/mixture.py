"""Labelled photos -> training samples: an endless, repeatable mixture of data sets."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from segmentation.common.boxes import box_of
from segmentation.common.taxonomy import Label
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.training.samples.adorning import ADORNS, adorned, behind_a_phone
from segmentation.training.samples.scenes import (
    CANVAS_WH,
    USUAL,
    Jitter,
    Scene,
    jittered,
    pasted,
    read_scene,
)
from segmentation.training.samples.workers import loaded_ahead

Sample: TypeAlias = tuple[Tensor, dict[str, Tensor]]
"""(3, H, W) float pixels in 0..1 and the target that `segmentation.detector.heads` describes."""

SMALLEST_PX = 24
"""A garment with fewer pixels on the canvas teaches nothing."""
RARE_SHARE = 0.08
"""Garments in a smaller share of the photos are repeated."""


@dataclass(frozen=True)
class Vocabulary:
    """What the network's outputs mean.

    Attributes:
        class_numbers: label -> class number, from 1; labels that it lacks are background.
        attributes: names of the attributes, in the order of the network's outputs.
    """

    class_numbers: Mapping[Label, int]
    attributes: tuple[str, ...] = ()


def to_sample(scene: Scene, vocabulary: Vocabulary) -> Sample:
    """Return tensors for the detector."""
    boxes, classes, masks, attributes = [], [], [], []
    for label, mask, names in scene.garments:
        box = box_of(mask)
        known = label in vocabulary.class_numbers
        if known and box is not None and np.count_nonzero(mask) >= SMALLEST_PX:
            boxes.append(box)
            classes.append(vocabulary.class_numbers[label])
            masks.append(mask)
            attributes.append(_attribute_row(names, vocabulary.attributes))
    height, width = scene.rgb.shape[:2]
    target = {
        "boxes": torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        "labels": torch.tensor(classes, dtype=torch.int64),
        "masks": torch.from_numpy(
            np.stack(masks).view(np.uint8) if masks else np.zeros((0, height, width), np.uint8)
        ),
    }
    if vocabulary.attributes:
        rows = np.stack(attributes) if attributes else np.zeros((0, len(vocabulary.attributes)))
        target["attributes"] = torch.from_numpy(rows.astype(np.float32))
    unmarked = [n for label, n in vocabulary.class_numbers.items() if label in scene.unmarked]
    if unmarked:
        target["unmarked"] = torch.tensor(unmarked, dtype=torch.int64)
    pixels = torch.from_numpy(np.ascontiguousarray(scene.rgb)).permute(2, 0, 1).float() / 255
    return pixels, target


def _attribute_row(names: frozenset[str] | None, known: Sequence[str]) -> NDArray[np.float32]:
    if names is None:
        return np.full(len(known), np.nan, dtype=np.float32)
    return np.array([name in names for name in known], dtype=np.float32)


def repeat_factors(photos: Sequence[LabelledPhoto], share: float) -> NDArray[np.float64]:
    """Return how often each photo is to be seen in an epoch, (N,) >= 1.

    A category that stands in a share f of the photos wants sqrt(share / f) repeats; a photo is
    repeated as often as its rarest category wants, at most four times. MixtureSource: Gupta et al.,
    LVIS, CVPR 2019, section 5.
    """
    seen: Counter[Label] = Counter()
    for photo in photos:
        seen.update(set(photo.labels.values()))
    wants = {label: math.sqrt(share * len(photos) / n) for label, n in seen.items()}
    most = [max((wants[c] for c in photo.labels.values()), default=1.0) for photo in photos]
    return np.clip(np.array(most, dtype=np.float64), 1.0, 4.0)


@dataclass(frozen=True)
class MixtureSource:
    """One data set of a mixture.

    Attributes:
        photos: its training photos.
        turns: how many samples of each cycle come from it.
        lends: whether its garments may be pasted into other photos: its masks are exact.
        borrows: whether garments may be pasted into its photos: they show people.
        kind: of data set, as `read_folder` calls it.
        adorns: whether its accessories lie alone and may be laid over people.
    """

    photos: Sequence[LabelledPhoto]
    turns: int = 1
    lends: bool = False
    borrows: bool = False
    kind: str = ""
    adorns: bool = False
    repeats: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "repeats", repeat_factors(self.photos, RARE_SHARE))


class Mixture(Dataset[Sample]):
    """An endless stream of samples from several sources, addressed by number.

    Sample `n` is a function of the seed and `n` alone. Sources take turns in the given
    proportions; each goes through its photos in a new order every epoch.
    """

    def __init__(
        self,
        sources: Sequence[MixtureSource],
        vocabulary: Vocabulary,
        *,
        seed: int = 0,
        jitter: Jitter = USUAL,
        canvas_wh: tuple[int, int] = CANVAS_WH,
    ) -> None:
        self._sources, self._vocabulary, self._seed = sources, vocabulary, seed
        self._jitter, self._canvas_wh = jitter, canvas_wh
        self._turns = [n for n, source in enumerate(sources) for _ in range(source.turns)]
        self._lenders = [photo for source in sources if source.lends for photo in source.photos]
        self._shop = [
            photo
            for source in sources
            if source.adorns
            for photo in source.photos
            if ADORNS.issuperset(photo.labels.values())
        ]
        self._orders: dict[tuple[int, int], NDArray[np.int64]] = {}

    def __getitem__(self, number: int) -> Sample:
        rng = np.random.default_rng((self._seed, number))
        source, record = self._drawn(number)
        scene = self._moved(record, rng)
        if source.borrows and self._lenders and rng.random() < self._jitter.paste:
            lender = self._lenders[int(rng.integers(len(self._lenders)))]
            scene = pasted(scene, self._moved(lender, rng), rng)
        if source.borrows and self._shop and rng.random() < self._jitter.adorn:
            scene = adorned(scene, read_scene(self._shop[int(rng.integers(len(self._shop)))]), rng)
        if source.borrows and rng.random() < self._jitter.phone:
            scene = behind_a_phone(scene, rng)
        return to_sample(scene, self._vocabulary)

    def _moved(self, record: LabelledPhoto, rng: np.random.Generator) -> Scene:
        return jittered(read_scene(record), rng, self._jitter, self._canvas_wh)

    def _drawn(self, number: int) -> tuple[MixtureSource, LabelledPhoto]:
        cycle, place = divmod(number, len(self._turns))
        owner = self._turns[place]
        mine = [turn for turn, other in enumerate(self._turns) if other == owner]
        source = self._sources[owner]
        size = int(source.repeats.sum())
        epoch, position = divmod(cycle * len(mine) + mine.index(place), size)
        return source, source.photos[int(self._order(owner, epoch, size)[position])]

    def _order(self, owner: int, epoch: int, size: int) -> NDArray[np.int64]:
        key = (owner, epoch)
        if key not in self._orders:
            rng = np.random.default_rng((self._seed, owner, epoch))
            factors = self._sources[owner].repeats
            counts = np.floor(factors + rng.random(len(factors))).astype(np.int64)
            drawn = np.repeat(np.arange(len(factors)), counts)
            self._orders[key] = np.resize(rng.permutation(drawn), size)
        return self._orders[key]


def batches(
    mixture: Mixture, batch_size: int, first_step: int, steps: int, workers: int = 1
) -> Iterator[list[Sample]]:
    """Yield the batches of steps `first_step` to `steps`, loaded ahead in worker processes.

    Raises:
        DatasetError: a photo or its masks are missing or damaged.
    """
    numbers = range(first_step * batch_size, steps * batch_size)
    return loaded_ahead(mixture, numbers, batch_size, list, ahead=4, workers=workers)
