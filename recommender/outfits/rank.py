"""Scores -> which items to show. Pure; equal input is equal output."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

DIVERSITY: Final = 0.3
"""Weight of being unlike what is chosen already, against the score's remainder."""
FLOOR: Final = 0.85
"""Diversity lifts no item that scores less than this share of the best."""


def diverse(
    scores: NDArray[np.float32],
    vectors_unit: NDArray[np.float32],
    k: int,
    *,
    diversity: float = DIVERSITY,
    floor: float = FLOOR,
) -> list[int]:
    """Return the rows to show, at most `k`, in order of choice: maximal marginal relevance.

    Each step takes the row with the highest `(1 - diversity) * score - diversity * (its highest
    cosine to a chosen row)`; the best row is always first. Rows below the floor follow by score
    alone. Ties go to the earlier row [Carbonell and Goldstein, SIGIR 1998].

    Args:
        scores: (m,) 0 to 1.
        vectors_unit: (m, d) unit rows.
        k: rows to return.
        diversity: 0 orders by score alone, 1 by unlikeness alone.
        floor: share of the best score.

    >>> rows = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> diverse(np.array([0.9, 0.89, 0.8], dtype=np.float32), rows, 2)
    [0, 2]
    """
    if len(scores) == 0 or k < 1:
        return []
    by_score: list[int] = np.argsort(-scores, kind="stable").tolist()
    limit = floor * float(scores[by_score[0]])
    open_rows = [row for row in by_score if float(scores[row]) >= limit]
    rest = by_score[len(open_rows) :]
    chosen = [open_rows.pop(0)]
    nearest = vectors_unit @ vectors_unit[chosen[0]]
    while open_rows and len(chosen) < k:
        gains = (1 - diversity) * scores[open_rows] - diversity * nearest[open_rows]
        chosen.append(open_rows.pop(int(np.argmax(gains))))
        nearest = np.maximum(nearest, vectors_unit @ vectors_unit[chosen[-1]])
    return (chosen + rest)[:k]
