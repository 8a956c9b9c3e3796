"""Mask R-CNN on an EfficientNet-Lite0 pyramid: load it, segment a photo with it.

The only module that reads torchvision's dictionaries; what goes in is a `Photo`, what comes out is
`Garments`. Pixels reach the network resized by this module alone, so that boxes and masks are
scaled back by the same two numbers.
"""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import torch
from torch import Tensor
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.image_list import ImageList

from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.masks import drop_repeats
from segmentation.common.photo import too_small
from segmentation.common.taxonomy import Category, Label, named
from segmentation.common.weight_files import unfit_refused
from segmentation.detector.by_hand import filled, likeliest, seen_in
from segmentation.detector.closer import Window, both_looks, closer_window, seen_through
from segmentation.detector.coarse import without_finest
from segmentation.detector.detections import Detections, as_worn, of_main_person, paste, reported
from segmentation.detector.evidence import shows_clothes
from segmentation.detector.inputs import Look, Wanted, as_images, fit, padded_hw
from segmentation.detector.network import Spec, build, read_weights
from segmentation.detector.trunk import Seen, TorchTrunk, Trunk, proposals, trunk_of
from segmentation.engines.choice import Engine
from segmentation.engines.device import device_of
from segmentation.engines.joining import Joined

WEIGHTS: Final = Path(__file__).parents[1] / "weights" / "maskrcnn.safetensors"
CATALOGUE_SIZE: Final = (320, 492)
"""Short and long side at which a shop's own pictures are looked at: one garment that fills them."""


