"""Train a compatibility network on encoded outfits: a minute on two cores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from recommender.compatibility.network import CompatibilityNet, GarmentTensors
from recommender.compatibility.training.asking import Questions, asked_about
from recommender.compatibility.training.encoded.outfits import EncodedOutfits, Places
from segmentation.training.runs.loop import Schedule

GROUPS, EACH = 4, 128
"""Kinds a batch, and outfits a kind: all wrong answers are of the right one's kind."""
RATE, DECAY = 1e-3, 0.1
STEPS: Final = 400


@dataclass(frozen=True)
class Sight:
    """What a network sees of a scene, and of a garment."""

    garments: bool = True
    regions: bool = False


class Tables:
    """An `EncodedOutfits` as tensors."""

    def __init__(self, seen: EncodedOutfits, rows: np.ndarray | None = None) -> None:
        """Keep them.

        Args:
            seen: the outfits.
            rows: (K, N, width) to see instead of `seen.rows`.
        """
        self.rows = torch.from_numpy(seen.rows if rows is None else rows)
        self.kinds = torch.from_numpy(seen.kinds)
        self.regions = None if seen.regions is None else torch.from_numpy(seen.regions)

    @property
    def width(self) -> int:
        """Length of a row."""
        return int(self.rows.shape[-1])

    def new_network(self, sight: Sight) -> CompatibilityNet:
        """Return an untrained network that sees these."""
        width = 0 if self.regions is None or not sight.regions else int(self.regions.shape[-1])
        return CompatibilityNet(self.width, garments=sight.garments, regions=width)

    def answers(self, network: CompatibilityNet, pieces: Places, draws: Places) -> Tensor:
        """Return (n, DIM) embeddings of pieces in given draws."""
        where = torch.from_numpy(pieces)
        return network.items(self.rows[torch.from_numpy(draws), where].float(), self.kinds[where])

    def ask(self, network: CompatibilityNet, asking: Questions) -> Tensor:
        """Return (Q, DIM): what the answers are multiplied with."""
        about = torch.from_numpy(asking.about)
        garments = regions = None
        if network.worn is not None:
            there = torch.from_numpy(asking.worn >= 0)
            worn = torch.from_numpy(asking.worn.clip(min=0))
            rows = self.rows[torch.from_numpy(asking.worn_draws), worn].float()
            garments = GarmentTensors(rows, self.kinds[worn], there)
        if network.seen is not None and self.regions is not None:
            regions = self.regions[torch.from_numpy(asking.scene_draws), about].float()
        return network.ask(self.kinds[about], garments, regions)


def fit(
    seen: EncodedOutfits,
    sight: Sight,
    *,
    seed: int,
    steps: int = STEPS,
    rows: np.ndarray | None = None,
) -> CompatibilityNet:
    """Return a network trained to tell what was worn with an outfit from other garments of its kind.

    Args:
        seen: outfits to learn from.
        sight: what the network sees.
        seed: of its weights, its batches and its dropout.
        steps: optimiser steps.
        rows: (K, N, width) to see instead of `seen.rows`.
    """
    rng = np.random.default_rng(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tables = Tables(seen, rows)
        network = tables.new_network(sight).train()
        optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        schedule = Schedule(steps=steps, warm_up=min(50, steps))
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = RATE * schedule.factor(step)
            loss = _loss(network, tables, seen, rng)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return network.eval()


def _loss(
    network: CompatibilityNet, tables: Tables, seen: EncodedOutfits, rng: np.random.Generator
) -> Tensor:
    about = _batch(seen, rng)
    asking = asked_about(seen, about, about[:, None], rng)
    found = tables.answers(network, about, asking.answer_draws[:, 0])
    scores = network.log_scale.exp() * tables.ask(network, asking) @ found.T
    outfit, kinds = torch.from_numpy(seen.outfit[about]), tables.kinds[torch.from_numpy(about)]
    other_kind = kinds[:, None] != kinds[None]
    same_outfit = outfit[:, None] == outfit[None]
    left_out = (other_kind | same_outfit).fill_diagonal_(False)
    right = torch.arange(len(about))
    return functional.cross_entropy(scores.masked_fill(left_out, -torch.inf), right)


def _batch(seen: EncodedOutfits, rng: np.random.Generator) -> Places:
    """Return pieces to ask about, `EACH` of `GROUPS` kinds; no outfit twice within a kind."""
    places = seen.askable
    kinds, counts = np.unique(seen.kinds[places], return_counts=True)
    weight = np.sqrt(counts) * (counts > 1)
    groups = min(GROUPS, int(np.count_nonzero(weight)))
    chosen = rng.choice(kinds, groups, replace=False, p=weight / weight.sum())
    return np.concatenate(
        [rng.permutation(places[seen.kinds[places] == kind])[:EACH] for kind in chosen]
    )
