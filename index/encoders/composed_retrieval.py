"""A picture's vector moved by words: "this, but red"."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

WORDS_COUNT: Final = 3.0
"""How much more the words count than the picture. Chosen among 0.5 to 3 on garments kept from training:
"red shirt" finds 0.66 right with 3, 0.48 with 1, and 0.61 without the picture."""


def refined(pictures: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit rows that keep what the pictures show and take what the words say.

    The shipped encoder is trained for sums of pictures and words; other CLIPs answer them less well.

    Args:
        pictures: (n, d) float32 unit rows.
        words: (n, d) or (1, d) float32 unit rows of the garment as it is to be, its kind
            included where it is known: "red shirt".

    Returns:
        (n, d) float32 unit rows.

    >>> refined(np.float32([[1, 0]]), np.float32([[0, 1]])).round(3).tolist()
    [[0.3160000145435333, 0.9490000009536743]]
    """
    both = pictures + np.float32(WORDS_COUNT) * words  # never zero: the words are longer
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True), dtype=np.float32)
