"""What people type, "navy striped shirt": a kind, its colour, its pattern, each a word of the vocabulary.

A brief is true of a garment as far as each of its words is, so the words' truth, which every batch
knows of its garments, answers for any brief and any garment without asking the facts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from index.training.examples.captions import AUDIENCE_WORDS, FRAMES, PATTERN_WORDS, spoken
from index.training.examples.facts import TRUE, Claim, Facts
from segmentation.common.taxonomy import Category

GENERAL, COLOURED, PATTERNED, ADDRESSED, BARE = 0.3, 0.8, 0.5, 0.3, 0.5
"""How often a brief says the category instead of the name, a known colour, pattern, audience, no frame."""


class Brief(NamedTuple):
    """A text, and the numbers of its words: kind, colour, pattern, audience; -1 where it does not say."""

    text: str
    words: tuple[int, int, int, int]


class ClaimPlaces:
    """The places of the words in a vocabulary's list."""

    def __init__(self, words: Sequence[Claim]) -> None:
        self._places = {
            (word.category, word.name, word.colours, word.pattern, word.audience): place
            for place, word in enumerate(words)
        }

    def kind(self, category: Category, name: str) -> int:
        """Return the place of a kind's word."""
        return self._places[category, name, (), "", ""]

    def colour(self, name: str) -> int:
        """Return the place of a colour's word."""
        return self._places[None, "", (name,), "", ""]

    def pattern(self, name: str) -> int:
        """Return the place of a pattern's word."""
        return self._places[None, "", (), name, ""]

    def audience(self, name: str) -> int:
        """Return the place of an audience's word."""
        return self._places[None, "", (), "", name]


def brief(facts: Facts, numbers: ClaimPlaces, rng: np.random.Generator) -> Brief:
    """Return a short description of a garment."""
    name = facts.category.value if rng.random() < GENERAL else facts.name
    said, colour, pattern, audience = [spoken(name, rng)], -1, -1, -1
    if facts.pattern and rng.random() < PATTERNED:
        pattern = numbers.pattern(facts.pattern)
        synonyms = PATTERN_WORDS[facts.pattern]
        said.insert(0, synonyms[int(rng.integers(len(synonyms)))])
    if facts.colours and rng.random() < COLOURED:
        colour = numbers.colour(facts.colours[0])
        said.insert(int(rng.integers(len(said))), spoken(facts.colours[0], rng))
    if facts.audience and rng.random() < ADDRESSED:
        audience = numbers.audience(facts.audience)
        said.insert(0, spoken(AUDIENCE_WORDS[facts.audience], rng))
    frame = "{}" if rng.random() < BARE else FRAMES[int(rng.integers(len(FRAMES)))]
    kind = numbers.kind(facts.category, name)
    return Brief(frame.format(" ".join(said)), (kind, colour, pattern, audience))


def truth_of_briefs(said: Tensor, words_truth: Tensor) -> Tensor:
    """Return (M, N): 1 where a brief is true of a garment, -1 where it is false, 0 where unknown.

    Args:
        said: (M, W) numbers of words, -1 for nothing.
        words_truth: (N, K), garment by word.

    >>> truth_of_briefs(torch.tensor([[0, 1, -1]]), torch.tensor([[1, 1], [1, 0], [-1, 0]])).tolist()
    [[1, 0, -1]]
    """
    nothing = torch.full_like(words_truth[:, :1], TRUE)
    truth = torch.cat([words_truth, nothing], dim=1)  # so that -1 is the last column, always true
    return truth[:, said].amin(dim=2).T
