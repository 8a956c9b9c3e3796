"""How sure is sure: the temperature and the threshold at which an encoder's answers are believed.

Fitted on garments that are kept from training, never on a `val` split.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.encoders.attribute_prompts import FILE
from index.encoders.encoder import Encoder
from index.training.examples.captions import (
    LENGTH_FRAMES,
    LENGTH_WORDS,
    PATTERN_FRAMES,
    PATTERN_WORDS,
    SLEEVE_FRAMES,
    SLEEVE_WORDS,
)
from index.training.examples.garments import Example
from index.training.measuring.features import Vectors
from index.training.measuring.refining import wardrobe
from index.training.measuring.words import AnswerCosines
from segmentation.common.taxonomy import Category
from segmentation.training.runs.loop import Report

BELIEVED: Final = 0.9
"""The share of given answers that should be right."""
TEMPERATURES: Final = np.geomspace(0.005, 0.3, 60)
NEVER: Final = 1.0
"""The threshold of a family whose answers are not believed however sure they are."""
FEWEST: Final = 20
"""A family is not calibrated on fewer garments than this."""
SLEEVED: Final = (
    Category.SHIRT, Category.TOP, Category.SWEATER, Category.CARDIGAN, Category.JACKET,
    Category.DRESS, Category.JUMPSUIT,
)  # fmt: skip
CUT_TO_LENGTH: Final = (Category.DRESS, Category.SKIRT, Category.PANTS)
ASKED_OF: Final = {"pattern": (), "sleeve": SLEEVED, "length": CUT_TO_LENGTH}
"""Family -> the kinds that it is asked of; all where empty."""


@dataclass(frozen=True)
class Calibration:
    """How a family's cosines become chances, and from which chance on an answer is given."""

    temperature: float
    threshold: float

    def chances(self, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (n, answers) shares of the softmax."""
        logits = cosines.astype(np.float64) / self.temperature
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def figures(self, cosines: NDArray[np.float32], true: NDArray[np.bool_]) -> dict[str, float]:
        """Return accuracy over all, share answered, accuracy of the answers, calibration error."""
        chances = self.chances(cosines)
        best = chances.argmax(axis=1)
        right = true[np.arange(len(best)), best]
        sure = chances.max(axis=1)
        answered = sure >= self.threshold
        return {
            "accuracy": _mean(right),
            "answered": _mean(answered),
            "accuracy_answered": _mean(right[answered]),
            "calibration_error": expected_calibration_error(sure, right),
            "garments": len(best),
        }


def calibrated(cosines: NDArray[np.float32], true: NDArray[np.bool_]) -> Calibration:
    """Return the temperature of least cross-entropy, and the least threshold that is believed.

    Where no threshold makes `BELIEVED` of the answers right, it is `NEVER`.

    Args:
        cosines: (n, answers).
        true: (n, answers), at least one a row.
    """

    def cross_entropy(temperature: float) -> float:
        chances = Calibration(temperature, 0.0).chances(cosines)
        return float(-np.log(np.maximum((chances * true).sum(axis=1), 1e-9)).mean())

    temperature = float(min(TEMPERATURES, key=cross_entropy))
    chances = Calibration(temperature, 0.0).chances(cosines)
    sure, best = chances.max(axis=1), chances.argmax(axis=1)
    order = np.argsort(-sure)
    right = true[np.arange(len(best)), best][order]
    running = np.cumsum(right) / np.arange(1, len(right) + 1)
    believed = np.flatnonzero(running >= BELIEVED)
    threshold = float(sure[order][believed[-1]]) if believed.size else NEVER
    return Calibration(round(temperature, 4), round(threshold, 4))


def expected_calibration_error(
    sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10
) -> float:
    """Return the mean gap between how sure and how often right (Guo et al., 2017), 0 to 1.

    >>> expected_calibration_error(np.array([0.95, 0.95]), np.array([True, False]))
    0.45
    """
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[which == at].mean() - right[which == at].mean()) * (which == at).mean()
        for at in range(bins)
        if (which == at).any()
    ]
    return round(float(sum(gaps)), 4)


def _mean(values: NDArray[Any]) -> float:
    return round(float(values.mean()), 4) if values.size else 0.0


def attribute_words() -> dict[str, dict[str, list[str]]]:
    """Return family -> answer -> phrases, in the words that training used."""
    return {
        "pattern": _phrases(PATTERN_WORDS, PATTERN_FRAMES),
        "sleeve": _phrases({name: (word,) for name, word in SLEEVE_WORDS.items()}, SLEEVE_FRAMES),
        "length": _phrases({name: (word,) for name, word in LENGTH_WORDS.items()}, LENGTH_FRAMES),
    }


def _phrases(words: Mapping[str, Sequence[str]], frames: Iterable[str]) -> dict[str, list[str]]:
    return {name: [frame.format(same[0]) for frame in frames] for name, same in words.items()}


def write_attributes(
    folder: Path, encoder: Encoder, reserved: Sequence[Example], report: Report
) -> None:
    """Calibrate an encoder's attributes and write them beside its weights, for serving to read.

    Args:
        folder: the encoder's `local-dir:`.
        encoder: the very one.
        reserved: garments that it was not trained on; the plain ones are repainted as well.
        report: receives a line a family.
    """
    garments = [*reserved, *wardrobe(reserved)]
    vectors = encoder.encode_images([garment.served() for garment in garments])
    families = {}
    for name, answers in attribute_words().items():
        result = answered(name, garments, vectors, encoder)
        if len(result.cosines) < FEWEST:
            report(f"{name}: {len(result.cosines)} garments are too few to calibrate on; left out")
            continue
        fitted = calibrated(*result)
        report(f"{name}: {fitted}, {fitted.figures(*result)}")
        if fitted.threshold == NEVER:
            continue
        families[name] = {
            "temperature": fitted.temperature,
            "threshold": fitted.threshold,
            "answers": answers,
            "categories": [category.value for category in ASKED_OF[name]],
        }
    (folder / FILE).write_text(json.dumps(families, indent=2) + "\n")


def answered(
    family: str, garments: Sequence[Example], vectors: Vectors, encoder: Encoder
) -> AnswerCosines:
    """Return how near the garments whose answer is known are to each answer.

    Args:
        family: pattern, sleeve or length.
        garments: as many as vectors.
        vectors: (len(garments), d) unit rows.
        encoder: that made the vectors.
    """
    answers = attribute_words()[family]
    rows = np.stack([encoder.encode_texts(phrases).mean(axis=0) for phrases in answers.values()])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    asked = ASKED_OF[family]
    known = [
        number
        for number, garment in enumerate(garments)
        if getattr(garment.facts, family) in answers
        and (not asked or garment.facts.category in asked)
    ]
    true = [[getattr(garments[n].facts, family) == name for name in answers] for n in known]
    truth = np.array(true, dtype=bool).reshape(len(known), len(answers))
    return AnswerCosines(vectors[known] @ rows.T, truth)
