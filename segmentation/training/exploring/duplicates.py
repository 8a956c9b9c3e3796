"""Photos that are there twice: the same file, or pictures that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Fingerprint: TypeAlias = NDArray[np.float32]
"""(1024,) float32: a unit vector, or zeros where a picture is of one colour."""

ALIKE: Final = 0.85
"""Pictures whose fingerprints have a higher cosine look alike.

Seen in Clothing Co-Parsing, clothing-dataset-small: copies, crops and the same pose lie above 0.86,
another pose in the same place from 0.64 to 0.71, two shirts on one bedspread up to 0.83 (one pair of
shirts at 0.88). A 256-bit dHash does not part the last two: the light of the bedspread fills it.
"""
_SIDE: Final = 32
_BLUR: Final = 2.0
_BLOCK: Final = 256


def fingerprint(grey: Image.Image) -> Fingerprint:
    """Return what stands out from its surroundings in a picture shrunk to 32 x 32.

    The cosine of two fingerprints is the correlation of the pictures once their light is taken off:
    size, quality, brightness and contrast do not count.

    Args:
        grey: a picture of mode "L", of any size.

    >>> float(np.abs(fingerprint(Image.new("L", (40, 60), 127))).max())
    0.0
    """
    small = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float32)
    detail = (small - cv2.GaussianBlur(small, (0, 0), _BLUR)).ravel()
    length = float(np.linalg.norm(detail))
    return np.asarray(detail / length if length > 1 else np.zeros_like(detail), np.float32)


def alike_groups(fingerprints: Sequence[Fingerprint]) -> list[list[int]]:
    """Return groups of two pictures or more that look alike, by number.

    A picture belongs to a group if it is like any member, not all.

    >>> one, other = np.eye(2, 1024, dtype=np.float32)
    >>> alike_groups([]), alike_groups([one, other, one])
    ([], [[0, 2]])
    """
    count = len(fingerprints)
    if not count:
        return []
    rows = np.stack(fingerprints)
    pairs = np.concatenate([_alike(rows, start) for start in range(0, count, _BLOCK)])
    ones = np.ones(len(pairs), dtype=np.bool_)
    graph = coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, owner = connected_components(graph, directed=False)
    return same_groups(owner.tolist())


def _alike(rows: NDArray[np.float32], start: int) -> NDArray[np.int64]:
    """Return the pairs (P, 2) of a block of rows with all rows from its first on."""
    return np.argwhere(rows[start : start + _BLOCK] @ rows[start:].T > ALIKE) + start


def same_groups(keys: Sequence[str | int]) -> list[list[int]]:
    """Return groups of two equal keys or more, by number.

    >>> same_groups([]), same_groups(["a", "b", "a"])
    ([], [[0, 2]])
    """
    groups: dict[str | int, list[int]] = {}
    for number, key in enumerate(keys):
        groups.setdefault(key, []).append(number)
    return [members for members in groups.values() if len(members) > 1]
