"""The words that an encoder must know, by family: kinds, colours, patterns, sleeves, lengths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from index.training.examples.captions import (
    AUDIENCE_FRAMES,
    AUDIENCE_WORDS,
    COLOUR_FRAMES,
    FRAMES,
    LENGTH_FRAMES,
    LENGTH_WORDS,
    PATTERN_FRAMES,
    PATTERN_WORDS,
    SLEEVE_FRAMES,
    SLEEVE_WORDS,
    SLEEVES,
    USAGE_FRAMES,
    USAGE_WORDS,
    spoken,
)
from index.training.examples.facts import Claim, Facts
from segmentation.common.colours import PALETTE

Vocabulary: TypeAlias = Mapping[str, tuple[Claim, ...]]
"""Family -> its words, each a claim whose text is the bare word."""
KIND, COLOUR, PATTERN, SLEEVE, LENGTH = "kind", "colour", "pattern", "sleeve", "length"
AUDIENCE, USAGE = "audience", "usage"
FRAMES_OF: Final = MappingProxyType(
    {
        KIND: FRAMES,
        COLOUR: COLOUR_FRAMES,
        PATTERN: PATTERN_FRAMES,
        SLEEVE: SLEEVE_FRAMES,
        LENGTH: LENGTH_FRAMES,
        AUDIENCE: AUDIENCE_FRAMES,
        USAGE: USAGE_FRAMES,
    }
)


def vocabulary_of(facts: Iterable[Facts]) -> Vocabulary:
    """Return all words: names and categories that occur, and all of every other family."""
    names = {(known.name, known.category) for known in facts}
    names |= {(category.value, category) for _, category in names}
    kinds = (
        Claim(name, category, name, sleeve=SLEEVES.get(name, ""))
        for name, category in sorted(names)
    )
    patterns = (Claim(words[0], pattern=word) for word, words in PATTERN_WORDS.items())
    sleeves = (Claim(words, sleeve=word) for word, words in SLEEVE_WORDS.items())
    lengths = (Claim(words, length=word) for word, words in LENGTH_WORDS.items())
    audiences = (Claim(words, audience=word) for word, words in AUDIENCE_WORDS.items())
    usages = (Claim(words, usage=word) for word, words in USAGE_WORDS.items())
    return MappingProxyType(
        {
            KIND: tuple(kinds),
            COLOUR: tuple(Claim(name, colours=(name,)) for name in PALETTE),
            PATTERN: tuple(patterns),
            SLEEVE: tuple(sleeves),
            LENGTH: tuple(lengths),
            AUDIENCE: tuple(audiences),
            USAGE: tuple(usages),
        }
    )


def phrased(family: str, words: Iterable[Claim], rng: np.random.Generator) -> list[str]:
    """Return the words of one family in one random frame, each in one of its synonyms."""
    frames = FRAMES_OF[family]
    frame = frames[int(rng.integers(len(frames)))]
    return [frame.format(_synonym(claim, rng)) for claim in words]


def _synonym(claim: Claim, rng: np.random.Generator) -> str:
    if not claim.pattern:
        return spoken(claim.text, rng)
    words = PATTERN_WORDS[claim.pattern]
    return words[int(rng.integers(len(words)))]
