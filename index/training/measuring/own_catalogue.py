"""Compare encoders on one's own catalogue: `recommender evaluate encoder --encoder NAME`.

No labels are needed beyond what a feed says anyway: kinds, colours and titles. Each encoder stands
beside frozen ImageNet features and random vectors, which tell how much a figure is worth: in a
catalogue that is half dresses, half of chance's neighbours are dresses.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.errors import CatalogError
from index.model.items import CatalogItem
from index.training.examples.views import view
from index.training.measuring.features import ImageNetFeatures, RandomVectors, Vectors
from segmentation.common.garments import Rgb

Load: TypeAlias = Callable[[], "Pictures"]
"""Loads a model; one after the other, so that no two large ones are in memory at once."""

NEAREST: Final = 10
STRENGTH: Final = 2.0
"""How strongly the second view is changed: more than any view in training."""
_SEED: Final = 7
_TIMED_TEXTS: Final = 20


class Pictures(Protocol):
    """What is compared. With `encode_texts`, words are measured as well."""

    def encode_images(self, images_rgb: Sequence[Rgb]) -> Vectors:
        """Return (n, d) float32 unit rows."""


def compare(
    pieces: Sequence[tuple[CatalogItem, Rgb]],
    models: Mapping[str, Load],
    report: Callable[[str], None] = lambda _line: None,
) -> dict[str, Any]:
    """Return `{"catalogue": {...}, "models": {name: {...}}}`.

    Of each model, `imagenet` (where its package is installed) and `random` among them:
    `category_p1`, `category_p10`: share of the nearest (ten nearest) other items of the same
    category; `colour_p1`, `colour_p10`: of the same colour, among items whose feed gives one;
    `again_r1`: a strongly changed view of an item's cut-out finds that item first;
    `title_r10`, `title_median_rank`: where its own title ranks an item among all (items of the
    very same title count as one); `ms_per_picture`, in batches; `ms_per_text`, one at a time;
    `dim`; `fingerprint`.

    Args:
        pieces: items as their feed gave them, each with its cut-out, `SIDE` x `SIDE` x 3 uint8.
        models: what is compared, by name.
        report: called with every model's figures.

    Raises:
        CatalogError: there are fewer than two items.
    """
    if len(pieces) < 2:
        raise CatalogError(
            "encoders cannot be compared on this catalogue",
            got=f"{len(pieces)} items",
            expected="two at least, better several hundred",
            next_step="Import a catalogue with `recommender catalog import SOURCE`.",
        )
    items = [item for item, _ in pieces]
    cutouts = [rgb for _, rgb in pieces]
    changed = [
        view(rgb, np.random.default_rng((_SEED, n)), strength=STRENGTH)
        for n, rgb in enumerate(cutouts)
    ]
    figures = {}
    for name, load in {**models, "imagenet": ImageNetFeatures, "random": Chance}.items():
        try:
            figures[name] = _measured(load(), items, cutouts, changed)
        except ModuleNotFoundError as error:
            if name in models:
                raise
            report(f"{name} is left out: no package {error.name}")
            continue
        report(f"{name}: {figures[name]}")
    catalogue = {
        "items": len(items),
        "categories": len({item.category for item in items}),
        "with_colour": sum(bool(item.colour) for item in items),
        "titles": len({item.title for item in items}),
    }
    return {"catalogue": catalogue, "models": figures}


def precision(vectors_unit: Vectors, labels: Sequence[str], k: int) -> float | None:
    """Return the share of each row's k nearest others that have its label; None below two rows.

    >>> rows = np.eye(3, dtype=np.float32)[[0, 0, 1, 1]]
    >>> precision(rows, ["hat", "hat", "bag", "hat"], 1)
    0.5
    """
    if len(labels) < 2:
        return None
    scores = vectors_unit @ vectors_unit.T
    np.fill_diagonal(scores, -np.inf)
    nearest = np.argsort(-scores, axis=1, kind="stable")[:, : min(k, len(labels) - 1)]
    given = np.asarray(labels)
    return round(float((given[nearest] == given[:, None]).mean()), 4)


def title_ranks(titles_unit: Vectors, vectors_unit: Vectors, titles: Sequence[str]) -> NDArray[Any]:
    """Return (n,) ranks, from 1: of the best picture with a title, among all, for that title."""
    scores = titles_unit @ vectors_unit.T
    given = np.asarray(titles)
    own = np.where(given[:, None] == given[None], scores, -np.inf).max(axis=1)
    return np.asarray((scores > own[:, None]).sum(axis=1) + 1)


def _measured(
    model: Pictures, items: Sequence[CatalogItem], cutouts: Sequence[Rgb], changed: Sequence[Rgb]
) -> dict[str, Any]:
    model.encode_images(cutouts[:1])  # warms up
    started = time.perf_counter()
    vectors = model.encode_images(cutouts)
    ms = 1000 * (time.perf_counter() - started) / len(cutouts)
    again = np.argmax(model.encode_images(changed) @ vectors.T, axis=1)
    coloured = [n for n, item in enumerate(items) if item.colour]
    kinds = [item.category.value for item in items]
    colours = [items[n].colour.casefold() for n in coloured]
    return {
        "category_p1": precision(vectors, kinds, 1),
        "category_p10": precision(vectors, kinds, NEAREST),
        "colour_p1": precision(vectors[coloured], colours, 1),
        "colour_p10": precision(vectors[coloured], colours, NEAREST),
        "again_r1": round(float((again == np.arange(len(items))).mean()), 4),
        **_words(model, vectors, [item.title for item in items]),
        "ms_per_picture": round(ms, 2),
        "dim": int(vectors.shape[1]),
        "fingerprint": getattr(model, "fingerprint", ""),
    }


def _words(model: Pictures, vectors: Vectors, titles: Sequence[str]) -> dict[str, Any]:
    encode = getattr(model, "encode_texts", None)
    if encode is None:
        return {}
    ranks = title_ranks(encode(titles), vectors, titles)
    times = []
    for title in titles[:_TIMED_TEXTS]:
        started = time.perf_counter()
        encode([title])
        times.append(1000 * (time.perf_counter() - started))
    return {
        "title_r10": round(float((ranks <= NEAREST).mean()), 4),
        "title_median_rank": float(np.median(ranks)),
        "ms_per_text": round(statistics.median(times), 2),
    }


class Chance(RandomVectors):
    """Chance for words as well."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return (n, 256) float32 unit rows, new ones at every call."""
        return self.encode_images([np.zeros((1, 1, 3), np.uint8)] * len(texts))
