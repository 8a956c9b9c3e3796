"""Labelled photos -> training samples: one random affine map moves picture and masks together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from segmentation.boxes import box_of
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.garments import Mask, Rgb
from segmentation.taxonomy import Label

Sample: TypeAlias = tuple[Tensor, dict[str, Tensor]]
"""(3, H, W) float pixels in 0..1 and the target that `segmentation.heads` describes."""

CANVAS_WH = (448, 688)
SMALLEST_PX = 24
"""A garment with fewer pixels on the canvas teaches nothing."""
RARE_SHARE = 0.08
"""Garments in a smaller share of the photos are repeated."""


@dataclass(frozen=True)
class Jitter:
    """How much a training photo is changed.

    Attributes:
        zoom: smallest and largest scale, relative to the photo filling the canvas.
        turn_degrees: largest rotation either way.
        light, contrast, saturation: largest relative change either way.
        hue: largest shift in OpenCV's half degrees.
        blur: chance of a slight blur.
        paste: chance that garments of another photo are pasted in.
    """

    zoom: tuple[float, float] = (0.7, 1.5)
    turn_degrees: float = 6.0
    light: float = 0.25
    contrast: float = 0.25
    saturation: float = 0.3
    hue: float = 5.0
    blur: float = 0.15
    paste: float = 0.25


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and what is marked in it, before it becomes tensors.

    Attributes:
        rgb: H x W x 3.
        garments: what each mask is, the mask, and the names of its attributes, None where these
            were never labelled.
        unmarked: categories that are in the picture but have no mask.
    """

    rgb: Rgb
    garments: tuple[tuple[Label, Mask, frozenset[str] | None], ...]
    unmarked: frozenset[Label] = frozenset()


def read_scene(record: LabelledPhoto) -> Scene:
    """Return a labelled photo's pixels and masks."""
    rgb, masks = record.read()
    return Scene(
        rgb,
        tuple((record.labels[v], mask, record.described.get(v)) for v, mask in masks.items()),
        record.unmarked,
    )


def jittered(
    scene: Scene,
    rng: np.random.Generator,
    jitter: Jitter,
    canvas_wh: tuple[int, int] = CANVAS_WH,
) -> Scene:
    """Return the scene on a canvas, all moved alike; beyond the picture is grey."""
    matrix = _random_map(scene.rgb.shape[:2], rng, jitter, canvas_wh)
    moved = cv2.warpAffine(
        scene.rgb, matrix, canvas_wh, flags=cv2.INTER_AREA, borderValue=(127,) * 3
    )
    garments = tuple(
        (label, _warped(mask, matrix, canvas_wh), attributes)
        for label, mask, attributes in scene.garments
    )
    return Scene(_relit(np.asarray(moved, np.uint8), rng, jitter), garments, scene.unmarked)


def _warped(mask: Mask, matrix: NDArray[np.float64], canvas_wh: tuple[int, int]) -> Mask:
    moved = cv2.warpAffine(mask.view(np.uint8), matrix, canvas_wh, flags=cv2.INTER_NEAREST)
    return np.asarray(moved, dtype=np.bool_)


def _random_map(
    size_hw: tuple[int, ...], rng: np.random.Generator, jitter: Jitter, canvas_wh: tuple[int, int]
) -> NDArray[np.float64]:
    height, width = size_hw
    fill = min(canvas_wh[0] / width, canvas_wh[1] / height)
    scale = fill * math.exp(rng.uniform(*np.log(jitter.zoom)))
    angle = math.radians(rng.uniform(-jitter.turn_degrees, jitter.turn_degrees))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    turn[:, 0] *= mirror
    # Where the picture's middle lands: anywhere that wastes no canvas.
    spare = np.abs(np.array(canvas_wh) - scale * np.array([width, height])) / 2
    middle = np.array(canvas_wh) / 2 + rng.uniform(-1, 1, 2) * spare
    shift = middle - turn @ (np.array([width, height]) / 2)
    return np.column_stack([turn, shift])


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


def pasted(below: Scene, above: Scene, rng: np.random.Generator) -> Scene:
    """Return a scene with some garments of another scene of its size laid over it.

    A garment of which less than half stays in sight is forgotten. Source: Ghiasi et al., Simple
    Copy-Paste, CVPR 2021.
    """
    chosen = [garment for garment in above.garments if rng.random() < 0.5]
    if not chosen:
        return below
    cover = np.any([mask for _, mask, _ in chosen], axis=0)
    # A blurred edge, so that the cut itself is no sign of a garment.
    soft = cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 1.0)[..., None]
    rgb = (soft * above.rgb + (1 - soft) * below.rgb).astype(np.uint8)
    seen = tuple(
        (label, mask & ~cover, attributes)
        for label, mask, attributes in below.garments
        if np.count_nonzero(mask & ~cover) >= 0.5 * np.count_nonzero(mask)
    )
    return Scene(rgb, (*seen, *chosen), below.unmarked)


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
    repeated as often as its rarest category wants, at most four times. Source: Gupta et al.,
    LVIS, CVPR 2019, section 5.
    """
    seen: Counter[Label] = Counter()
    for photo in photos:
        seen.update(set(photo.labels.values()))
    wants = {label: math.sqrt(share * len(photos) / n) for label, n in seen.items()}
    most = [max((wants[c] for c in photo.labels.values()), default=1.0) for photo in photos]
    return np.clip(np.array(most, dtype=np.float64), 1.0, 4.0)


@dataclass(frozen=True)
class Source:
    """One data set of a mixture.

    Attributes:
        photos: its training photos.
        turns: how many samples of each cycle come from it.
        lends: whether its garments may be pasted into other photos: its masks are exact.
        borrows: whether garments may be pasted into its photos: they show people.
    """

    photos: Sequence[LabelledPhoto]
    turns: int = 1
    lends: bool = False
    borrows: bool = False
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
        sources: Sequence[Source],
        vocabulary: Vocabulary,
        *,
        seed: int = 0,
        jitter: Jitter = Jitter(),  # frozen
        canvas_wh: tuple[int, int] = CANVAS_WH,
    ) -> None:
        self._sources, self._vocabulary, self._seed = sources, vocabulary, seed
        self._jitter, self._canvas_wh = jitter, canvas_wh
        self._turns = [n for n, source in enumerate(sources) for _ in range(source.turns)]
        self._lenders = [photo for source in sources if source.lends for photo in source.photos]
        self._orders: dict[tuple[int, int], NDArray[np.int64]] = {}

    def __getitem__(self, number: int) -> Sample:
        rng = np.random.default_rng((self._seed, number))
        source, record = self._drawn(number)
        scene = self._moved(record, rng)
        if source.borrows and self._lenders and rng.random() < self._jitter.paste:
            lender = self._lenders[int(rng.integers(len(self._lenders)))]
            scene = pasted(scene, self._moved(lender, rng), rng)
        return to_sample(scene, self._vocabulary)

    def _moved(self, record: LabelledPhoto, rng: np.random.Generator) -> Scene:
        return jittered(read_scene(record), rng, self._jitter, self._canvas_wh)

    def _drawn(self, number: int) -> tuple[Source, LabelledPhoto]:
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
