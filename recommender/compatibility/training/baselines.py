"""What the model is compared with: everything simple that may be as good."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from recommender.compatibility.network import CompatibilityNet
from recommender.compatibility.rows import KINDS, PATTERNS
from recommender.compatibility.training.asking import Questions, asked_about
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from recommender.compatibility.training.fit import Tables
from recommender.outfits.harmony import SCORE_OF, relation
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import SLOT_OF

Scores: TypeAlias = NDArray[np.float32]
TIE: Final = 1e-4
"""Noise that orders what a judge finds equal."""


class Ranker(Protocol):
    """Says how well each answer of a question goes with what is worn."""

    def scores(self, asking: Questions) -> Scores:
        """Return (Q, C); comparable within a row."""


@dataclass
class RandomBaseline:
    """A guess."""

    seed: int

    def scores(self, asking: Questions) -> Scores:
        """See `Ranker`."""
        rng = np.random.default_rng(self.seed)
        return rng.random(asking.answers.shape, dtype=np.float32)


@dataclass
class PopularityBaseline:
    """How often training outfits held the answer's kind, or its kind, colour and pattern ("popularity")."""

    trained: EncodedOutfits
    seen: EncodedOutfits
    seed: int
    whole: bool

    def scores(self, asking: Questions) -> Scores:
        """See `Ranker`."""
        counts = Counter(self._key(self.trained, 0, piece) for piece in range(len(self.trained)))
        result = np.vectorize(lambda draw, piece: counts[self._key(self.seen, draw, piece)])
        popular = np.log1p(result(asking.answer_draws, asking.answers)).astype(np.float32)
        return np.asarray(
            popular + TIE * RandomBaseline(self.seed).scores(asking), dtype=np.float32
        )

    def _key(self, seen: EncodedOutfits, draw: int, piece: int) -> tuple[object, ...]:
        kind = KINDS[seen.kinds[piece]]
        if not self.whole:
            return SLOT_OF[kind], kind
        pattern = int(seen.rows[draw, piece, -len(PATTERNS) :].argmax())
        return kind, seen.colours[draw, piece][:1], pattern


class HarmonyBaseline:
    """The colour rule of `recommender.outfits.harmony`."""

    def __init__(self, seen: EncodedOutfits, seed: int) -> None:
        names = [*PALETTE, ""]
        self._table = np.array(
            [[SCORE_OF[relation(a, b)] for b in names] for a in names], np.float32
        )
        number = {name: place for place, name in enumerate(names)}
        first = np.vectorize(lambda colour: number.get(colour[0] if colour else "", len(names) - 1))
        self._colour, self._seed = first(seen.colours), seed

    def scores(self, asking: Questions) -> Scores:
        """See `Ranker`: the mean of average and worst pair, as `harmony.coherence`."""
        answers = self._colour[asking.answer_draws, asking.answers]
        worn = self._colour[asking.worn_draws, asking.worn.clip(min=0)]
        there = (asking.worn >= 0)[:, None]
        pairs = self._table[answers[:, :, None], worn[:, None]]
        average = (pairs * there).sum(axis=2) / there.sum(axis=2)
        worst = np.where(there, pairs, np.inf).min(axis=2)
        mixed = (average + worst) / 2 + TIE * RandomBaseline(self._seed).scores(asking)
        return np.asarray(mixed, dtype=np.float32)


@dataclass
class Cosine:
    """Mean cosine of (K, N, d) vectors to what is worn."""

    vectors: NDArray[np.floating[Any]]

    def scores(self, asking: Questions) -> Scores:
        """See `Ranker`."""
        parts = []
        for one in range(len(asking)):
            worn = asking.worn[one] >= 0
            beside = _unit(self.vectors[asking.worn_draws[one, worn], asking.worn[one, worn]])
            answers = _unit(self.vectors[asking.answer_draws[one], asking.answers[one]])
            parts.append(answers @ beside.mean(axis=0))
        return np.stack(parts)


@dataclass
class Network:
    """A compatibility network."""

    network: CompatibilityNet
    tables: Tables

    def scores(self, asking: Questions) -> Scores:
        """See `Ranker`."""
        with torch.inference_mode():
            ask = self.tables.ask(self.network, asking)
            flat = self.tables.answers(
                self.network, asking.answers.ravel(), asking.answer_draws.ravel()
            )
            answers = flat.reshape(*asking.answers.shape, -1)
            return np.asarray((answers @ ask[:, :, None])[..., 0].numpy(), dtype=np.float32)


class Siamese:
    """One embedding for all garments, pairs drawn near or apart (Veit et al., 2015).

    Contrastive loss with margin 1 on pairs of two pieces of one outfit, and of a piece and another of
    the second's kind; an answer is as good as its mean distance to what is worn is small.
    """

    def __init__(self, trained: EncodedOutfits, *, seed: int, steps: int) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            width = trained.rows.shape[-1]
            self._network = nn.Sequential(
                nn.Linear(width, 256),
                nn.BatchNorm1d(256),
                nn.ReLU(),
                nn.Dropout(0.5),
                nn.Linear(256, 128),
            )
            self._train(trained, np.random.default_rng(seed), steps)
        self._network.eval()

    def judging(self, seen: EncodedOutfits) -> Ranker:
        """Return the judge of some outfits.

        Of unit vectors, the nearest on average are those with the highest mean cosine.
        """
        with torch.inference_mode():
            rows = torch.from_numpy(seen.rows).float()
            flat = functional.normalize(self._network(rows.flatten(0, 1)), dim=-1)
        return Cosine(flat.reshape(*rows.shape[:2], -1).numpy())

    def _train(self, seen: EncodedOutfits, rng: np.random.Generator, steps: int) -> None:
        rows = torch.from_numpy(seen.rows)
        optimiser = torch.optim.AdamW(self._network.parameters(), lr=1e-3, weight_decay=0.1)
        of_kind = {kind: np.flatnonzero(seen.kinds == kind) for kind in np.unique(seen.kinds)}
        for _ in range(steps):
            about = rng.choice(seen.askable, 256)
            asking = asked_about(seen, about, about[:, None], rng)
            other = np.array([rng.choice(worn[worn >= 0]) for worn in asking.worn])
            wrong = np.array([rng.choice(of_kind[seen.kinds[piece]]) for piece in about])
            draws = rng.integers(1, len(rows), (3, len(about)))
            flat = rows[torch.from_numpy(draws), torch.from_numpy(np.stack([other, about, wrong]))]
            one, right, apart = functional.normalize(
                self._network(flat.float().flatten(0, 1)), dim=-1
            ).chunk(3)
            near = (one - right).square().sum(dim=1)
            far = (1 - (one - apart).norm(dim=1)).clamp(min=0).square()
            optimiser.zero_grad(set_to_none=True)
            (near + far).mean().backward()
            optimiser.step()


def _unit(vectors: NDArray[np.floating[Any]]) -> Scores:
    rows = vectors.astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6))
