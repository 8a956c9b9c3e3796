"""Measure an encoder: `recommender evaluate encoder --data DIR...`.

Every figure stands beside the same figure for frozen ImageNet features of the same backbone and
for chance, measured in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import timm
import torch
from numpy.typing import NDArray

from index.encoder import WEIGHTS, OpenClipEncoder
from index.training.captions import caption
from index.training.examples import SINGLE, Example, read_all
from index.training.train import normalised
from index.training.views import view
from segmentation.backbone import NAME, imagenet_state
from segmentation.garments import Rgb
from segmentation.training.loop import Report

Vectors: TypeAlias = NDArray[np.float32]
"""(n, d) float32 unit rows."""
MIN_RIGHT = 10
"""A "colour + kind" query counts where at least this many pictures are right answers."""
STRONG = 2.0
"""Strength of the changed second view: twice that of training."""


def evaluate_encoder(
    folders: Sequence[Path],
    weights: Path = WEIGHTS,
    *,
    report: Report = lambda _line: None,
) -> dict[str, Any]:
    """Return the encoder's figures on the held-out garments of some data sets.

    `kind_p1`, `kind_p10`: share of the nearest (ten nearest) garments of the same kind; held-out
    garments are the queries, all other garments of the same data set the gallery.
    `instance_r1`: a strongly changed view of a held-out garment finds its original first.
    `colour_p10`: share of the ten nearest cut-outs whose measured main colour is the query's.
    `text_p10`: share of right answers among the ten first for every "colour kind" query with at
    least ten right answers. `caption_median_rank`: of the right picture for its caption.
    `zero_shot_kind`: pictures named rightly by the nearest "a <kind>".
    """
    held = read_all(folders, "val")
    gallery = held + read_all(folders, "train")
    report(f"{len(held)} held-out garments, {len(gallery)} in the gallery")
    encoder = OpenClipEncoder.load(weights)
    changed = [
        view(e.rgb, np.random.default_rng((7, n)), strength=STRONG) for n, e in enumerate(held)
    ]
    figures: dict[str, Any] = {"held_out": len(held), "gallery": len(gallery)}
    models: dict[str, Callable[[list[Rgb]], Vectors]] = {
        "encoder": encoder.encode_images,
        "imagenet": ImageNetFeatures(),
        "random": RandomVectors(),
    }
    for name, encode in models.items():
        vectors = encode([example.rgb for example in gallery])
        again = encode(changed)
        measured = _picture_figures(gallery, len(held), vectors, again)
        if name == "encoder":
            measured |= _word_figures(held, vectors[: len(held)], encoder)
            figures |= measured
        else:
            figures[name] = measured
        report(f"{name}: {measured}")
    figures["chance"] = _chance(held)
    return figures


class ImageNetFeatures:
    """Pooled features of the untouched backbone: the simple thing to beat."""

    def __init__(self) -> None:
        model = timm.create_model(NAME, num_classes=0)
        wanted = model.state_dict().keys()
        state = imagenet_state()
        model.load_state_dict({name: state[name] for name in wanted})
        self._model = model.eval().to(memory_format=torch.channels_last)

    def __call__(self, images_rgb: list[Rgb]) -> Vectors:
        """Return (n, 1280) float32 unit rows."""
        rows = []
        with torch.inference_mode():
            for start in range(0, len(images_rgb), 32):
                batch = torch.stack([normalised(rgb) for rgb in images_rgb[start : start + 32]])
                rows.append(self._model(batch.contiguous(memory_format=torch.channels_last)))
        return torch.nn.functional.normalize(torch.cat(rows), dim=-1).numpy()


class RandomVectors:
    """Chance: unit rows that know nothing of their pictures, new ones at every call."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def __call__(self, images_rgb: list[Rgb]) -> Vectors:
        """Return (n, 256) float32 unit rows."""
        rows = self._rng.standard_normal((len(images_rgb), 256)).astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _picture_figures(
    gallery: list[Example], held: int, vectors: Vectors, again: Vectors
) -> dict[str, float]:
    source = np.array([example.source for example in gallery])
    group = np.array([example.group for example in gallery])
    colour = np.array([example.colours[0] if example.colours else "" for example in gallery])
    scores = vectors[:held] @ vectors.T
    scores[np.arange(held), np.arange(held)] = -np.inf
    scores[source[:held, None] != source[None]] = -np.inf  # stay within one data set
    order = np.argsort(-scores, axis=1)[:, :10]
    same_kind = group[order] == group[:held, None]
    single = source[:held] == SINGLE
    cut = (colour[:held] != "") & ~single
    instance = np.argmax(again @ vectors.T, axis=1) == np.arange(held)
    return {
        "kind_p1": _share(same_kind[single, 0]),
        "kind_p10": _share(same_kind[single]),
        "cutout_kind_p1": _share(same_kind[~single, 0]),
        "cutout_kind_p10": _share(same_kind[~single]),
        "instance_r1": _share(instance),
        "colour_p10": _share((colour[order] == colour[:held, None])[cut]),
    }


def _word_figures(
    held: list[Example], vectors: Vectors, encoder: OpenClipEncoder
) -> dict[str, float]:
    words = _colour_kind_queries(held)
    hits = [
        np.isin(np.argsort(-(vectors @ encoder.encode_texts([query])[0]))[:10], list(right)).mean()
        for query, right in words.items()
    ]
    rng = np.random.default_rng(11)
    captions = [caption(example, rng) for example in held]
    similar = encoder.encode_texts(captions) @ vectors.T
    ranks = (similar > similar[np.arange(len(held)), np.arange(len(held)), None]).sum(axis=1) + 1
    kinds = sorted({example.category.value for example in held})
    guessed = np.argmax(vectors @ encoder.encode_texts([f"a {kind}" for kind in kinds]).T, axis=1)
    named = [kinds[guess] == e.category.value for guess, e in zip(guessed, held, strict=True)]
    return {
        "text_queries": len(words),
        "text_p10": _share(np.array(hits)),
        "caption_median_rank": float(np.median(ranks)),
        "zero_shot_kind": _share(np.array(named)),
    }


def _colour_kind_queries(held: list[Example]) -> dict[str, set[int]]:
    right: dict[str, set[int]] = {}
    for number, example in enumerate(held):
        if example.colours:
            query = f"{example.colours[0]} {example.category.value}"
            right.setdefault(query, set()).add(number)
    return {query: numbers for query, numbers in right.items() if len(numbers) >= MIN_RIGHT}


def _chance(held: list[Example]) -> dict[str, float]:
    words = _colour_kind_queries(held)
    kinds = {example.category for example in held}
    return {
        "text_p10": _share(np.array([len(right) / len(held) for right in words.values()])),
        "caption_median_rank": (len(held) + 1) / 2,
        "zero_shot_kind": round(1 / max(1, len(kinds)), 4),
    }


def _share(values: NDArray[Any]) -> float:
    return round(float(values.mean()), 4) if values.size else 0.0
