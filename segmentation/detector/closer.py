"""A second, closer look: where the person fills little of a photo, that part is looked at again.

The network sees every photo at the same size, so that of a small person in a large photo little is
left: trousers become tights, shoes are missed. What the first look found, however faint, tells where
the person stands. A second look costs as much time as the first and is taken only where it brings
the person much nearer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import torch

from segmentation.common.boxes import pad_box
from segmentation.common.garments import Photo
from segmentation.detector.detections import Detections, near_these

Window: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels of a photo."""
LEAST_GAIN: Final = 1.7
"""How much larger the person has to become: the window then fills at most about a third of the photo."""
FAINT: Final = 0.1
"""A detection that would not be reported still tells where the person is."""
MARGIN: Final = 0.2
"""What is left around the person, as a share of its longer side."""


def closer_window(
    found: Detections, numbers: Sequence[int], photo: Photo, sides: tuple[int, int]
) -> Window | None:
    """Return the part of a photo that is worth a second look; None where the first one saw enough.

    Args:
        found: all detections of the first look.
        numbers: of the garments that it would report.
        photo: the photo.
        sides: short and long side that photos are scaled to fit.
    """
    if not numbers:
        return None
    faint = np.flatnonzero(found.scores.numpy() >= FAINT).tolist()
    boxes = found.boxes_xyxy[near_these(found, numbers, faint)].numpy()
    around = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    window = pad_box(around, MARGIN, (photo.width, photo.height))
    width, height = window[2] - window[0], window[3] - window[1]
    if min(width, height) < 8:
        return None
    gain = _scale(width, height, sides) / _scale(photo.width, photo.height, sides)
    return window if gain >= LEAST_GAIN else None


def seen_through(photo: Photo, window: Window) -> Photo:
    """Return the part of a photo that lies in a window."""
    left, top, right, bottom = window
    return Photo(photo.rgb[top:bottom, left:right])


def both_looks(first: Detections, nearer: Detections, window: Window) -> Detections:
    """Return what two looks found, best first: in the window what the nearer one saw, else the first.

    Where the nearer look found nothing, the first one stands.

    Args:
        first: of the photo.
        nearer: of the window's picture, in its pixels.
        window: in the photo.
    """
    if not nearer.labels:
        return first
    left, top, right, bottom = window
    middles = (first.boxes_xyxy[:, :2] + first.boxes_xyxy[:, 2:]) / 2
    low, high = torch.tensor([left, top]), torch.tensor([right, bottom])
    inside = ((middles >= low) & (middles < high)).all(dim=1)
    outside = first.take(torch.where(~inside)[0].tolist())
    moved = nearer.moved(left, top)
    both = moved.joined(outside)
    return both.take(both.scores.argsort(descending=True, stable=True).tolist())


def _scale(width: int, height: int, sides: tuple[int, int]) -> float:
    return min(sides[0] / min(width, height), sides[1] / max(width, height))
