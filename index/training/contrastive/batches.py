"""Garments -> training batches: two views and a caption each, kinds in groups, repainted twins.

A batch holds a few kinds with many garments each, so that most negatives are of the same kind.
Some garments stand in it twice, once repainted: the twin differs in colour or pattern alone, so
nothing but colour or pattern can tell the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from index.training.examples.briefs import ClaimPlaces, brief
from index.training.examples.captions import PATTERN_WORDS, caption
from index.training.examples.facts import Facts, truth
from index.training.examples.garments import PRODUCT_PHOTOS, Example
from index.training.examples.repainting import (
    SOLID_KINDS,
    Paint,
    any_look,
    is_plain,
    patterned_look,
    plain_look,
    repainted,
)
from index.training.examples.views import view
from index.training.examples.vocabulary import Vocabulary, phrased
from segmentation.common.garments import Rgb

KINDS, EACH, TWINS = 4, 16, 4
"""Kinds a batch, garments a kind, and how many of these are repainted twins of others."""
REPAINTED: Final = 0.3
"""How often a garment that can be repainted is, twins aside."""
MILD, STRONG = 0.7, 1.4
"""Strength of the first and of the second view."""
BACKGROUND_LEFT: Final = 0.5
"""How often a product shot is shown whole, as it is served where no mask is found."""


THUMBNAIL: Final = 128
"""Pictures smaller than this, in pixels, show little."""


class Batch(NamedTuple):
    """What one step learns from; B garments, K words of the vocabulary, T tokens.

    Attributes:
        pixels: (2B, S, S, 3) uint8, first views before second ones.
        captions: (B, T) tokens.
        captions_truth: (B, B) int8, garment by caption: see `facts.truth`.
        words: (K, T) tokens of all families, one after the other.
        words_truth: (B, K) int8.
        briefs: (B, T) tokens of short descriptions.
        said: (B, 4) numbers of the words that they say, -1 for nothing.
        wishes: (R, T) tokens of garments as they are to be, "red shirt".
        refined: (R, 2) rows "this garment, with that wish, is that garment".
        garment: (B,) equal numbers are the same garment in the same look.
        number: (B,) equal numbers are the same garment, however it looks.
    """

    pixels: Tensor
    captions: Tensor
    captions_truth: Tensor
    words: Tensor
    words_truth: Tensor
    briefs: Tensor
    said: Tensor
    wishes: Tensor
    refined: Tensor
    garment: Tensor
    number: Tensor

    def on(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in self))


@dataclass(frozen=True)
class Draw:
    """A garment as it stands in a batch: its number, and its look where it is repainted."""

    number: int
    look: Paint | None = None


class Batches(Dataset[Batch]):
    """Step -> batch; a function of the seed and the step."""

    def __init__(
        self,
        examples: Sequence[Example],
        vocabulary: Vocabulary,
        tokenize: Any,
        sides: Sequence[int],
        seed: int = 0,
    ) -> None:
        """Keep what batches are drawn from.

        Args:
            examples: the garments.
            vocabulary: families of words.
            tokenize: texts -> (n, T) tokens.
            sides: of the views at each step, in pixels.
            seed: of everything random.
        """
        self._examples, self._vocabulary, self._tokenize = examples, vocabulary, tokenize
        self._sides, self._seed = sides, seed
        self._words = [claim for family in vocabulary.values() for claim in family]
        self._numbers = ClaimPlaces(self._words)
        self._plain = np.array([is_plain(example) for example in examples])
        kinds = sorted({example.facts.category for example in examples})
        self._members = [
            np.array([n for n, e in enumerate(examples) if e.facts.category == kind])
            for kind in kinds
        ]
        self._shares = [drawn_evenly(members, examples) for members in self._members]
        weight = np.sqrt([len(members) for members in self._members])
        self._chance = weight / weight.sum()

    @property
    def plain_share(self) -> float:
        """Share of the garments that can be repainted."""
        return float(self._plain.mean())

    def __getitem__(self, step: int) -> Batch:
        rng = np.random.default_rng((self._seed, step))
        draws, twins = self._draws(rng)
        facts = [self._facts(draw) for draw in draws]
        claims = [caption(known, rng) for known in facts]
        briefs = [brief(known, self._numbers, rng) for known in facts]
        wishes, refined = wishes_of(twins, facts, rng)
        phrases = [
            phrase
            for family, claimed in self._vocabulary.items()
            for phrase in phrased(family, claimed, rng)
        ]
        pictures = [self._painted(draw) for draw in draws]
        shown = [
            self._view(draw, rgb, rng, strength, self._sides[step])
            for strength in (MILD, STRONG)
            for draw, rgb in zip(draws, pictures, strict=True)
        ]
        keys = {draw: place for place, draw in enumerate(draws)}
        return Batch(
            torch.from_numpy(np.stack(shown)),
            self._tokenize([claim.text for claim in claims]),
            torch.from_numpy(truth(facts, claims)),
            self._tokenize(phrases),
            torch.from_numpy(truth(facts, self._words)),
            self._tokenize([short.text for short in briefs]),
            torch.tensor([short.words for short in briefs]),
            self._tokenize(wishes),
            refined,
            torch.tensor([keys[draw] for draw in draws]),
            torch.tensor([draw.number for draw in draws]),
        )

    def _draws(self, rng: np.random.Generator) -> tuple[list[Draw], list[tuple[int, int]]]:
        """Return the garments of a batch, and the places of twins: (garment, its twin)."""
        draws: list[Draw] = []
        twins: list[tuple[int, int]] = []
        count = min(KINDS, len(self._members))
        kinds = rng.choice(len(self._members), count, replace=False, p=self._chance)
        for kind in kinds:
            members = self._members[int(kind)]
            drawn = min(len(members), EACH - TWINS)
            order = rng.choice(members, drawn, replace=False, p=self._shares[int(kind)])
            if len(order) < EACH - TWINS:
                order = np.append(order, rng.choice(members, EACH - TWINS - len(order)))
            first = len(draws)
            draws += [self._drawn(int(number), rng) for number in order]
            originals = [p for p in range(first, len(draws)) if self._plain[draws[p].number]]
            for place in originals[:TWINS]:
                twins.append((place, len(draws)))
                draws.append(self._twin(draws[place], rng))
        return draws, twins

    def _drawn(self, number: int, rng: np.random.Generator) -> Draw:
        repaint = self._plain[number] and rng.random() < REPAINTED
        return Draw(number, any_look(self._examples[number].facts, rng) if repaint else None)

    def _twin(self, draw: Draw, rng: np.random.Generator) -> Draw:
        """Return the same garment in one new colour, or in a pattern on its own colour."""
        facts = self._facts(draw)
        plain = draw.look is None or draw.look.pattern == "plain"
        if plain and facts.category not in SOLID_KINDS and rng.random() < 0.5:
            ground = draw.look.rgb if draw.look else main_rgb(self._examples[draw.number])
            return Draw(draw.number, patterned_look(facts.colours[0], ground, rng))
        look = plain_look(facts, rng)
        if draw.look is not None and not plain:
            colours = look.colours[0], draw.look.colours[1]
            look = replace(draw.look, colours=colours, rgb=look.rgb)
        return Draw(draw.number, look)

    def _facts(self, draw: Draw) -> Facts:
        facts = self._examples[draw.number].facts
        return draw.look.facts_of(facts) if draw.look else facts

    def _painted(self, draw: Draw) -> Rgb:
        example = self._examples[draw.number]
        return repainted(example, draw.look) if draw.look else example.rgb

    def _view(
        self, draw: Draw, rgb: Rgb, rng: np.random.Generator, strength: float, side: int
    ) -> Rgb:
        example = self._examples[draw.number]
        whole = example.whole and rng.random() < BACKGROUND_LEFT
        return view(rgb, rng, strength=strength, side=side, mask=None if whole else example.mask)


def drawn_evenly(members: NDArray[np.intp], examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return how likely each garment of a kind is drawn: as if product photos were half of them at most.

    They are three times as many as all others, look alike, and are not what is worn in a photo.
    Thumbnails count half.
    """
    of_products = np.array([examples[n].source == PRODUCT_PHOTOS for n in members])
    size = np.array([examples[n].rgb.shape[0] for n in members])
    weight = np.where(of_products & (size < THUMBNAIL), 0.5, 1.0)
    surplus = weight[of_products].sum() / max(1.0, weight[~of_products].sum())
    if of_products.any() and surplus > 1 and not of_products.all():
        weight[of_products] /= surplus
    return np.asarray(weight / weight.sum())