class Detector:
    """A Mask R-CNN ready to serve; safe to share between threads.

    A processor looks at one photo at a time; on a GPU what several threads ask goes through the network together.
    """

    def __init__(
        self,
        model: MaskRCNN,
        spec: Spec,
        *,
        engine: Engine = Engine.AUTO,
        weights: Path | None = None,
    ) -> None:
        """Serve a network.

        Args:
            model: with its weights.
            spec: of them.
            engine: what runs it; `AUTO` takes a GPU, or what is measured to be fastest here.
            weights: the file they come from, beside which a compiled network may lie; without, torch serves.

        Raises:
            DeviceError: it is to run where it cannot.
        """
        self.spec = spec
        self._device = device_of(engine)
        self._model = self._device.holding(model.eval().to(memory_format=torch.channels_last))
        self._trunk: Trunk = trunk_of(self._model, weights, engine, self._device)
        self._joined = self._joining()
        self._lock: threading.Lock | threading.BoundedSemaphore = threading.Lock()
        self._alone, self._twice = False, True
        self._labels = tuple(named(name) for name in spec.categories)

    @classmethod
    def load(
        cls,
        path: Path = WEIGHTS,
        size: tuple[int, int] | None = None,
        *,
        engine: Engine = Engine.AUTO,
    ) -> Detector:
        """Return the detector whose weights lie at `path`.

        Args:
            path: a safetensors file that `write_weights` wrote.
            size: short and long side that photos are scaled to fit, if not the spec's own.
            engine: what runs the network; `AUTO` takes a GPU, or what is measured to be fastest here.

        Raises:
            WeightsError: there is no such file, it is damaged, or it is of another architecture.
            DeviceError: it is to run where it cannot.
        """
        spec, state = read_weights(path)
        short_side, long_side = size or (spec.short_side, spec.long_side)
        with unfit_refused(path):
            model = build(spec)
            model.load_state_dict(state)
            resized = replace(spec, short_side=short_side, long_side=long_side)
        return cls(model, resized, engine=engine, weights=path)

    @property
    def engine(self) -> Engine:
        """What runs the part of the network that sees the whole photo."""
        return self._trunk.engine

    def at(self, size: tuple[int, int], *, coarse: bool = False) -> Detector:
        """Return a detector of the same network that scales photos to fit a short and a long side.

        It never scales them larger than this one does, and never looks twice. Several threads may use it at once, each
        with one core: photo by photo that is nearly twice as fast as all cores on one photo.

        Args:
            size: both sides, in pixels.
            coarse: the pyramid's finest level is left out: see `segmentation.detector.coarse`.
        """
        short, long = self.spec.short_side, self.spec.long_side
        other = copy.copy(self)
        other.spec = replace(
            self.spec, short_side=min(size[0], short), long_side=min(size[1], long)
        )
        at_once = os.cpu_count() or 1
        other._lock = threading.BoundedSemaphore(at_once)
        other._alone, other._twice = True, False
        if coarse:
            other._model = without_finest(self._model)
            other._trunk = TorchTrunk(other._model, self._device)
        else:
            other._trunk = self._trunk.shared(at_once)
        other._joined = other._joining()
        return other

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return the garments of a photo: above their threshold, each region reported once.

        None where the photo is too small to tell clothes apart, or shows none. Where the main person fills little
        of the photo, it is looked at twice, in twice the time: see `segmentation.detector.closer`.

        Args:
            photo: the photo.
            everyone: what passers-by wear is wanted too, not only the main person's garments.
        """
        if too_small(photo.width, photo.height):
            return Garments.empty(photo)

        def wanted(found: Detections, width: int) -> list[int]:
            numbers = reported(found, self.spec.threshold)
            if not everyone:
                numbers = of_main_person(found, numbers, width)
            return numbers if shows_clothes(self.spec.evidence, found, numbers) else []

        found = self._looked_twice(photo, wanted, twice=self._twice and not everyone)
        return drop_repeats(paste(found, photo))

    def segment_all(self, photo: Photo) -> Garments:
        """Return every guess with its score, however low: what average precision is measured on."""
        return paste(self._looked_twice(photo, _all_of, twice=self._twice), photo)

    def _looked_twice(self, photo: Photo, wanted: Wanted, *, twice: bool) -> Detections:
        """Return the wanted detections, of a second, closer look where it is worth one."""
        windows: list[Window] = []

        def at_first(found: Detections, width: int) -> list[int]:
            numbers = of_main_person(found, reported(found, self.spec.threshold), width)
            sides = self.spec.short_side, self.spec.long_side
            window = closer_window(found, numbers, photo, sides) if twice else None
            windows.extend([window] if window else [])
            return wanted(found, width)

        first = self._as_worn(photo, at_first)
        if not windows:
            return first
        nearer = self._as_worn(seen_through(photo, windows[0]), wanted)
        return both_looks(first, nearer, windows[0])

    def _as_worn(self, photo: Photo, wanted: Wanted) -> Detections:
        """Return the wanted detections of one look, chosen and named as `as_worn` names them."""
        labels: list[Label] = []

        def named_and_chosen(found: Detections, width: int) -> list[int]:
            worn = as_worn(found, reported(found, self.spec.threshold))
            numbers = wanted(worn, width)
            labels.extend(worn.labels[number] for number in numbers)
            return numbers

        found = self.detect(photo, named_and_chosen)
        return replace(found, labels=tuple(labels), called=found.labels)

    def detect(self, photo: Photo, wanted: Wanted | None = None) -> Detections:
        """Return what the network finds, before masks are pasted.

        Args:
            photo: the photo.
            wanted: chooses the detections that get masks; without it, all do.
        """
        look = self._look(photo, wanted)
        [found] = self._joined.ask([look]) if self._device.is_cuda else self._detected([look])
        return found

    def _joining(self) -> Joined[Look, list[Detections]]:
        """Return what joins the looks of several threads, as far as one picture is as large as the other."""
        return Joined(self._detected, like=lambda look: padded_hw(look.resized_rgb))

    def _detected(self, looks: Sequence[Look]) -> list[Detections]:
        """Return what the network finds in photos of one padded size."""
        heads = self._model.roi_heads
        with self._looking_at(*looks) as (seen, images):
            boxes = proposals(self._model.rpn, images, seen)
            all_found = heads.boxes(seen.features, boxes, images.image_sizes)
            found = list(map(self._chosen, all_found, looks))
            heads.add_masks(seen.features, found, images.image_sizes)
        return list(map(self._detections, found, looks))

    def _chosen(self, found: dict[str, Tensor], look: Look) -> dict[str, Tensor]:
        if look.wanted is None:
            return found
        numbers = look.wanted(self._detections(found, look), look.photo.width)
        return {name: rows[numbers] for name, rows in found.items()}

    def outline(self, photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
        """Return the garment of a kind that fills a box; its score is 1.

        The mask is what the mask head sees in the box; the box's own shape where it sees next to
        nothing, or was not taught the kind.

        Args:
            photo: the photo.
            box_xyxy: in pixels of the photo.
            category: what it is.

        Raises:
            ValueError: no pixel of the photo lies in the box.
        """
        plain = filled(photo, box_xyxy, category)
        if category not in self._labels:
            return plain
        look, label = self._look(photo), torch.tensor([self._labels.index(category) + 1])
        given = {"boxes": look.box_of(plain), "scores": torch.ones(1), "labels": label}
        with self._looking_at(look) as (seen, images):
            found = {name: self._device.taking(rows) for name, rows in given.items()}
            self._model.roi_heads.add_masks(seen.features, [found], images.image_sizes)
        return seen_in(plain, paste(self._detections(found, look), photo))

    def kinds(self, photo: Photo, box_xyxy: Sequence[float]) -> list[tuple[Category, float]]:
        """Return what the garment in a box may be, likeliest first, with shares that add up to 1.

        Raises:
            ValueError: no pixel of the photo lies in the box.
        """
        look = self._look(photo)
        box = look.box_of(filled(photo, box_xyxy, Category.TOP))
        with self._looking_at(look) as (seen, images):
            boxes = [self._device.taking(box)]
            shares = self._model.roi_heads.shares(seen.features, boxes, images.image_sizes)
        return likeliest(self._labels, shares.cpu()[0].tolist())

    def _look(self, photo: Photo, wanted: Wanted | None = None) -> Look:
        if self._alone and threading.current_thread() is not threading.main_thread():
            torch.set_num_threads(1)  # of this thread's work
        return Look(photo, fit(photo.rgb, self.spec.short_side, self.spec.long_side), wanted)

    @contextmanager
    def _looking_at(self, *looks: Look) -> Iterator[tuple[Seen, ImageList]]:
        """Yield what the trunk sees of photos of one padded size, and their sizes for the network."""
        images = as_images(*(look.resized_rgb for look in looks), device=self._device)
        with (
            self._lock,
            torch.inference_mode(),
            self._device.autocast(),
            self._trunk.look(images.tensors) as seen,
        ):
            yield seen, images

    def _detections(self, there: dict[str, Tensor], look: Look) -> Detections:
        """Return what was found, brought back to the processor, in the photo's pixels."""
        found = {name: rows.cpu() for name, rows in there.items()}
        count = len(found["scores"])
        scores = found.get("attributes", torch.zeros(count, 0))
        return Detections(
            boxes_xyxy=found["boxes"].float() * look.scale,
            scores=found["scores"].float(),
            labels=tuple(self._labels[number - 1] for number in found["labels"].tolist()),
            mask_probabilities=found.get("masks", torch.zeros(count, 1, 28, 28)).float(),
            details=tuple(
                tuple(n for n, score in zip(self.spec.attributes, row, strict=True) if score > 0.5)
                for row in (scores.tolist() if self.spec.attributes else [()] * count)
            ),
        )


def _all_of(found: Detections, _width: int) -> list[int]:
    return list(range(len(found.labels)))
