"""Score thresholds, tuned on photos that no weights were trained on.

    python -m segmentation.training.measuring.thresholds ../shared/data/clothing-co-parsing WEIGHTS

The photos are the tenth of Clothing Co-Parsing's tag-only photos that labelling leaves out: their
tags say what is worn. Two ways are tried, and five-fold cross-validation chooses between them: one
threshold for all categories, or each category its own, at which "is it worn?" is answered best (F1).
In the second way rare categories lean on all the others: every category starts with the common
answer, counted as `PRIOR` photos. Only the header of the weights file changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import typer
from numpy.typing import NDArray

from segmentation.common.commands import run
from segmentation.common.errors import DatasetError
from segmentation.common.photo import decode
from segmentation.common.taxonomy import SLOT_OF, Category
from segmentation.datasets.clothing_co_parsing import read_tagged
from segmentation.datasets.splits import is_held_out
from segmentation.detector import maskrcnn
from segmentation.detector.detections import Detections, kinds_in, same_place
from segmentation.detector.network import read_weights, write_weights
from segmentation.training.runs.loop import Report

GRID: Final = np.round(np.arange(0.2, 0.86, 0.05), 2)
PRIOR: Final = 12.0
FOLDS: Final = 5


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """How often a category is found and worn, at each threshold of `GRID`.

    Attributes:
        hits: (T,) photos in which it is worn and reported.
        alarms: (T,) photos in which it is reported and not worn.
        worn: photos in which it is worn.
    """

    hits: NDArray[np.float64]
    alarms: NDArray[np.float64]
    worn: float

    def f1(self) -> NDArray[np.float64]:
        """Return (T,) 2 hits / (2 hits + alarms + misses); 0 where all of these are 0.

        >>> ScoreCounts(np.array([0.0, 2.0]), np.array([0.0, 2.0]), 2.0).f1().round(2).tolist()
        [0.0, 0.67]
        >>> ScoreCounts(np.array([0.0]), np.array([0.0]), 0.0).f1().tolist()
        [0.0]
        """
        total = self.hits + self.alarms + self.worn
        return np.divide(2 * self.hits, total, out=np.zeros_like(self.hits), where=total > 0)


Strengths: TypeAlias = Sequence[Mapping[Category, float]]
"""For each photo, the highest threshold at which a category would still be reported."""
Worn: TypeAlias = Sequence[frozenset[Category]]
"""For each photo, what is worn."""
Thresholds: TypeAlias = dict[Category, float]


def one_for_all(strengths: Strengths, worn: Worn) -> Thresholds:
    """Return the same threshold for each category: the best by their mean F1."""
    counts = [_counts(category, strengths, worn) for category in Category]
    occurring = [each.f1() for each in counts if each.worn] or [np.zeros(len(GRID))]
    best = float(GRID[int(np.mean(occurring, axis=0).argmax())])
    return dict.fromkeys(Category, best)


def each_its_own(strengths: Strengths, worn: Worn) -> Thresholds:
    """Return the best threshold of each category, rare ones leaning on all."""
    counts = {category: _counts(category, strengths, worn) for category in Category}
    total = max(1.0, sum(each.worn for each in counts.values()))
    hits = sum(each.hits for each in counts.values()) / total
    alarms = sum(each.alarms for each in counts.values()) / total
    best = {}
    for category, each in counts.items():
        leaning = ScoreCounts(
            each.hits + PRIOR * hits, each.alarms + PRIOR * alarms, each.worn + PRIOR
        )
        best[category] = float(GRID[int(leaning.f1().argmax())])
    return best


def cross_validated(
    way: Callable[[Strengths, Worn], Thresholds], strengths: Strengths, worn: Worn
) -> float:
    """Return the mean F1 of the categories worn, each photo judged by the other folds' thresholds."""
    hits, total = Counter[Category](), Counter[Category]()
    for fold in range(FOLDS):
        others = [number for number in range(len(worn)) if number % FOLDS != fold]
        best = way([strengths[n] for n in others], [worn[n] for n in others])
        for number in range(fold, len(worn), FOLDS):
            parts = {c for c, value in strengths[number].items() if value >= best[c]}
            hits.update(parts & worn[number])
            total.update(parts)
            total.update(worn[number])
    occurring = {category for each in worn for category in each}
    return float(np.mean([2 * hits[c] / total[c] for c in occurring])) if occurring else 0.0


def _counts(category: Category, strengths: Strengths, worn: Worn) -> ScoreCounts:
    truth = np.array([category in each for each in worn], dtype=np.bool_)
    result = np.array([each.get(category, 0.0) for each in strengths])
    reported = result[None] >= GRID[:, None]
    return ScoreCounts(
        hits=(reported & truth).sum(axis=1).astype(np.float64),
        alarms=(reported & ~truth).sum(axis=1).astype(np.float64),
        worn=float(truth.sum()),
    )


def strength(found: Detections) -> dict[Category, float]:
    """Return, for each category, the highest threshold at which it would still be reported.

    That is what `segmentation.detector.detections.reported` compares with: the scores of a slot's kinds in
    one place together, where the category has the highest of them.
    """
    near, best = same_place(found), dict[Category, float]()
    for number, label in enumerate(found.labels):
        if isinstance(label, Category):
            kinds = kinds_in(found, near[number], SLOT_OF[label])
            if float(found.scores[number]) >= max(kinds.values()):
                best[label] = max(best.get(label, 0.0), sum(kinds.values()))
    return best


def tune(folder: Path, weights: Path, report: Report) -> Thresholds:
    """Write tuned thresholds into the header of a weights file, and return them.

    What is compared with the tags is everyone's: whose garments they are, no tag says.

    Raises:
        DatasetError: the folder has no held-out photo with tags.
        WeightsError: the weights cannot be read.
    """
    detector = maskrcnn.Detector.load(weights)
    strengths, worn = [], []
    for path, tagged in read_tagged(folder):
        if is_held_out(path, folder):
            strengths.append(strength(detector.detect(decode(path.read_bytes()))))
            worn.append(frozenset(tagged))
    if not worn:
        raise DatasetError(
            "no held-out photos with tags",
            got=str(folder),
            expected="a tenth of Clothing Co-Parsing's tag-only photos, by their hash",
            next_step="Give the folder that holds photos.jsonl.",
        )
    ways = one_for_all, each_its_own
    reached = {way: cross_validated(way, strengths, worn) for way in ways}
    for way, f1 in reached.items():
        report(f"{way.__name__}: mean F1 {f1:.3f} on {len(worn)} photos, cross-validated")
    best = max(ways, key=lambda way: reached[way])(strengths, worn)
    report(", ".join(f"{category.value} {threshold}" for category, threshold in best.items()))
    spec, state = read_weights(weights)
    thresholds = {category.value: threshold for category, threshold in best.items()}
    write_weights(weights, state, replace(spec, thresholds=thresholds))
    return best


def main(data: Path, weights: Path) -> None:
    """Tune the thresholds of a weights file on the held-out tagged photos of Clothing Co-Parsing."""
    tune(data, weights, lambda line: typer.echo(line, err=True))


if __name__ == "__main__":
    run(main)
