"""Calibrate when an answer is relevant: `python -m index.training.measuring.relevance DATA... --encoder FOLDER`.

The curves are fitted to the training halves of the data: the questions are garments that were kept from
the encoder's training, put to catalogues of the others. `val` is only measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.encoders.encoder import WEIGHTS, OpenClipEncoder
from index.encoders.relevance import FILE, Curve, Relevance
from index.training.examples.garments import SINGLE, Example, read_examples
from index.training.measuring.asking import LEFT, TextQueries, measured, pictures_asked, texts_asked
from index.training.measuring.evaluate import Encoded
from index.training.measuring.identity import copies_found, nearest_other, originals, threshold
from index.training.measuring.neighbours import share
from index.training.measuring.refining import wardrobe
from segmentation.common.commands import run
from segmentation.training.runs.loop import Report

KEPT: Final = 0.95
"""The share of relevant answers that the cut-off must leave: of those among the first ten of all, and of
those that a filter leaves alone."""
MOST: Final = 3000
"""Maximum number of garments of a split in a catalogue."""
SMALL: Final = 300
"""Garments of a small catalogue: what is ten nearest depends on the size."""
BATCH: Final = 64
_NOTHING: Final = np.zeros((0, 0, 3), np.uint8)


def gathered(
    folders: Sequence[Path], split: str, encoder: OpenClipEncoder
) -> tuple[Encoded, Encoded]:
    """Return the garments of a split with their vectors, and what repainting makes of some.

    Pixels are let go as soon as they are encoded. Of the training half only what was kept from
    training is repainted.
    """
    seen: list[Encoded] = []
    painted: list[Encoded] = []
    batch: list[Example] = []
    known: set[str] = set()

    def encode() -> None:
        seen.append(_light(batch, encoder))
        dressed = wardrobe([e for e in batch if split != "train" or e.reserved])
        painted.append(_light(dressed, encoder))
        batch.clear()

    for folder in folders:
        for example in read_examples(folder, split, known):
            batch.append(example)
            if len(batch) >= BATCH:
                encode()
        known |= {example.id for each in seen for example in each.examples if example.whole}
    encode()
    return _joined(seen), _joined(painted)


def _light(examples: Sequence[Example], encoder: OpenClipEncoder) -> Encoded:
    vectors = encoder.encode_images([example.served() for example in examples])
    return Encoded([replace(each, rgb=_NOTHING, mask=None) for each in examples], vectors)


def _joined(parts: Sequence[Encoded]) -> Encoded:
    examples = [example for part in parts for example in part.examples]
    return Encoded(examples, np.concatenate([part.vectors for part in parts]))


def drawn(encoded: Encoded, count: int) -> Encoded:
    """Return up to `count` garments, evenly drawn."""
    places = np.linspace(0, len(encoded.examples) - 1, min(count, len(encoded.examples)))
    chosen = set(places.astype(int).tolist())
    return encoded.where([place in chosen for place in range(len(encoded.examples))])


def picture_questions(encoded: Encoded, *, reserved: bool) -> list[TextQueries]:
    """Return garments put to catalogues of their source: all of it, and a small part.

    Args:
        encoded: garments.
        reserved: only those ask that were kept from training, and only the others answer.
    """
    made = []
    for source in sorted({example.source for example in encoded.examples}):
        of_it = encoded.where([example.source == source for example in encoded.examples])
        asking = of_it.where([e.reserved or not reserved for e in of_it.examples])
        answering = of_it.where([not (e.reserved and reserved) for e in of_it.examples])
        for size in (MOST, SMALL):
            if size < len(answering.examples) or size == MOST:
                shop = drawn(answering, size)
                made.append(
                    pictures_asked(asking.examples, asking.vectors, shop.examples, shop.vectors)
                )
    return [asked for asked in made if asked.cosines.size]


def text_questions(
    encoded: Encoded, painted: Encoded, encoder: OpenClipEncoder, *, reserved: bool
) -> list[TextQueries]:
    """Return texts put to a catalogue of garments and repainted ones.

    Args:
        encoded: garments.
        painted: repainted ones.
        encoder: made the vectors.
        reserved: the catalogues are what was kept from training, alone and with some of the rest.
    """
    if not reserved:
        return [texts_asked(*_shop(encoded + painted), encoder)]
    kept = encoded.where([example.reserved for example in encoded.examples])
    rest = encoded.where([not example.reserved for example in encoded.examples])
    shops = [kept + painted] + [kept + painted + drawn(rest, size) for size in (SMALL, MOST // 2)]
    return [texts_asked(*_shop(shop), encoder) for shop in shops]


def _shop(encoded: Encoded) -> tuple[Sequence[Example], NDArray[np.float32]]:
    return encoded.examples, encoded.vectors


def fitted(questions: Sequence[TextQueries]) -> Curve:
    """Return the logistic curve of least cross-entropy, and the chance from which on `KEPT` is kept.

    Every question counts alike, however many items it is put to.
    """
    rows = [_weighed(asked) for asked in questions]
    x, y, w = (np.concatenate(part) for part in zip(*rows, strict=True))
    signs = np.where(y, 1.0, -1.0)

    def cross_entropy(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (x @ at)
        slope = -w * signs / (1 + np.exp(np.clip(margins, -500, 500)))
        return float((w * np.logaddexp(0, -margins)).sum() / w.sum()), x.T @ slope / w.sum()

    bounds = [(0, 50), (0, 50), (-50, 50)]
    found = minimize(cross_entropy, np.zeros(3), jac=True, method="L-BFGS-B", bounds=bounds).x
    of_kind, cosine, intercept = (round(float(number), 3) for number in found)
    curve = Curve(of_kind=of_kind, cosine=cosine, intercept=intercept, least=0.0)
    firsts = [asked.chances(curve)[asked.nearest() & asked.right] for asked in questions]
    alone = [
        asked.chances(curve)[shown & asked.right]
        for asked in questions
        for shown in (asked.of_a_brand(left) for left in LEFT)
    ]
    least = min(float(np.quantile(np.concatenate(part), 1 - KEPT)) for part in (firsts, alone))
    return curve.model_copy(update={"least": math.floor(least * 1e4) / 1e4})


def _weighed(
    asked: TextQueries,
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    weights = asked.known / np.maximum(asked.known.sum(axis=1, keepdims=True), 1)
    here = asked.known
    ones = np.ones(int(here.sum()))
    x = np.column_stack([asked.of_kind[here], asked.cosines[here], ones])
    return x, asked.right[here], weights[here]


def calibrate(
    folders: Sequence[Path], encoder: OpenClipEncoder, report: Report
) -> tuple[Relevance, dict[str, Any]]:
    """Return what was fitted on the training halves, and its figures on the held-out ones."""
    train, painted = gathered(folders, "train", encoder)
    report(f"{len(train.examples)} garments to calibrate on, {len(painted.examples)} repainted")
    pictures = picture_questions(train, reserved=True)
    texts = text_questions(train, painted, encoder, reserved=True)
    identical = threshold(_alone(train))
    result = Relevance(
        fingerprint=encoder.fingerprint,
        picture=fitted(pictures),
        words=fitted(texts),
        identical=identical,
    )
    report(f"fitted: {result}")
    held, dressed = gathered(folders, "val", encoder)
    report(f"{len(held.examples)} held-out garments, {len(dressed.examples)} repainted")
    merged = {
        name: share(_alone(one) >= identical) for name, one in (("train", train), ("val", held))
    }
    copies = copies_found(originals(folders, "val"), encoder, identical)
    return result, {
        "picture": [
            measured(asked, result.picture) for asked in picture_questions(held, reserved=False)
        ],
        "words": [
            measured(asked, result.words)
            for asked in text_questions(held, dressed, encoder, reserved=False)
        ],
        "identical": {"different_merged": merged, "copies_found": copies},
    }


def _alone(encoded: Encoded) -> NDArray[np.float32]:
    """Return how near each single garment is to the nearest other of its kind; of all without singles."""
    single = [example.source == SINGLE for example in encoded.examples]
    chosen = encoded.where(single) if any(single) else encoded
    kinds = np.array([example.facts.category.value for example in chosen.examples])
    return nearest_other(kinds, chosen.vectors)


app = typer.Typer(add_completion=False)


@app.command()
def relevance(
    data: list[Path],
    encoder: Annotated[
        Path, typer.Option(help="A folder; its calibration is written there.")
    ] = WEIGHTS,
    write: Annotated[bool, typer.Option(help="Write the calibration beside the weights.")] = True,
) -> None:
    """Calibrate an encoder's relevance, and print what it is worth on the held-out halves."""
    model = OpenClipEncoder.load(encoder)
    value, figures = calibrate(data, model, lambda line: typer.echo(line, err=True))
    if write:
        (encoder / FILE).write_text(value.model_dump_json(indent=2) + "\n")
    typer.echo(json.dumps({"calibration": value.model_dump(), **figures}, indent=2))


if __name__ == "__main__":
    run(app)
