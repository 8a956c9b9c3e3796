"""A hundred queries and what they find, to look at: `python -m index.training.contact_sheets DATA... --out DIR`.

Each row is a query and its ten nearest held-out pictures; what is wrong by the labels has a red
frame. Sheets of photos of people stay on the machine that draws them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image

from index.encoders.composed_retrieval import refined
from index.encoders.encoder import WEIGHTS, Encoder, OpenClipEncoder
from index.model.patterns import allowed_by
from index.training.examples.captions import PATTERN_WORDS
from index.training.examples.garments import Example, read_all
from index.training.measuring.features import Vectors
from index.training.measuring.neighbours import NEAREST
from index.training.measuring.refining import COMMON, wardrobe
from index.training.measuring.words import colour_kind_queries, pattern_kind_queries
from segmentation.common.commands import run
from segmentation.common.cutouts import NEUTRAL
from segmentation.common.garments import Rgb

TILE: Final = 112
ROWS: Final = 10
LIKE, COLOURS, PATTERNS, CHANGED = 40, 30, 15, 15
"""How many queries of each sort: a picture, colour + kind, pattern + kind, "this, but ..."."""
WRONG: Final = (220, 30, 30)


@dataclass(frozen=True)
class Row:
    """A query and the pictures that it finds.

    Attributes:
        label: the words, or what is known of the picture.
        asked: the query's picture, if it has one.
        found: pictures, nearest first.
        right: whether each is a right answer.
    """

    label: str
    asked: Rgb | None
    found: Sequence[Rgb]
    right: Sequence[bool]


def rows_of(examples: Sequence[Example], encoder: Encoder) -> Iterator[Row]:
    """Yield a hundred rows, or fewer where there is less to ask."""
    vectors = encoder.encode_images([example.served() for example in examples])
    yield from _alike(examples, vectors)
    dressed = wardrobe(examples)
    painted = encoder.encode_images([example.served() for example in dressed])
    for queries, garments, rows, count in (
        (colour_kind_queries(examples), examples, vectors, COLOURS),
        (pattern_kind_queries(dressed), dressed, painted, PATTERNS),
    ):
        yield from _said(queries, garments, rows, encoder, count)
    yield from _changed(dressed, painted, encoder)


def _alike(examples: Sequence[Example], vectors: Vectors) -> Iterator[Row]:
    for place in np.random.default_rng(1).permutation(len(examples))[:LIKE]:
        scores = vectors @ vectors[place]
        scores[place] = -np.inf
        asked = examples[place]
        nearest = [examples[n] for n in np.argsort(-scores)[:NEAREST]]
        right = [one.facts.category == asked.facts.category for one in nearest]
        label = f"{' '.join(asked.facts.colours)} {asked.facts.name}"
        yield Row(label, asked.served(), [one.served() for one in nearest], right)


def _said(
    queries: dict[str, NDArray[np.bool_]],
    examples: Sequence[Example],
    vectors: Vectors,
    encoder: Encoder,
    count: int,
) -> Iterator[Row]:
    texts = list(queries)
    for place in np.random.default_rng(2).permutation(len(texts))[:count]:
        text = texts[place]
        order = np.argsort(-(vectors @ encoder.encode_texts([text])[0]))[:NEAREST]
        found = [examples[n].served() for n in order]
        yield Row(text, None, found, queries[text][order].tolist())


def _changed(garments: Sequence[Example], vectors: Vectors, encoder: Encoder) -> Iterator[Row]:
    rng = np.random.default_rng(3)
    all_words = [*COMMON, *(words[0] for name, words in PATTERN_WORDS.items() if name != "plain")]
    plain = [n for n, garment in enumerate(garments) if garment.facts.pattern == "plain"]
    for place in rng.permutation(plain)[:CHANGED]:
        word, asked = str(rng.choice(all_words)), garments[place]
        words = encoder.encode_texts([f"{word} {asked.facts.category.value}"])
        query = refined(vectors[place][None], words)[0]
        scores = np.where([g.id == asked.id for g in garments], -np.inf, vectors @ query)
        nearest = [garments[n] for n in np.argsort(-scores)[:NEAREST]]
        right = [
            one.facts.category == asked.facts.category
            and (one.facts.colours[0] == word or one.facts.pattern in allowed_by([word]))
            for one in nearest
        ]
        label = f"{asked.facts.name}, but {word}"
        yield Row(label, asked.served(), [one.served() for one in nearest], right)


def drawn(rows: Sequence[Row]) -> Rgb:
    """Return one sheet: a row of tiles for each query, its words at the left."""
    return np.concatenate([_row(row) for row in rows])


def _row(row: Row) -> Rgb:
    head = np.full((TILE, TILE, 3), NEUTRAL, dtype=np.uint8)
    if row.asked is not None:
        head = _tile(row.asked)
    for line, word in enumerate(row.label.split()):
        where = (3, 12 + 12 * line)
        cv2.putText(head, word, where, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (255, 255, 255), 1)
    tiles = [_tile(rgb) for rgb in row.found]
    for tile, right in zip(tiles, row.right, strict=True):
        if not right:
            cv2.rectangle(tile, (0, 0), (TILE - 1, TILE - 1), WRONG, 3)
    return np.concatenate([head, *tiles], axis=1)


def _tile(rgb: Rgb) -> Rgb:
    return np.asarray(cv2.resize(rgb, (TILE, TILE), interpolation=cv2.INTER_AREA), np.uint8)


app = typer.Typer(add_completion=False)


@app.command()
def sheets(
    data: list[Path], out: Annotated[Path, typer.Option()], encoder: str = str(WEIGHTS)
) -> None:
    """Draw sheets of ten queries each."""
    rows = list(rows_of(read_all(data, "val"), OpenClipEncoder(encoder)))
    out.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(rows), ROWS):
        path = out / f"queries-{first:03d}.png"
        Image.fromarray(drawn(rows[first : first + ROWS])).save(path)
        typer.echo(str(path))


if __name__ == "__main__":
    run(app)
