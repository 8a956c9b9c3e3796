"""Vectors with answers -> heads that read facts: trained, calibrated, and with thresholds.

Two layers of 256 and one softmax a family (see `index.facts.heads`). The temperature is the one of least
cross-entropy on the kept part (Guo et al., On Calibration of Modern Neural Networks, 2017). An answer is
given from the least share on from which nine in ten of the kept garments that get it have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from index.facts.heads import NEVER, FactFamily, FactHeads, Header, shares_of
from index.facts.reader import ANY, ATTRIBUTES, FINE_KIND, allowed_kinds
from index.model.garment_facts import FACTS, Audience, Formality, Warmth
from index.training.garment_facts.encoded import Encoded
from index.training.garment_facts.labelled import ADULT, Labelled
from index.training.measuring.calibration import BELIEVED

WIDTH: Final = 256
EPOCHS: Final = 30
STEPS: Final = 1000
BATCH: Final = 256
RATE, DECAY, DROPPED = 2e-3, 1e-3, 0.3
FEWEST: Final = 10
"""Garments of which a fine kind is learned, and kept ones that must get an answer for it to be given."""
MARGIN: Final = 0.02
"""Thresholds are the luckiest of many: what they keep is a little less right elsewhere."""
TEMPERATURES: Final = np.geomspace(0.4, 4.0, 40)
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
    for name in (*FACTS, *ATTRIBUTES):
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
) -> FactHeads:
    """Return heads fitted on the part `fit`, with temperatures and thresholds of `calibrate`.

    Args:
        encoded: garments of both parts.
        fingerprint: of the encoder that made the vectors.
        report: receives progress lines.
        seed: of everything random.
        orders: family -> its answers in their order; those of others stand in the alphabet's.
        min_steps: fewer are not made, however few garments there are.
    """
    train, kept = encoded.part("fit"), encoded.part("calibrate")
    families = {n: FactFamily(answers=a) for n, a in answers_of(train.pictures, orders).items()}
    header = Header(fingerprint=fingerprint, families=families)
    heads = FactHeads(header, _trained(train, families, report, seed, min_steps))
    logits = heads.logits(kept.vectors)
    calibrated = {
        name: _calibrated(family, logits[name], kept, name) for name, family in families.items()
    }
    return FactHeads(Header(fingerprint=fingerprint, families=calibrated), heads.tensors)


def targets(pictures: Sequence[Labelled], name: str, answers: Sequence[str]) -> NDArray[np.bool_]:
    """Return (n, answers): which answers are true of each picture; none where it is not known.

    An adult's garment of which nobody says whose is women's or men's. A fine kind that is too rare to be
    learned is its category's plain one where that is learned: a parka is a jacket, and no blazer.
    """
    rows = np.zeros((len(pictures), len(answers)), np.bool_)
    for at, picture in enumerate(pictures):
        known = picture.answers.get(name, "")
        if name == FINE_KIND and known and known not in answers:
            known = str(picture.category)
        if known == ADULT:
            rows[at] = [answer != Audience.KIDS for answer in answers]
        elif known in answers:
            rows[at, answers.index(known)] = True
    return rows


def allowed(pictures: Sequence[Labelled], name: str, answers: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return (n, answers): which answers each picture's kind allows."""
    if name != FINE_KIND:
        return np.ones((len(pictures), len(answers)), np.bool_)
    return allowed_kinds(answers, [picture.category for picture in pictures])


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
    scale = float(np.sqrt(train.vectors.shape[1]))  # a unit vector's numbers are small
    vectors = torch.from_numpy(train.vectors) * scale
    true = {n: torch.from_numpy(targets(train.pictures, n, f.answers)) for n, f in families.items()}
    may = {n: torch.from_numpy(allowed(train.pictures, n, f.answers)) for n, f in families.items()}
    weights = torch.tensor([picture.weight for picture in train.pictures])
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
    return {name: part.half().float().numpy() for name, part in state.items()}


def _loss(logits: Tensor, true: Tensor, may: Tensor, weights: Tensor) -> Tensor:
    """Return the cross-entropy of the true answers together, over the rows of which any is known."""
    known = (true & may).any(dim=1)
    if not bool(known.any()):
        return logits.sum() * 0
    logits, true, may, weights = logits[known], true[known], may[known], weights[known]
    everything = logits.masked_fill(~may, -1e9).logsumexp(dim=1)
    right = logits.masked_fill(~(true & may), -1e9).logsumexp(dim=1)
    return ((everything - right) * weights).sum() / weights.sum()


def _calibrated(
    family: FactFamily, logits: NDArray[np.float32], kept: Encoded, name: str
) -> FactFamily:
    true = targets(kept.pictures, name, family.answers)
    may = allowed(kept.pictures, name, family.answers)
    known = (true & may).any(axis=1)
    logits, true, may = logits[known], true[known], may[known]

    def shares(temperature: float) -> NDArray[np.float32]:
        at = family.model_copy(update={"temperature": temperature})
        return shares_of(at, logits, may)

    def cross_entropy(temperature: float) -> float:
        of_true = (shares(temperature) * true).sum(axis=1)
        return float(-np.log(np.maximum(of_true, 1e-9)).mean())

    if not len(logits):
        return family.model_copy(update={"thresholds": (NEVER,) * len(family.answers)})
    temperature = round(float(min(TEMPERATURES, key=cross_entropy)), 3)
    rows = shares(temperature)
    sure, best = rows.max(axis=1), rows.argmax(axis=1)
    judged = judgeable(true, best)
    sure, best, true = sure[judged], best[judged], true[judged]
    right = true[np.arange(len(best)), best]
    thresholds = tuple(
        least_share(sure[best == at], right[best == at]) for at in range(len(family.answers))
    )
    return family.model_copy(update={"temperature": temperature, "thresholds": thresholds})


def judgeable(true: NDArray[np.bool_], best: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return (n,): of which garments an answer is right or wrong for sure.

    An adult's garment of which nobody says whose is wrong as a child's; as women's it is neither.

    >>> true = np.array([[True, False, False], [True, True, False], [True, True, False]])
    >>> judgeable(true, np.array([1, 0, 2])).tolist()
    [True, False, True]
    """
    return np.asarray((true.sum(axis=1) == 1) | ~true[np.arange(len(best)), best])


def least_share(sure: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Return the least share from which on `BELIEVED` of the answers are right, `NEVER` for none.

    >>> least_share(np.linspace(1, 0.5, 6), np.ones(6, dtype=bool))
    2.0
    >>> least_share(np.linspace(1, 0.5, 11), np.ones(11, dtype=bool))
    0.5
    """
    order = np.argsort(-sure, kind="stable")
    running = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    believed = np.flatnonzero(running >= BELIEVED + MARGIN)
    if not believed.size or believed[-1] + 1 < FEWEST:
        return NEVER
    return round(float(sure[order][believed[-1]]), 4)
