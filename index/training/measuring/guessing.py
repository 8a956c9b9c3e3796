"""How honest an encoder's guess of a kind is: `python -m index.training.measuring.guessing DATA...`.

Temperature and least confidence are fitted on the garments that are kept from training, of the `train`
split alone, and written beside the encoder's weights; figures on `val` are printed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer
from numpy.typing import NDArray

from index.encoders.encoder import WEIGHTS, Encoder, OpenClipEncoder
from index.encoders.zero_shot_classifier import FILE, WORDS, Calibration
from index.training.examples.garments import SINGLE, Example, read_all
from index.training.measuring.calibration import BELIEVED, TEMPERATURES, expected_calibration_error
from index.training.measuring.evaluate import Encoded
from segmentation.common.commands import run
from segmentation.common.taxonomy import Category

ASKED: Final = (0.5, 0.7, 0.9)
"""Confidences at which precision is reported."""
DEVIATIONS: Final = 1.645
"""One-sided 95 %."""
NEVER: Final = 1.0
"""The least confidence of an encoder whose guesses are not believed however sure they are."""


def calibrated(encoded: Encoded, encoder: Encoder) -> Calibration:
    """Return the temperature of least cross-entropy, and the least confidence to believe.

    Args:
        encoded: garments that the encoder was not trained on.
        encoder: the very one.
    """
    words = {kind: list(WORDS[kind]) for kind in Category}
    cosines = encoded.vectors @ encoder.encode_texts([w for ws in words.values() for w in ws]).T
    true = np.array([example.facts.category.id for example in encoded.examples])

    def fitted(temperature: float, least: float = 0.0) -> Calibration:
        return Calibration(temperature=round(temperature, 4), least=round(least, 4), words=words)

    def cross_entropy(temperature: float) -> float:
        shares = fitted(temperature).shares(cosines)[np.arange(len(true)), true]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    temperature = float(min(TEMPERATURES, key=cross_entropy))
    shares = fitted(temperature).shares(cosines)
    return fitted(temperature, least_believed(shares.max(axis=1), shares.argmax(axis=1) == true))


def least_believed(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the least confidence from which on guesses are right often enough, `NEVER` for none.

    Often enough: the lower end of Wilson's interval of their precision is `BELIEVED`. A running share
    alone would promise too much of a few hundred garments.

    >>> least_believed(np.linspace(1, 0.5, 6), np.ones(6, dtype=bool))
    1.0
    >>> round(least_believed(np.linspace(1, 0.5, 101), np.ones(101, dtype=bool)), 2)
    0.5
    """
    order = np.argsort(-sure, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    lows = [_low(float(share), count) for count, share in enumerate(shares, start=1)]
    believed = [at for at, low in enumerate(lows) if low >= BELIEVED]
    return float(sure[order][believed[-1]]) if believed else NEVER


def _low(share: float, count: int) -> float:
    """Return the lower end of Wilson's interval of a share of `count` garments."""
    z2 = DEVIATIONS**2 / count
    spread = DEVIATIONS * sqrt(share * (1 - share) / count + z2 / (4 * count))
    return (share + z2 / 2 - spread) / (1 + z2)


def figures(
    examples: Sequence[Example], cosines: NDArray[np.float32], calibration: Calibration
) -> dict[str, Any]:
    """Return how often guesses are right and how honest their confidence is.

    Args:
        examples: n garments.
        cosines: (n, phrases) to the calibration's phrases.
        calibration: how they are asked.
    """
    true = np.array([example.facts.category.id for example in examples])
    shares = calibration.shares(cosines)
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == true
    single = np.array([example.source == SINGLE for example in examples])
    return {
        "garments": len(true),
        "accuracy": _share(right),
        "accuracy_single": _share(right[single]),
        "accuracy_worn": _share(right[~single]),
        "commonest": _share(true == np.bincount(true).argmax()),
        "calibration_error": expected_calibration_error(sure, right),
        "precision": {
            f"{least:g}": {"of": _share(sure >= least), "right": _share(right[sure >= least])}
            for least in (*ASKED, calibration.least)
        },
    }


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 4) if values.size else 0.0


app = typer.Typer(add_completion=False)


@app.command()
def guessing(
    data: list[Path],
    encoder: Annotated[Path, typer.Option(help="The encoder's local-dir.")] = WEIGHTS,
) -> None:
    """Calibrate an encoder's guesses of kinds, write them beside it, and print the figures."""
    model = OpenClipEncoder.load(encoder)
    kept = Encoded.of([e for e in read_all(data, "train") if e.reserved], model)
    calibration = calibrated(kept, model)
    (encoder / FILE).write_text(calibration.model_dump_json(indent=1) + "\n", "utf-8")
    held = Encoded.of(read_all(data, "val"), model)
    rows = model.encode_texts([text for each in calibration.words.values() for text in each])
    record = {
        "temperature": calibration.temperature,
        "least": calibration.least,
        "kept": figures(kept.examples, kept.vectors @ rows.T, calibration),
        "held_out": figures(held.examples, held.vectors @ rows.T, calibration),
    }
    typer.echo(json.dumps(record))


if __name__ == "__main__":
    run(app)