def main_rgb(example: Example) -> tuple[int, int, int]:
    """Return the main colour of a garment that has a mask, sRGB 0 to 255."""
    lab = np.asarray(example.lab, dtype=np.float32).reshape(1, 1, 3)
    red, green, blue = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).reshape(3) * 255
    return round(float(red)), round(float(green)), round(float(blue))


def wishes_of(
    twins: Sequence[tuple[int, int]], facts: Sequence[Facts], rng: np.random.Generator
) -> tuple[list[str], Tensor]:
    """Return what makes a garment its twin, "red shirt", and (R, 2) places of garment and twin."""
    wishes, rows = [], []
    for place, twin in twins:
        if facts[twin].colours[0] == facts[place].colours[0]:
            wishes.append(
                f"{_pattern_word(facts[twin].pattern, rng)} {_kind_word(facts[twin], rng)}"
            )
            rows.append((place, twin))
        else:
            for before, after in ((place, twin), (twin, place)):
                wishes.append(f"{facts[after].colours[0]} {_kind_word(facts[after], rng)}")
                rows.append((before, after))
    return wishes, torch.tensor(rows, dtype=torch.long).reshape(-1, 2)


def _pattern_word(pattern: str, rng: np.random.Generator) -> str:
    words = PATTERN_WORDS[pattern]
    return words[int(rng.integers(len(words)))]


def _kind_word(facts: Facts, rng: np.random.Generator) -> str:
    return facts.name if rng.random() < 0.5 else facts.category.value
