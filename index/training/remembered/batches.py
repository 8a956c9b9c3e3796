"""Remembered features -> training batches of hundreds of garments, some of them in two looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from index.training.contrastive.batches import wishes_of
from index.training.examples.briefs import ClaimPlaces, brief
from index.training.examples.captions import caption
from index.training.examples.facts import TRUE, UNKNOWN, Claim, Facts, colour_truth, truth
from index.training.examples.garments import PRODUCT_PHOTOS
from index.training.examples.vocabulary import Vocabulary, phrased
from index.training.remembered.shelf import Look, Remembered, Shelf
from segmentation.common.colours import PALETTE

KINDS, EACH, TWINS = 16, 32, 8
"""Kinds a batch, garments a kind, and how many of these are other looks of others."""
TEXTS: Final = 64
"""Garments of a batch that get a caption and a brief of their own: texts cost more than pictures here."""
WISHES: Final = 32
REPAINTED: Final = 0.3
"""How often a garment stands in a batch in another look, twins aside."""
COLOURS: Final = tuple(PALETTE)
_TONES: Final = np.array([[colour_truth(b, (a,)) for b in COLOURS] for a in COLOURS], np.int8)
"""Whether one main colour is another."""
AS_SERVED: Final = 0.5
"""How often the first of two views is the picture as it is served."""


class HeadBatch(NamedTuple):
    """What one step learns from; B garments in a look, C of them described, K words, T tokens.

    Attributes:
        features: (2B, d) float32, first views before second ones.
        captions: (C, T) tokens.
        captions_truth: (B, C) int8: see `facts.truth`.
        words: (K, T) tokens of all families, one after the other.
        words_truth: (B, K + M) int8; of the words, and of materials that only captions name.
        briefs: (C, T) tokens.
        described: (C,) the garments of the briefs.
        said: (B, 4) numbers of the words that a brief of each garment says, -1 for nothing.
        wishes: (R, T) tokens.
        refined: (R, 2) rows "this garment, with that wish, is that garment".
        look, number: (B,) equal numbers are the same look, the same garment.
        label, source: (B,) equal numbers bear the same label of one data set, are of one data set.
        tones: (B, B) int8: whether a garment that bears another's label has its main colour; else unknown.
    """

    features: Tensor
    captions: Tensor
    captions_truth: Tensor
    words: Tensor
    words_truth: Tensor
    briefs: Tensor
    described: Tensor
    said: Tensor
    wishes: Tensor
    refined: Tensor
    look: Tensor
    number: Tensor
    label: Tensor
    source: Tensor
    tones: Tensor


@dataclass(frozen=True)
class _Drawn:
    """A garment's number, and that of its look."""

    number: int
    look: int


class Truths:
    """Which words are true of which facts, asked once for each: words of the vocabulary, then materials."""

    def __init__(self, words: Sequence[Claim], facts: Sequence[Facts]) -> None:
        self._words = words
        self._materials = sorted({word for known in facts for word in known.words})
        self._rows: dict[Facts, NDArray[np.int8]] = {}
        self._places = ClaimPlaces(words)
        self._of = {
            family: {getattr(word, family): place for place, word in enumerate(words)}
            for family in ("length", "usage")
        }
        self._sleeves = {w.sleeve: place for place, w in enumerate(words) if w.category is None}

    def of(self, facts: Facts) -> NDArray[np.int8]:
        """Return (K + M,)."""
        if facts not in self._rows:
            has = [TRUE if word in facts.words else UNKNOWN for word in self._materials]
            row = np.concatenate([truth([facts], self._words)[0], np.array(has, np.int8)])
            self._rows[facts] = row.astype(np.int8)
        return self._rows[facts]

    def said_by(self, claim: Claim) -> list[int]:
        """Return the numbers of the words that a caption says."""
        assert claim.category is not None
        said = [self._places.kind(claim.category, claim.name)]
        said += [self._places.colour(colour) for colour in claim.colours]
        said += [self._places.pattern(claim.pattern)] if claim.pattern else []
        said += [self._places.audience(claim.audience)] if claim.audience else []
        said += [self._sleeves[claim.sleeve]] if claim.sleeve else []
        said += [self._of[name][word] for name in self._of if (word := getattr(claim, name))]
        return said + [len(self._words) + self._materials.index(word) for word in claim.words]

    @property
    def places(self) -> ClaimPlaces:
        """Return where the words stand."""
        return self._places


