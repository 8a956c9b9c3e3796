"""How often a judge is right, and how sure that figure is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.compatibility.training.asking import (
    Questions,
    asked_about,
    choices,
    outfits_and_fakes,
    pools,
)
from recommender.compatibility.training.baselines import Ranker
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from segmentation.common.errors import DatasetError

ROUNDS: Final = 4
"""How often each piece is asked about, each time with other wrong answers."""
POOL: Final = 100
NEAREST: Final = 10
RESAMPLED: Final = 2000
Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Exam:
    """Questions of one seed; every judge gets the same ones.

    Attributes:
        binary: with one wrong answer; the right one is first everywhere.
        blank: with three, fill in the blank.
        pool: with `POOL` of the slot, of `pooled` outfits.
        real, fake: one question with one answer for each piece of whole outfits, and of outfits in which
            every piece was exchanged for another of its kind.
        owners: of the real and fake questions.
    """

    binary: Questions
    blank: Questions
    pool: Questions
    real: Questions
    fake: Questions
    owners: NDArray[np.int64]


def exam_of(
    seen: EncodedOutfits, pooled: EncodedOutfits, more: NDArray[np.bool_], seed: int
) -> Exam:
    """Return the questions of a seed.

    Args:
        seen: the outfits that are asked about.
        pooled: the same, then others that only fill the pools.
        more: (N,) of `pooled`, True on those others.
        seed: of wrong answers and draws.
    """
    rng = np.random.default_rng((17, seed))
    real, fake, owners = outfits_and_fakes(seen, rng)
    return Exam(
        asked_about(seen, *choices(seen, 1, ROUNDS, rng), rng),
        asked_about(seen, *choices(seen, 3, ROUNDS, rng), rng),
        asked_about(pooled, *pools(pooled, more, POOL, rng), rng),
        real,
        fake,
        owners,
    )


def right_first(judge: Ranker, asking: Questions, among: int = 1) -> NDArray[np.float32]:
    """Return (Q,): 1 where the first answer is among the best `among`, else 0."""
    scores = judge.scores(asking)
    better = (scores[:, 1:] >= scores[:, :1]).sum(axis=1)
    return np.asarray(better < among, dtype=np.float32)


def outfit_auc(judge: Ranker, exam: Exam) -> float:
    """Return how often a real outfit's mean score is above that of one of exchanged pieces, 0 to 1."""
    real, fake = (
        np.bincount(exam.owners, judge.scores(asking)[:, 0]) / np.bincount(exam.owners)
        for asking in (exam.real, exam.fake)
    )
    return float((real[:, None] > fake[None]).mean())


@dataclass
class Marks:
    """What one judge got right, by outfit, over all seeds."""

    right: dict[str, list[tuple[NDArray[np.int64], NDArray[np.float32]]]] = field(
        default_factory=dict
    )
    auc: list[float] = field(default_factory=list)

    def add(self, figure: str, outfit: NDArray[np.int64], right: NDArray[np.float32]) -> None:
        """Keep the (Q,) answers to questions about (Q,) outfits."""
        self.right.setdefault(figure, []).append((outfit, right))

    def by_outfit(self, figure: str) -> dict[int, float]:
        """Return the share of right answers of each outfit that was asked about."""
        outfit = np.concatenate([outfit for outfit, _ in self.right[figure]])
        right = np.concatenate([right for _, right in self.right[figure]])
        asked = np.unique(outfit)
        return {int(number): float(right[outfit == number].mean()) for number in asked}

    def weights(self, figure: str) -> dict[int, int]:
        """Return how many questions were about each outfit."""
        outfit = np.concatenate([outfit for outfit, _ in self.right[figure]])
        return dict(
            zip(*(part.tolist() for part in np.unique(outfit, return_counts=True)), strict=True)
        )

    def figures(self) -> dict[str, float | Interval]:
        """Return each figure and its 95 % interval."""
        record: dict[str, float | Interval] = {}
        for figure in self.right:
            mean, interval = interval_of(self, figure)
            record |= {figure: mean, f"{figure}_ci": interval}
        if self.auc:
            record["outfit_auc"] = round(float(np.mean(self.auc)), 4)
        return record


def interval_of(marks: Marks, figure: str, below: Marks | None = None) -> tuple[float, Interval]:
    """Return a figure, or how far it is above another judge's, and its 95 % interval.

    Outfits are drawn anew with replacement, not questions: those about one outfit hang together.
    """
    right, weights = marks.by_outfit(figure), marks.weights(figure)
    outfits = sorted(right)
    count = np.array([weights[number] for number in outfits], dtype=np.float64)
    value = np.array([right[number] for number in outfits])
    if below is not None:
        other = below.by_outfit(figure)
        value = value - np.array([other[number] for number in outfits])
    rng = np.random.default_rng(3)
    drawn = rng.integers(0, len(outfits), (RESAMPLED, len(outfits)))
    means = (value * count)[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return round(float((value * count).sum() / count.sum()), 4), (
        round(float(low), 4),
        round(float(high), 4),
    )


def sit(
    judge: Ranker, exam: Exam, seen: EncodedOutfits, marks: Marks, *, whole: bool = True
) -> None:
    """Let a judge answer an exam's questions about single pieces, and about whole outfits where it can.

    The judge of pools may be another one, since they hold more pieces: see `sit_pool`.

    Raises:
        DatasetError: the held-out outfits are too few to ask about any piece.
    """
    for figure, asking in (("binary_accuracy", exam.binary), ("fitb", exam.blank)):
        if not len(asking.about):
            raise DatasetError(
                "too few outfits are held out to ask about",
                got=f"no question for {figure}",
                expected="outfits by the hundred, several pieces of each kind among those held out",
                next_step="Give more data, such as Clothing Co-Parsing.",
            )
        marks.add(figure, seen.outfit[asking.about], right_first(judge, asking))
    if whole and len(exam.owners):
        marks.auc.append(outfit_auc(judge, exam))


def sit_pool(judge: Ranker, exam: Exam, pooled: EncodedOutfits, marks: Marks) -> None:
    """Let a judge search the pools, where any slot has enough to fill one."""
    if not len(exam.pool):
        return
    outfit = pooled.outfit[exam.pool.about]
    marks.add("recall_at_10", outfit, right_first(judge, exam.pool, NEAREST))
