"""Pictures to pictures: do similar items look similar, and is the same garment found again?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000

from index.training.examples.garments import FINER_SINGLE, PRODUCT_PHOTOS, SINGLE, Example
from index.training.examples.views import view
from index.training.measuring.features import Vectors
from segmentation.common.garments import Rgb

NEAREST: Final = 10
SAME_COLOUR: Final = 15.0
"""Main colours this near (CIEDE2000) are the same to most people who shop."""
CHANGED: Final = 1.5
"""Strength of the second view of a garment that is to be found again."""


def changed(examples: Sequence[Example]) -> list[Rgb]:
    """Return a strongly changed view of each garment, 224 x 224 x 3.

    Scale 0.69 to 1.69, squeezed by up to 20 %, turned up to 27 degrees, moved up to 15 %, mirrored
    at times; light up to 38 %, contrast 30 %, white balance 9 %; then at times blur, noise, a hidden
    corner and JPEG. Where a mask is known, the background is its own, neutral or of another colour.
    """
    return [
        view(example.rgb, np.random.default_rng((7, n)), strength=CHANGED, mask=example.mask)
        for n, example in enumerate(examples)
    ]


def neighbour_figures(
    gallery: Sequence[Example], held: int, vectors: Vectors, again: Vectors
) -> dict[str, float]:
    """Return the figures of one model.

    Args:
        gallery: held-out garments first, then the others.
        held: how many are held out; these are the queries.
        vectors: (len(gallery), d) unit rows.
        again: (held, d) unit rows of `changed` views of the held-out garments.
    """
    source = np.array([example.source for example in gallery])
    group = np.array([example.group for example in gallery])
    scores = vectors[:held] @ vectors.T
    scores[np.arange(held), np.arange(held)] = -np.inf
    scores[source[:held, None] != source[None]] = -np.inf  # stay within one data set
    order = np.argsort(-scores, axis=1)[:, :NEAREST]
    same_kind = group[order] == group[:held, None]
    single, products = source[:held] == SINGLE, source[:held] == PRODUCT_PHOTOS
    worn = ~single & ~products & (source[:held] != FINER_SINGLE)
    found = np.argmax(again @ vectors.T, axis=1) == np.arange(held)
    return {
        "kind_p1": share(same_kind[single, 0]),
        "kind_p10": share(same_kind[single]),
        "cutout_kind_p1": share(same_kind[worn, 0]),
        "cutout_kind_p10": share(same_kind[worn]),
        "finer_kind_p1": share(same_kind[source[:held] == FINER_SINGLE, 0]),
        "article_p1": share(same_kind[products, 0]),
        "article_p10": share(same_kind[products]),
        "instance_r1": share(found),
        "colour_p10": _same_colour(gallery, held, scores),
    }


def _same_colour(gallery: Sequence[Example], held: int, scores: NDArray[np.float32]) -> float:
    """Return the share of the ten nearest measured garments that have the query's main colour."""
    measured = np.array([example.lab is not None for example in gallery])
    places = np.flatnonzero(measured)
    if not measured[:held].any():
        return 0.0
    lab = np.stack([example.lab for example in gallery if example.lab is not None])
    queries = np.flatnonzero(measured[:held])
    order = np.argsort(-scores[np.ix_(queries, places)], axis=1)[:, :NEAREST]
    return share(colour_distance(lab[: len(queries), None], lab[order]) <= SAME_COLOUR)


def colour_distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return CIEDE2000 between CIELAB colours, (..., 3) and (..., 3) -> (...).

    >>> colour_distance(np.float32([50, 2.6772, -79.7751]), np.float32([50, 0, -82.7485])).round(3)
    np.float32(2.042)
    """
    both = np.broadcast_arrays(one, other)
    distance: NDArray[Any] = deltaE_ciede2000(*both)  # type: ignore[no-untyped-call]
    return np.asarray(distance, dtype=np.float32)


def share(values: NDArray[Any]) -> float:
    """Return the mean, rounded to four places; 0 of nothing."""
    return round(float(values.mean()), 4) if values.size else 0.0