class HeadBatches(Dataset[HeadBatch]):
    """Step -> batch; a function of the seed and the step."""

    def __init__(
        self,
        shelf: Shelf,
        garments: Sequence[Remembered],
        vocabulary: Vocabulary,
        tokenize: Any,
        seed: int = 0,
    ) -> None:
        """Keep what batches are drawn from.

        Args:
            shelf: has the features.
            garments: of the shelf, that may be learned from.
            vocabulary: families of words; holds all that is known of the garments.
            tokenize: texts -> (n, T) tokens.
            seed: of everything random.
        """
        self._features, self._garments = torch.from_numpy(shelf.features), garments
        self._vocabulary, self._tokenize, self._seed = vocabulary, tokenize, seed
        words = [claim for family in vocabulary.values() for claim in family]
        self._truths = Truths(words, [garment.looks[0].facts for garment in garments])
        labels = sorted({(garment.source, garment.group) for garment in garments})
        sources = sorted({source for source, _ in labels})
        numbers = {label: number for number, label in enumerate(labels)}
        self._labels = np.array([numbers[each.source, each.group] for each in garments])
        self._sources = np.array([sources.index(each.source) for each in garments])
        kinds = sorted({garment.looks[0].facts.category for garment in garments})
        self._members = [
            np.array([n for n, g in enumerate(garments) if g.looks[0].facts.category == kind])
            for kind in kinds
        ]
        self._shares = [self._evenly(members) for members in self._members]
        weight = np.sqrt([len(members) for members in self._members])
        self._chance = weight / weight.sum()

    def __getitem__(self, step: int) -> HeadBatch:
        rng = np.random.default_rng((self._seed, step))
        draws, twins = self._draws(rng)
        looks = [self._look(draw) for draw in draws]
        facts = [look.facts for look in looks]
        rows = [_two_rows(look, rng) for look in looks]
        words_truth = torch.from_numpy(np.stack([self._truths.of(known) for known in facts]))
        briefs = [brief(known, self._truths.places, rng) for known in facts]
        described = rng.choice(len(draws), min(TEXTS, len(draws)), replace=False)
        claims = [caption(facts[n], rng) for n in described]
        said = [self._truths.said_by(claim) for claim in claims]
        wishes, refined = wishes_of(_one_step(twins, facts), facts, rng)
        phrases = [
            phrase
            for family, claimed in self._vocabulary.items()
            for phrase in phrased(family, claimed, rng)
        ]
        keys = {draw: place for place, draw in enumerate(draws)}
        looks_shown = [keys[draw] for draw in draws]
        numbers = np.array([draw.number for draw in draws])
        return HeadBatch(
            self._features[[row for view in zip(*rows, strict=True) for row in view]].float(),
            self._tokenize([claim.text for claim in claims]),
            _truth_of(said, words_truth),
            self._tokenize(phrases),
            words_truth,
            self._tokenize([briefs[n].text for n in described]),
            torch.from_numpy(described),
            torch.tensor([short.words for short in briefs]),
            self._tokenize(wishes) if wishes else torch.zeros(0, 1, dtype=torch.long),
            refined,
            torch.tensor(looks_shown),
            torch.from_numpy(numbers),
            torch.from_numpy(self._labels[numbers]),
            torch.from_numpy(self._sources[numbers]),
            tones_of(facts, self._labels[numbers], looks_shown),
        )

    def _look(self, draw: _Drawn) -> Look:
        return self._garments[draw.number].looks[draw.look]

    def _draws(self, rng: np.random.Generator) -> tuple[list[_Drawn], list[tuple[int, int]]]:
        """Return the garments of a batch, and the places of twins."""
        draws: list[_Drawn] = []
        twins: list[tuple[int, int]] = []
        count = min(KINDS, len(self._members))
        for kind in rng.choice(len(self._members), count, replace=False, p=self._chance):
            members, wanted = self._members[int(kind)], EACH - TWINS
            drawn = min(len(members), wanted)
            order = rng.choice(members, drawn, replace=False, p=self._shares[int(kind)])
            order = np.append(order, rng.choice(members, wanted - drawn))
            first = len(draws)
            draws += [_Drawn(int(number), self._any_look(int(number), rng)) for number in order]
            for place in range(first, len(draws)):
                others = len(self._garments[draws[place].number].looks) - 1
                if others and len(draws) - first < EACH:
                    other = (draws[place].look + 1 + int(rng.integers(others))) % (others + 1)
                    twins.append((place, len(draws)))
                    draws.append(_Drawn(draws[place].number, other))
        return draws, twins

    def _any_look(self, number: int, rng: np.random.Generator) -> int:
        looks = len(self._garments[number].looks)
        return int(rng.integers(looks)) if rng.random() < REPAINTED else 0

    def _evenly(self, members: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return how likely each garment of a kind is drawn.

        Labels that are rare are drawn more often than they occur, and product photos, which are most of
        all garments, not much more often than all others.
        """
        labels = self._labels[members]
        weight = 1 / np.sqrt(np.bincount(labels)[labels])
        products = np.array([self._garments[n].source == PRODUCT_PHOTOS for n in members])
        surplus = weight[products].sum() / max(1e-9, weight[~products].sum())
        if products.any() and not products.all() and surplus > 1:
            weight[products] /= surplus**0.8
        return np.asarray(weight / weight.sum())


def _two_rows(look: Look, rng: np.random.Generator) -> tuple[int, int]:
    """Return the rows of a look's first and second view, the same where it has only one."""
    changed = look.changed
    if look.served is not None and (len(changed) < 2 or rng.random() < AS_SERVED):
        return look.served, changed[int(rng.integers(len(changed)))]
    if len(changed) == 1:
        return changed[0], changed[0]
    one, other = rng.choice(len(changed), 2, replace=False)
    return changed[int(one)], changed[int(other)]


def _one_step(twins: Sequence[tuple[int, int]], facts: Sequence[Facts]) -> list[tuple[int, int]]:
    """Return the twins that one wish leads between: another colour, or a pattern on the same colour."""
    chosen = []
    for place, twin in twins:
        one, other = facts[place], facts[twin]
        if not (one.colours and other.colours):
            continue
        same_colour = one.colours[0] == other.colours[0]
        same_pattern = (one.pattern or "plain") == (other.pattern or "plain")
        if same_colour and not same_pattern:
            chosen.append((twin, place) if other.pattern in ("", "plain") else (place, twin))
        elif same_pattern and not same_colour:
            chosen.append((place, twin))
    return chosen[:WISHES]


def tones_of(facts: Sequence[Facts], labels: NDArray[Any], keys: Sequence[int]) -> Tensor:
    """Return (B, B): whether a garment has another's main colour; see `HeadBatch.tones`."""
    colours = np.array(
        [COLOURS.index(known.colours[0]) if known.colours else -1 for known in facts]
    )
    tones = _TONES[colours[:, None], colours[None]]
    tones[(colours < 0)[:, None] | (colours < 0)[None]] = UNKNOWN
    tones[labels[:, None] != labels[None]] = UNKNOWN
    tones[np.equal.outer(keys, keys)] = UNKNOWN
    return torch.from_numpy(tones)


def _truth_of(said: Sequence[Sequence[int]], words_truth: Tensor) -> Tensor:
    """Return (B, C): of a garment, the least true of all that a caption says."""
    columns = [words_truth[:, list(numbers)].amin(dim=1) for numbers in said]
    return torch.stack(columns, dim=1)
