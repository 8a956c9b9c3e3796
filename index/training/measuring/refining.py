"""A picture and a word together ("this, but red"), measured on garments repainted for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.encoders.composed_retrieval import refined
from index.encoders.encoder import Encoder
from index.model.patterns import allowed_by
from index.training.examples.captions import PATTERN_WORDS
from index.training.examples.garments import Example
from index.training.examples.repainting import (
    SOLID_KINDS,
    WEAVES,
    Paint,
    is_plain,
    jittered,
    patterned_look,
    repainted,
)
from index.training.measuring.features import Vectors
from index.training.measuring.neighbours import NEAREST, share
from index.training.measuring.words import MIN_RIGHT
from segmentation.common.colours import PALETTE

COMMON: Final = (
    "black", "white", "grey", "navy", "blue", "red", "green", "yellow", "pink", "brown",
)  # fmt: skip
"""The colours that people refine by."""
COLOURS_EACH, PATTERNS_EACH = 4, 4


def wardrobe(examples: Sequence[Example], seed: int = 5) -> list[Example]:
    """Return every plain garment repainted in some common colours, and patterned where it may be."""
    made = []
    for number, example in enumerate(e for e in examples if is_plain(e)):
        rng = np.random.default_rng((seed, number))
        colours = rng.permutation(COMMON)[:COLOURS_EACH]
        grounds = rng.choice(list(PALETTE), PATTERNS_EACH)
        looks = [_plain(str(name), rng) for name in colours]
        if example.facts.category not in SOLID_KINDS:
            looks += [patterned_look(str(name), jittered(str(name), rng), rng) for name in grounds]
        made += [_wearing(example, look) for look in looks]
    return made


def _plain(name: str, rng: np.random.Generator) -> Paint:
    rgb = jittered(name, rng)
    return Paint((name,), rgb, rgb, "plain", int(rng.integers(2**31)))


def _wearing(example: Example, look: Paint) -> Example:
    facts = look.facts_of(example.facts)
    return replace(example, rgb=repainted(example, look), facts=facts, lab=None, whole=False)


@dataclass(frozen=True)
class _Wish:
    """A garment, the word that is said, and which pictures are right."""

    garment: int
    word: str
    right: NDArray[np.bool_]
    asked: NDArray[np.bool_]


def refinement_figures(
    garments: Sequence[Example], vectors: Vectors, encoder: Encoder
) -> dict[str, Any]:
    """Return shares of right answers among the ten nearest to a plain garment and a word.

    Right are garments of the same kind in the colour, or in the pattern, that the word names; the
    pictures of the garment itself take no part. A wish counts where at least ten are right;
    without one there is no figure.
    Beside it: the picture without the word, and the words "red shirt" without the picture.

    Args:
        garments: a `wardrobe`.
        vectors: (len(garments), d) unit rows.
        encoder: that made the vectors.
    """
    wishes = [*_wishes(garments, COMMON, ()), *_wishes(garments, (), tuple(WEAVES))]
    if not wishes:
        return {"wishes": 0}
    said = [f"{wish.word} {garments[wish.garment].facts.category.value}" for wish in wishes]
    texts = {text: number for number, text in enumerate(dict.fromkeys(said))}
    alone = encoder.encode_texts(list(texts))[[texts[text] for text in said]]
    pictures = vectors[[wish.garment for wish in wishes]]
    colour = np.array([wish.word in COMMON for wish in wishes])
    both = _right(wishes, refined(pictures, alone), vectors)
    return {
        "refined_p10": share(both),
        "refined_colour_p10": share(both[colour]),
        "refined_pattern_p10": share(both[~colour]),
        "picture_alone_p10": share(_right(wishes, pictures, vectors)),
        "words_alone_p10": share(_right(wishes, alone, vectors)),
        "wishes": len(wishes),
    }


def _wishes(
    garments: Sequence[Example], colours: Sequence[str], patterns: Sequence[str]
) -> list[_Wish]:
    kinds = np.array([garment.facts.category.value for garment in garments])
    ids = np.array([garment.id for garment in garments])
    first = np.array([garment.facts.colours[0] for garment in garments])
    pattern = np.array([garment.facts.pattern for garment in garments])
    wishes = []
    for place in np.flatnonzero(pattern == "plain"):
        asked = ids != ids[place]
        same = (kinds == kinds[place]) & asked
        wanted = [
            *(
                (name, (first == name) & (pattern == "plain"))
                for name in colours
                if name != first[place]
            ),
            *(
                (PATTERN_WORDS[name][0], np.isin(pattern, list(allowed_by([name]))))
                for name in patterns
            ),
        ]
        wishes += [
            _Wish(int(place), word, same & has, asked)
            for word, has in wanted
            if (same & has).sum() >= MIN_RIGHT
        ]
    return wishes


def _right(wishes: Sequence[_Wish], queries: Vectors, vectors: Vectors) -> NDArray[np.bool_]:
    scores = queries @ vectors.T
    scores[~np.stack([wish.asked for wish in wishes])] = -np.inf
    order = np.argsort(-scores, axis=1)[:, :NEAREST]
    return np.take_along_axis(np.stack([wish.right for wish in wishes]), order, axis=1)
