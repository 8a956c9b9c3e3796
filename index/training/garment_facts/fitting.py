"""Vectors with answers -> heads that read facts: trained on one part, calibrated on another.

Three networks of two layers of 256 and one softmax a family, averaged (see `index.facts.heads`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from index.facts.heads import (
    GROUND,
    FactFamily,
    FactHeads,
    Header,
    laid_flat,
)
from index.facts.reader import ANY, ATTRIBUTES, PATTERN, TOE
from index.model.garment_facts import FACTS, Audience, Formality, Warmth
from index.training.garment_facts.calibrating import FEWEST, allowed, calibrated, targets
from index.training.garment_facts.encoded import Encoded
from index.training.garment_facts.labelled import Labelled

WIDTH: Final = 256
EPOCHS: Final = 30
STEPS: Final = 1000
BATCH: Final = 256
RATE, DECAY, DROPPED = 2e-3, 1e-3, 0.3
NETS: Final = 3
"""Networks whose logits are averaged: one alone is as chance drew it where garments are few."""
DETAILS: Final = (PATTERN, TOE)
"""Families that are learned by networks of their own: beside the others they cost those a point."""
TOLD: Final = 0.03
"""What a picture weighs whose detail its title says, against one that somebody looked at: titles name
patterns rather than their absence, and are read where there are any."""
Report = Callable[[str], None]
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "formality": tuple(Formality), "warmth": (*Warmth, ANY),
    "audience": (Audience.WOMEN, Audience.MEN, Audience.KIDS),
}  # fmt: skip


def answers_of(
    pictures: Sequence[Labelled], orders: Mapping[str, tuple[str, ...]] = ORDERS
) -> dict[str, tuple[str, ...]]:
    """Return the answers of each family that are known of enough pictures to be learned."""
    found = {}
    for name in (*FACTS, *ATTRIBUTES, TOE, GROUND):
        counted = Counter(p.answers[name] for p in pictures if name in p.answers)
        frequent = {answer for answer, count in counted.items() if count >= FEWEST}
        answers = [a for a in orders.get(name, tuple(sorted(frequent))) if a in frequent]
        if len(answers) >= 2:
            found[name] = tuple(str(answer) for answer in answers)
    return found


def fit(
    encoded: Encoded,
    fingerprint: str,
    report: Report,
    *,
    seed: int = 0,
    orders: Mapping[str, tuple[str, ...]] = ORDERS,
    min_steps: int = STEPS,
    nets: int = NETS,
) -> FactHeads:
    """Return heads fitted on the part `fit`, with temperatures and thresholds of `calibrate`.

    Args:
        encoded: garments of both parts.
        fingerprint: of the encoder that made the vectors.
        report: receives progress lines.
        seed: of everything random.
        orders: family -> its answers in their order; those of others stand in the alphabet's.
        min_steps: fewer are not made, however few garments there are.
        nets: so many are fitted, each from a seed of its own, and their logits averaged.
    """
    train, kept = encoded.part("fit"), encoded.part("calibrate")
    families = {n: FactFamily(answers=a) for n, a in answers_of(train.pictures, orders).items()}
    header = Header(fingerprint=fingerprint, families=families)
    groups = [
        {n: f for n, f in families.items() if (n in DETAILS) is apart} for apart in (False, True)
    ]
    parts = [
        _trained(train, group, report, seed + n, min_steps)
        for group in groups
        if group
        for n in range(nets)
    ]
    heads = FactHeads(header, joined(parts, families))
    logits = heads.logits(kept.vectors)
    flat = laid_flat(header, logits)
    known = {
        name: calibrated(family, logits[name], kept, name, flat)
        for name, family in families.items()
    }
    return FactHeads(Header(fingerprint=fingerprint, families=known), heads.tensors)


def joined(
    parts: Sequence[Mapping[str, NDArray[np.float32]]], families: Mapping[str, FactFamily]
) -> dict[str, NDArray[np.float32]]:
    """Return one network whose logits are the mean of several: side by side, blind to each other.

    Args:
        parts: networks, each with the heads of some families.
        families: all of them.
    """
    whole = {
        "trunk.1.weight": np.concatenate(
            [part["trunk.1.weight"].reshape(-1, WIDTH, WIDTH) for part in parts]
        )
    }
    for name in ("trunk.0.weight", "trunk.0.bias", "trunk.1.bias"):
        whole[name] = np.concatenate([part[name] for part in parts])
    for name in families:
        known = [part for part in parts if f"{name}.weight" in part]
        nothing = np.zeros((len(families[name].answers), WIDTH), np.float32)
        weight = np.concatenate([part.get(f"{name}.weight", nothing) for part in parts], axis=1)
        whole[f"{name}.weight"] = weight / len(known)
        whole[f"{name}.bias"] = np.mean([part[f"{name}.bias"] for part in known], axis=0)
    return {name: each.astype(np.float16).astype(np.float32) for name, each in whole.items()}


class _Net(nn.Module):
    def __init__(self, dim: int, families: Mapping[str, FactFamily]) -> None:
        super().__init__()
        self.trunk = nn.ModuleList([nn.Linear(dim, WIDTH), nn.Linear(WIDTH, WIDTH)])
        self.heads = nn.ModuleDict(
            {n: nn.Linear(WIDTH, len(f.answers)) for n, f in families.items()}
        )
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, rows: Tensor) -> dict[str, Tensor]:
        hidden = rows
        for layer in self.trunk:
            hidden = self.dropout(torch.relu(layer(hidden)))
        return {name: head(hidden) for name, head in self.heads.items()}


def _trained(
    train: Encoded,
    families: Mapping[str, FactFamily],
    report: Report,
    seed: int,
    min_steps: int,
) -> dict[str, NDArray[np.float32]]:
    torch.manual_seed(seed)
    train = train.where(
        np.array([any(n in p.answers for n in families) for p in train.pictures], np.bool_)
    )
    scale = float(np.sqrt(train.vectors.shape[1]))  # a unit vector's numbers are small
    vectors = torch.from_numpy(train.vectors) * scale
    true = {n: torch.from_numpy(targets(train.pictures, n, f.answers)) for n, f in families.items()}
    may = {n: torch.from_numpy(allowed(train.pictures, n, f.answers)) for n, f in families.items()}
    weights = torch.tensor([_weight(picture, families) for picture in train.pictures])
    net = _Net(vectors.shape[1], families)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    batches = -(-len(vectors) // BATCH)
    epochs = max(EPOCHS, -(-min_steps // batches))
    steps = epochs * batches
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for epoch in range(epochs):
        order, total = torch.randperm(len(vectors)), 0.0
        for rows in order.split(BATCH):  # type: ignore[no-untyped-call]
            logits = net(vectors[rows])
            losses = [
                _loss(logits[n], true[n][rows], may[n][rows], weights[rows]) for n in families
            ]
            loss = torch.stack(losses).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(rows)
        if epoch % 10 == 9:
            report(f"epoch {epoch + 1} of {epochs}: loss {total / len(vectors):.3f}")
    state = {f"trunk.{name}": part for name, part in net.trunk.state_dict().items()}
    state |= net.heads.state_dict()
    state["trunk.0.weight"] = state["trunk.0.weight"] * scale
    return {name: part.numpy() for name, part in state.items()}


def _weight(picture: Labelled, families: Collection[str]) -> float:
    """Return what a picture weighs where some families are learned."""
    if not set(families) <= set(DETAILS):
        return picture.weight
    return 1.0 if picture.seen else TOLD


def _loss(logits: Tensor, true: Tensor, may: Tensor, weights: Tensor) -> Tensor:
    """Return the cross-entropy of the true answers together, over the rows of which any is known."""
    known = (true & may).any(dim=1)
    if not bool(known.any()):
        return logits.sum() * 0
    logits, true, may, weights = logits[known], true[known], may[known], weights[known]
    everything = logits.masked_fill(~may, -1e9).logsumexp(dim=1)
    right = logits.masked_fill(~(true & may), -1e9).logsumexp(dim=1)
    return ((everything - right) * weights).sum() / weights.sum()
