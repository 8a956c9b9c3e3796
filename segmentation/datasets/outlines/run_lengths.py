"""Run lengths as text: Kaggle's, and a check of COCO's.

Kaggle's are "start length start length ...", column by column; the first pixel is 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from segmentation.common.garments import Mask

MOST_PIXELS: Final = 1 << 28
"""Height times width of the largest mask that is read; pycocotools counts them in 32 bits."""


def read_runs(text: str, size_hw: tuple[int, int]) -> bytes:
    """Return COCO's compressed counts of a mask written as Kaggle's run lengths.

    Args:
        text: at least one pair, in rising order.
        size_hw: height and width of the mask, in pixels.

    Raises:
        ValueError: the text is no such list, or runs beyond the mask, or the mask has more than
            `MOST_PIXELS`; the message says where.

    >>> size = (2, 2)
    >>> coco.decode({"size": [2, 2], "counts": read_runs("2 1 4 1", size)}).tolist()
    [[0, 0], [1, 1]]
    """
    pixels = size_hw[0] * size_hw[1]
    if pixels > MOST_PIXELS:
        raise ValueError(f"a mask of {size_hw[0]} x {size_hw[1]} pixels")
    numbers = _numbers(text, pixels)
    if len(numbers) == 0 or len(numbers) % 2:
        raise ValueError(f"{len(numbers)} numbers, which are no pairs of start and length")
    starts, lengths = numbers[::2], numbers[1::2]
    _check(starts, lengths, pixels)
    gaps = starts - 1
    gaps[1:] -= starts[:-1] + lengths[:-1] - 1
    counts = np.column_stack([gaps, lengths]).ravel().tolist()
    counts.append(pixels - sum(counts))
    height, width = size_hw
    packed: bytes = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)[
        "counts"
    ]
    return packed


def _numbers(text: str, pixels: int) -> NDArray[np.int64]:
    """Return the numbers, none so large that a sum of two of them would leave 64 bits."""
    words = text.split()
    if not all(word.isascii() and word.isdigit() for word in words):
        raise ValueError(f"run lengths that are not whole numbers: {text[:40]!r}")
    longest = len(str(pixels))
    beyond = [word for word in words if len(word) > longest or int(word) > pixels]
    if beyond:
        raise ValueError(f"a start or a length of {beyond[0][:20]} in a mask of {pixels} pixels")
    return np.array([int(word) for word in words], dtype=np.int64)


def _check(
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    pixels: int,
) -> None:
    if starts.min() < 1:
        raise ValueError(f"a run that starts at {starts.min()}, but the first pixel is 1")
    if lengths.min() < 1:
        raise ValueError(f"a run of length {lengths.min()}")
    ends = starts + lengths
    wrong = np.flatnonzero(starts[1:] < ends[:-1])
    if len(wrong):
        raise ValueError(f"the run at {starts[wrong[0] + 1]} begins before the one before it ends")
    if ends[-1] - 1 > pixels:
        raise ValueError(f"a run up to pixel {ends[-1] - 1} of {pixels}")


def write_runs(mask: Mask) -> str:
    """Return Kaggle's run lengths of an H x W mask, empty text for an empty one.

    >>> write_runs(np.array([[True, False], [True, True]]))
    '1 2 4 1'
    """
    column = np.concatenate([[False], mask.ravel(order="F"), [False]])
    edges = np.flatnonzero(column[1:] != column[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    return " ".join(map(str, np.column_stack([starts, ends - starts]).ravel().tolist()))


def unpacked(counts: str) -> list[int]:
    """Return the run lengths, background first, that COCO's compressed counts hold.

    pycocotools decodes counts that are too few into memory it never filled, so they are to be
    added up before. Each number is written five bits a character, lowest first; from the third
    on, it is the difference to the one before the last. Source: cocoapi's maskApi.c.

    Raises:
        ValueError: the text ends within a number, or has characters that do not occur.

    >>> unpacked("016000000000")
    [0, 1, 6, 1, 6, 1, 6, 1, 6, 1, 6, 1]
    """
    runs: list[int] = []
    value = shift = 0
    for character in counts:
        bits = ord(character) - 48
        if not 0 <= bits < 64:
            raise ValueError(f"run lengths with the character {character!r}")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            if bits & 16:
                value -= 1 << shift
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value = shift = 0
    if shift:
        raise ValueError("run lengths that end within a number")
    return runs
