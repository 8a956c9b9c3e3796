"""What the network says of a photo, and which of it is reported: names, places and people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.models.detection.roi_heads import paste_masks_in_image
from torchvision.ops import box_iou

from segmentation.common.boxes import begins_below_middle, box_of, main_one, people, with_those_near
from segmentation.common.garments import Garment, Garments, Mask, Photo
from segmentation.common.taxonomy import SLOT_OF, Category, Label, Slot

LAID_OUT: Final = 3
"""So many garments, each apart from all others, are no street with passers-by."""
SAME_PLACE_IOU: Final = 0.6
"""Boxes that overlap more than this are of one garment, perhaps under several names."""
SECOND_GUESS: Final = 0.15
"""A score from which another name for a place is worth weighing."""


@dataclass(frozen=True)
class Detections:
    """Everything the network says of one photo, unfiltered, in the photo's own pixels.

    Attributes:
        boxes_xyxy: (N, 4) float32.
        scores: (N,) float32, falling.
        labels: N garments, or parts of garments where the network knows these.
        mask_probabilities: (N, 1, 28, 28) inside the boxes.
        details: for each, the names of its attributes; none where the network knows none.
        called: the network's own labels, where `as_worn` gave other ones.
    """

    boxes_xyxy: Tensor
    scores: Tensor
    labels: tuple[Label, ...]
    mask_probabilities: Tensor
    details: tuple[tuple[str, ...], ...] = ()
    called: tuple[Label, ...] = ()

    def take(self, numbers: Sequence[int]) -> Detections:
        """Return the detections of these numbers, in their order."""
        rows = list(numbers)
        return Detections(
            self.boxes_xyxy[rows],
            self.scores[rows],
            tuple(self.labels[number] for number in rows),
            self.mask_probabilities[rows],
            tuple(self.details[number] for number in rows) if self.details else (),
            tuple(self.called[number] for number in rows) if self.called else (),
        )

    def moved(self, right: float, down: float) -> Detections:
        """Return the detections, shifted in pixels."""
        return replace(self, boxes_xyxy=self.boxes_xyxy + torch.tensor([right, down] * 2))

    def joined(self, others: Detections) -> Detections:
        """Return these detections and then some others of the same network."""
        return Detections(
            torch.cat([self.boxes_xyxy, others.boxes_xyxy]),
            torch.cat([self.scores, others.scores]),
            self.labels + others.labels,
            torch.cat([self.mask_probabilities, others.mask_probabilities]),
            self.details + others.details,
            self.called + others.called,
        )


def reported(found: Detections, threshold: Callable[[Category], float]) -> list[int]:
    """Return the numbers of the detections worth reporting, best first; parts are not.

    Confusable kinds share their score: a blouse that is called shirt with 0.3 and top with 0.3 is
    there, whatever its name. So a detection counts if its score, and those of other kinds of its
    slot in the same place, come to its category's threshold together; it keeps its own score.
    """
    near, numbers = same_place(found), []
    for number, label in enumerate(found.labels):
        if isinstance(label, Category):
            best = kinds_in(found, near[number], SLOT_OF[label])
            strongest = float(found.scores[number]) >= max(best.values())
            if strongest and sum(best.values()) >= threshold(label):
                numbers.append(number)
    return numbers


def as_worn(found: Detections, numbers: Sequence[int]) -> Detections:
    """Return the detections under names that agree with each other, whatever the labels learned from say.

    A one-piece covers the torso: what is called a dress but begins below the middle of a top is a skirt,
    and below something worn over a top it is one where a skirt is guessed in its place as well. A vest is
    worn over something: with trousers or a skirt, but no top, dress or second outer garment, it is a top,
    mostly a tank top. A top in the same place is the same garment under another name; a shirt is not.

    Args:
        found: all detections of a photo.
        numbers: of those that are certainly there.
    """
    labels = _vests_over_nothing(found, _dresses_below(found, numbers), numbers)
    return replace(found, labels=labels, called=found.labels)


def _dresses_below(found: Detections, numbers: Sequence[int]) -> tuple[Label, ...]:
    boxes, near = found.boxes_xyxy.tolist(), same_place(found)
    tops, outer = (
        [boxes[n] for n in numbers if _slot(found.labels[n]) is slot]
        for slot in (Slot.TOP, Slot.OUTER)
    )
    guessed = np.array([label is Category.SKIRT for label in found.labels], dtype=np.bool_)
    guessed &= found.scores.numpy() >= SECOND_GUESS

    def is_skirt(number: int) -> bool:
        above = tops + (outer if (near[number] & guessed).any() else [])
        return any(begins_below_middle(boxes[number], other) for other in above)

    return tuple(
        Category.SKIRT if label is Category.DRESS and is_skirt(number) else label
        for number, label in enumerate(found.labels)
    )


def _vests_over_nothing(
    found: Detections, labels: tuple[Label, ...], numbers: Sequence[int]
) -> tuple[Label, ...]:
    slots = {number: _slot(labels[number]) for number in numbers}
    if Category.VEST not in labels or Slot.BOTTOM not in slots.values():
        return labels
    near = same_place(found)

    def is_top(vest: int) -> bool:
        others = {
            slot
            for number, slot in slots.items()
            if not near[vest, number] or labels[number] is Category.SHIRT
        }
        return not others & {Slot.TOP, Slot.ONE_PIECE, Slot.OUTER}

    return tuple(
        Category.TOP if label is Category.VEST and is_top(number) else label
        for number, label in enumerate(labels)
    )


def _slot(label: Label) -> Slot | None:
    return SLOT_OF[label] if isinstance(label, Category) else None


def same_place(found: Detections) -> NDArray[np.bool_]:
    """Return (N, N): whether two detections lie in one place, each with itself included."""
    overlap: NDArray[np.bool_] = (
        box_iou(found.boxes_xyxy, found.boxes_xyxy) > SAME_PLACE_IOU
    ).numpy()
    np.fill_diagonal(overlap, True)
    return overlap


def kinds_in(found: Detections, chosen: NDArray[np.bool_], slot: Slot) -> dict[Category, float]:
    """Return the best score of each kind of a slot among the `chosen` (N,) detections.

    A kind is what the network called it, a slot what it is worn as.
    """
    called = found.called or found.labels
    best: dict[Category, float] = {}
    for number in np.flatnonzero(chosen).tolist():
        label, kind = found.labels[number], called[number]
        if isinstance(label, Category) and isinstance(kind, Category) and SLOT_OF[label] is slot:
            best[kind] = max(best.get(kind, 0.0), float(found.scores[number]))
    return best


def of_main_person(found: Detections, numbers: Sequence[int], width: int) -> list[int]:
    """Return those of the `numbers` that the main person wears.

    The largest garment is the main person's, where one at the photo's side counts half as much as
    one in its middle. What lies near it is theirs too: see `with_those_near`. What is left belongs
    to passers-by. Where `LAID_OUT` garments or more lie apart from one another, nobody wears them:
    somebody laid them out, and all of them are the outfit.

    Args:
        found: the detections of a photo.
        numbers: those to choose from.
        width: of the photo, in pixels.
    """
    if not numbers:
        return []
    boxes = found.boxes_xyxy[list(numbers)].numpy().astype(np.float64)
    if len(boxes) >= LAID_OUT and len(people(boxes, width)) == len(boxes):
        return list(numbers)
    worn = np.arange(len(boxes)) == main_one(boxes, width)
    near = with_those_near(boxes, worn)
    return [number for number, is_worn in zip(numbers, near, strict=True) if is_worn]


def near_these(found: Detections, these: Sequence[int], others: Sequence[int]) -> list[int]:
    """Return `these` detections and those of the `others` that the same person may wear, by number."""
    numbers = list(dict.fromkeys([*these, *others]))
    boxes = found.boxes_xyxy[numbers].numpy().astype(np.float64)
    near = with_those_near(boxes, np.arange(len(numbers)) < len(these))
    return [number for number, is_near in zip(numbers, near, strict=True) if is_near]


def masks_of(found: Detections, photo: Photo) -> NDArray[np.bool_]:
    """Return the (N, H, W) masks of all detections, of the photo's size."""
    if not found.labels:
        return np.zeros((0, photo.height, photo.width), dtype=np.bool_)
    size = photo.height, photo.width
    masks = paste_masks_in_image(found.mask_probabilities, found.boxes_xyxy, size)
    solid: NDArray[np.bool_] = (masks[:, 0] > 0.5).numpy()
    return solid


def paste(found: Detections, photo: Photo) -> Garments:
    """Return the detections as garments with masks of the photo's size; parts are left out."""
    garments = []
    for number, mask in enumerate(masks_of(found, photo)):
        garment = _garment(found, number, mask)
        if garment is not None:
            garments.append(garment)
    return Garments(photo.height, photo.width, tuple(garments))


def _garment(found: Detections, number: int, mask: Mask) -> Garment | None:
    label, box = found.labels[number], box_of(mask)
    if box is None or not isinstance(label, Category):
        return None
    details = ", ".join(found.details[number]) if found.details else ""
    attributes = {"details": details} if details else {}
    return Garment(label, min(1.0, float(found.scores[number])), box, mask, attributes)
