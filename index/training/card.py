"""The figures in the encoder's card: `python -m index.training.card` writes them from the results.

`docs/results/encoder.json` is what `recommender evaluate encoder` printed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path("docs/results/encoder.json")
CARD: Final = Path("index/weights/README.md")
BEGIN, END = "<!-- figures: written by python -m index.training.card -->", "<!-- end of figures -->"
PICTURES: Final = {
    "kind_p1": ("single garments: the nearest is of the same kind", 0.92),
    "kind_p10": ("the same of the ten nearest", 0.89),
    "cutout_kind_p1": ("worn garments: the nearest is of the same kind", None),
    "cutout_kind_p10": ("the same of the ten nearest", None),
    "finer_kind_p1": ("finer kinds (blazer, hoodie, polo): the nearest is of the same", None),
    "article_p1": ("product photos: the nearest is of the same article type", None),
    "article_p10": ("the same of the ten nearest", 0.80),
    "instance_r1": ("a strongly changed view finds its own garment first", 0.85),
    "colour_p10": ("ten nearest have the same main colour (CIEDE2000 up to 15)", 0.75),
}
WORDS: Final = {
    "text_p10": ('"colour kind": right among the first ten', 0.75),
    "article_text_p10": ('"colour article type" among product photos', 0.60),
    "pattern_text_p10": ('"pattern kind" on repainted and rendered cloth', 0.75),
    "caption_median_rank": ("rank of a held-out caption's own picture, median", None),
}
REFINED: Final = {
    "refined_p10": ('"this, but red", "this, but striped": right among the first ten', 0.60),
    "refined_colour_p10": ("the colours among them", None),
    "refined_pattern_p10": ("the patterns among them", None),
    "picture_alone_p10": ("the picture without the word", None),
    "words_alone_p10": ('the words "red shirt" without the picture', None),
}
TOLD: Final = ("accuracy", "commonest", "answered", "accuracy_answered", "calibration_error")


def tables(figures: Mapping[str, Any]) -> str:
    """Return the card's tables of an encoder's figures, in Markdown."""
    simple = "imagenet", "random"
    rows = [
        ["pictures to pictures", "encoder", "ImageNet features", "random vectors", "asked"],
        *(
            [
                what,
                *(f"{each[key]:.3f}" for each in (figures, *(figures[n] for n in simple))),
                _asked(least),
            ]
            for key, (what, least) in PICTURES.items()
        ),
    ]
    words = [
        ["words to pictures", "encoder", "chance", "asked"],
        *(
            [what, _number(figures[key]), _number(figures["chance"].get(key)), _asked(least)]
            for key, (what, least) in WORDS.items()
        ),
    ]
    refined = [
        [f"a picture and a word ({figures['wishes']} wishes)", "share", "asked"],
        *([what, _number(figures[key]), _asked(least)] for key, (what, least) in REFINED.items()),
    ]
    parts = [
        [
            "pictures to words",
            "garments",
            "right",
            "commonest answer",
            "answered",
            "right of these",
            "calibration error",
        ],
        *(
            [family, str(known["garments"]), *(_number(known.get(key)) for key in TOLD)]
            for family, known in figures["zero_shot"].items()
        ),
    ]
    return "\n\n".join(map(_table, (rows, words, refined, parts)))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if value > 1 else f"{value:.3f}"


def _asked(least: float | None) -> str:
    return "" if least is None else f"{least:.2f}"


def _table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def written(card: str, figures: Mapping[str, Any]) -> str:
    """Return the card with the tables of these figures between its two marks."""
    before, _, rest = card.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(figures)}\n\n{END}{after}"


if __name__ == "__main__":
    CARD.write_text(
        written(CARD.read_text("utf-8"), json.loads(RESULTS.read_text("utf-8"))), "utf-8"
    )
