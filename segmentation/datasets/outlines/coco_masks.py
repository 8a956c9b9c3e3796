"""COCO's three forms of a mask, checked before pycocotools: it trusts what it is given.

Polygons, run lengths as numbers, and compressed run lengths.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, Final

from pycocotools import mask as coco

from segmentation.datasets.outlines.run_lengths import unpacked

STICKS_OUT: Final = 0.5
"""Share of the image's side by which a polygon may reach beyond it."""


def packed(segmentation: Any, size_hw: tuple[int, int]) -> bytes:
    """Return COCO's compressed counts of a segmentation in any of its three forms.

    Args:
        segmentation: an annotation's value of that name, as JSON gave it.
        size_hw: height and width of the image, in pixels.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: it is in none of the forms, is of another
            size, or reaches farther beyond the image than `STICKS_OUT`.
    """
    height, width = size_hw
    if isinstance(segmentation, list):
        _check_polygons(segmentation, size_hw)
        return bytes(coco.merge(coco.frPyObjects(segmentation, height, width))["counts"])
    if [int(side) for side in segmentation["size"]] != [height, width]:
        raise ValueError(f"a mask of {segmentation['size']}, but the image is {[height, width]}")
    counts = segmentation["counts"]
    compressed = isinstance(counts, str)
    runs = unpacked(counts) if compressed else [int(count) for count in counts]
    if min(runs, default=-1) < 0 or sum(runs) != height * width:
        raise ValueError(f"run lengths of {sum(runs)} pixels, but the image has {height * width}")
    if compressed:
        return bytes(counts.encode())
    return bytes(
        coco.frPyObjects({"size": [height, width], "counts": runs}, height, width)["counts"]
    )


def _check_polygons(polygons: list[Any], size_hw: tuple[int, int]) -> None:
    """Refuse what is no polygon, and coordinates so far outside that pycocotools would crash.

    It walks every pixel of an outline, clipped to the image only afterwards: far coordinates take
    seconds, farther ones end the process. An outline may stick out a little, by `STICKS_OUT`.
    """
    if not polygons:
        raise ValueError("no polygon")
    ranges_yx = [(-side * STICKS_OUT, side * (1 + STICKS_OUT)) for side in size_hw]
    for polygon in polygons:
        if not isinstance(polygon, list) or len(polygon) < 6 or len(polygon) % 2:
            raise ValueError(f"a polygon of {polygon!r:.60}, which is not three points or more")
        if not all(isinstance(each, int | float) and math.isfinite(each) for each in polygon):
            raise ValueError("a polygon whose coordinates are not numbers")
        for each, (least, most) in zip(polygon, itertools.cycle(reversed(ranges_yx)), strict=False):
            if not least <= each <= most:
                raise ValueError(f"a polygon with a coordinate of {each:g}, far outside the image")
