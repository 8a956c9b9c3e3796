"""Measure an encoder: `recommender evaluate encoder --data DIR...`.

Every figure of pictures stands beside the same figure for frozen ImageNet features of the same
backbone and for random vectors, every figure of words beside chance, measured in the same run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders.encoder import Encoder, OpenClipEncoder
from index.training.examples.garments import Example, read_all
from index.training.examples.vocabulary import COLOUR, KIND, vocabulary_of
from index.training.measuring.calibration import answered, calibrated
from index.training.measuring.features import ImageNetFeatures, RandomVectors, Vectors
from index.training.measuring.neighbours import changed, neighbour_figures, share
from index.training.measuring.refining import refinement_figures, wardrobe
from index.training.measuring.words import (
    AnswerCosines,
    caption_figures,
    chance_of,
    colour_article_queries,
    colour_kind_queries,
    named,
    pattern_kind_queries,
    precision,
)
from segmentation.datasets.products.product_photos import is_product_photos
from segmentation.training.runs.loop import Report


def evaluate_encoder(
    folders: Sequence[Path],
    encoder: Encoder | None = None,
    *,
    report: Report = lambda _line: None,
) -> dict[str, Any]:
    """Return an encoder's figures on the held-out garments of some data sets.

    `kind_p1`, `kind_p10`: share of the nearest (ten nearest) single garments of the same kind, the
    gallery being all others; `cutout_kind_...`: the same of worn garments; `article_...`: of the article types of product photos,
    among held-out ones alone. `instance_r1`: a strongly
    changed view of a held-out garment finds its original first. `colour_p10`: share of the ten
    nearest whose measured main colour is the query's. `text_p10`, `pattern_text_p10`: share of
    right answers among the ten first for every "colour kind" and "pattern kind" query with at least
    ten right answers. `caption_median_rank`: of a caption's own picture. `zero_shot`: names for
    pictures, calibrated on training garments that were kept from training. `refined_p10`: "this,
    but red", and what the picture and the words alone would find.

    Args:
        folders: data sets in a layout that `index.training.examples.garments` reads.
        encoder: the shipped one if left out.
        report: receives progress lines.
    """
    encoder = encoder or OpenClipEncoder.load()
    held = read_all(folders, "val")
    trained = read_all([each for each in folders if not is_product_photos(each)], "train")
    gallery, again = held + trained, changed(held)
    report(f"{len(held)} held-out garments, {len(gallery)} in the gallery")
    pictures = [example.served() for example in gallery]
    figures: dict[str, Any] = {"held_out": len(held), "gallery": len(gallery)}
    simple: dict[str, ImageNetFeatures | RandomVectors] = {
        "imagenet": ImageNetFeatures(), "random": RandomVectors(),
    }  # fmt: skip
    for name, model in simple.items():
        vectors, second = model.encode_images(pictures), model.encode_images(again)
        figures[name] = neighbour_figures(gallery, len(held), vectors, second)
        report(f"{name}: {figures[name]}")
    vectors, second = encoder.encode_images(pictures), encoder.encode_images(again)
    figures |= neighbour_figures(gallery, len(held), vectors, second)
    report(f"encoder: {figures}")
    seen = Encoded(gallery, vectors)
    kept = seen.where([n >= len(held) and e.reserved for n, e in enumerate(gallery)])
    return figures | _word_figures(seen.first(len(held)), kept, encoder)


@dataclass(frozen=True)
class Encoded:
    """Garments and their vectors, in the same order."""

    examples: Sequence[Example]
    vectors: Vectors

    @classmethod
    def of(cls, examples: Sequence[Example], encoder: Encoder) -> Encoded:
        """Return garments with the vectors of their pictures as served."""
        return cls(examples, encoder.encode_images([example.served() for example in examples]))

    def first(self, count: int) -> Encoded:
        """Return the first garments."""
        return Encoded(self.examples[:count], self.vectors[:count])

    def where(self, wanted: Sequence[bool]) -> Encoded:
        """Return the garments for which `wanted` says so."""
        chosen = [example for example, yes in zip(self.examples, wanted, strict=True) if yes]
        return Encoded(chosen, self.vectors[np.array(wanted, dtype=bool)])

    def __add__(self, other: Encoded) -> Encoded:
        both = np.concatenate([self.vectors, other.vectors])
        return Encoded([*self.examples, *other.examples], both)


def _word_figures(held: Encoded, kept: Encoded, encoder: Encoder) -> dict[str, Any]:
    """Return what words find among the `held` garments; answers are calibrated on the `kept` ones."""
    dressed = Encoded.of(wardrobe(held.examples), encoder)
    cloth = dressed + held.where([bool(example.facts.pattern) for example in held.examples])
    kept_cloth = kept + Encoded.of(wardrobe(kept.examples), encoder)
    colours, patterns = colour_kind_queries(held.examples), pattern_kind_queries(cloth.examples)
    articles = colour_article_queries(held.examples)
    record = {family: _answers(family, held, kept, encoder) for family in ("sleeve", "length")}
    return {
        "text_p10": precision(colours, held.vectors, encoder),
        "text_queries": len(colours),
        "article_text_p10": precision(articles, held.vectors, encoder),
        "article_text_queries": len(articles),
        "pattern_text_p10": precision(patterns, cloth.vectors, encoder),
        "pattern_text_queries": len(patterns),
        **caption_figures(held.examples, held.vectors, encoder),
        **refinement_figures(dressed.examples, dressed.vectors, encoder),
        "zero_shot": {
            **{family: _names(family, held, kept, encoder) for family in (KIND, COLOUR)},
            "pattern": _answers("pattern", cloth, kept_cloth, encoder),
            **record,
        },
        "chance": {
            "text_p10": chance_of(colours),
            "article_text_p10": chance_of(articles),
            "pattern_text_p10": chance_of(patterns),
            "caption_median_rank": (len(held.examples) + 1) / 2,
        },
    }


def _names(family: str, held: Encoded, kept: Encoded, encoder: Encoder) -> dict[str, Any]:
    """Return how well kinds or main colours are recognised."""
    vocabulary = vocabulary_of(example.facts for example in held.examples)
    words = [w for w in vocabulary[family] if w.category is None or w.name == w.category.value]
    fitting = named(kept.examples, kept.vectors, words, encoder)
    return _figures(named(held.examples, held.vectors, words, encoder), fitting)


def _answers(family: str, held: Encoded, kept: Encoded, encoder: Encoder) -> dict[str, Any]:
    """Return how well patterns, sleeves or lengths are recognised, in the words that serving uses."""
    fitting = answered(family, kept.examples, kept.vectors, encoder)
    return _figures(answered(family, held.examples, held.vectors, encoder), fitting)


def _figures(measured: AnswerCosines, fitting: AnswerCosines) -> dict[str, Any]:
    if not (len(measured.cosines) and len(fitting.cosines)):
        return {"garments": 0}
    figures: dict[str, Any] = calibrated(*fitting).figures(*measured)
    commonest = measured.true[:, measured.true.sum(axis=0).argmax()]
    return {**figures, "commonest": share(commonest)}
