"""Questions put to a catalogue whose right answers are known, to calibrate relevance and measure it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Encoder
from index.encoders.relevance import NEIGHBOURS, Curve, shares_of_kinds
from index.training.examples.garments import Example
from index.training.measuring.features import Vectors
from index.training.measuring.neighbours import NEAREST
from index.training.measuring.words import MIN_RIGHT, colour_kind_queries, pattern_kind_queries
from segmentation.common.taxonomy import Category

Scores: TypeAlias = NDArray[np.float64]
Shown: TypeAlias = NDArray[np.bool_]
"""(questions, items): which items a filter leaves in which answer."""
LEFT: Final = (1, 3, 10)
"""Items of a brand that a filter leaves."""


@dataclass(frozen=True, eq=False)
class TextQueries:
    """q questions and n items.

    Attributes:
        cosines: (q, n).
        of_kind: (q, n), 0 to 1: `shares_of_kinds` of the item's kind.
        right: (q, n): the item is a right answer.
        known: (q, n): whether it is one is known, and the item is not the question itself.
        kinds: n kinds of items.
    """

    cosines: Scores
    of_kind: Scores
    right: NDArray[np.bool_]
    known: NDArray[np.bool_]
    kinds: NDArray[np.str_]

    def chances(self, curve: Curve) -> Scores:
        """Return the chances, (q, n)."""
        return curve.chances(self.cosines, self.of_kind)

    def percentiles(self) -> Scores:
        """Return the share of the catalogue that is no nearer than each item, (q, n), 0 to 1."""
        ranks = np.argsort(np.argsort(self.cosines, axis=1), axis=1)
        return np.asarray((ranks + 1) / self.cosines.shape[1], np.float64)

    def deviations(self) -> Scores:
        """Return how many standard deviations each item is nearer than the catalogue's mean."""
        mean, spread = self.cosines.mean(1, keepdims=True), self.cosines.std(1, keepdims=True)
        return np.asarray((self.cosines - mean) / np.maximum(spread, 1e-6))

    def nearest(self, among: NDArray[np.bool_] | None = None, k: int = NEAREST) -> Shown:
        """Return the `k` nearest items of each question among (n,) items, all if left out."""
        open_to = self.known if among is None else self.known & among
        order = np.argsort(np.where(open_to, -self.cosines, np.inf), axis=1)[:, :k]
        shown = np.zeros(self.known.shape, np.bool_)
        np.put_along_axis(shown, order, True, axis=1)
        return np.asarray(shown & open_to)

    def of_another_kind(self) -> Shown:
        """Return what is shown where every kind in turn is filtered for, of those with no right one."""
        shown = np.zeros(self.known.shape, np.bool_)
        for kind in np.unique(self.kinds):
            of_it = self.kinds == kind
            without = ~(self.right & of_it).any(axis=1)
            shown |= self.nearest(of_it) & without[:, None]
        return shown

    def of_a_brand(self, left: int, seed: int = 3) -> Shown:
        """Return what is shown where a filter leaves `left` items, drawn anew for each question.

        For every second question one of them is a right answer, else most would have none.
        """
        rng = np.random.default_rng((seed, left))
        shown = np.zeros(self.known.shape, np.bool_)
        for row, (known, right) in enumerate(zip(self.known, self.right & self.known, strict=True)):
            drawn = rng.permutation(np.flatnonzero(known))
            if row % 2 == 0 and right.any():
                first = rng.choice(np.flatnonzero(right))
                drawn = np.concatenate([[first], drawn[drawn != first]])
            shown[row, drawn[:left]] = True
        return shown

    def scenes(self) -> dict[str, Shown]:
        """Return every scene that is measured, by name."""
        brands = {f"left_{left}": self.of_a_brand(left) for left in LEFT}
        return {"unfiltered": self.nearest(), "another_kind": self.of_another_kind(), **brands}


def pictures_asked(
    questions: Sequence[Example], asked: Vectors, items: Sequence[Example], vectors: Vectors
) -> TextQueries:
    """Return pictures put to a catalogue: right is what is of the same kind; none finds itself."""
    own = np.array([[one.id == other.id for other in items] for one in questions])
    kinds, wanted = _kinds(items), _kinds(questions)
    return _asked(asked @ vectors.T, kinds, wanted[:, None] == kinds[None], ~own, own)


def texts_asked(items: Sequence[Example], vectors: Vectors, encoder: Encoder) -> TextQueries:
    """Return texts put to a catalogue: every kind, "colour kind" and "pattern kind" that it has.

    Right is what `index.training.measuring.words` holds for right; whose colour or pattern nobody knows is
    neither right nor wrong.
    """
    kinds = _kinds(items)
    everything = np.ones(len(items), np.bool_)
    measured = np.array([item.lab is not None for item in items])
    described = np.array([bool(item.facts.pattern) for item in items])
    said: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {
        str(kind): (kinds == kind, everything)
        for kind in np.unique(kinds)
        if (kinds == kind).sum() >= MIN_RIGHT
    }
    colours = colour_kind_queries(items) if measured.any() else {}
    for queries, known in ((colours, measured), (pattern_kind_queries(items), described)):
        said |= {text: (right, known) for text, right in queries.items() if right.any()}
    rows = encoder.encode_texts(list(said))
    right = np.stack([each for each, _ in said.values()])
    return _asked(rows @ vectors.T, kinds, right, np.stack([known for _, known in said.values()]))


def _kinds(examples: Sequence[Example]) -> NDArray[np.str_]:
    return np.array([example.facts.category.value for example in examples], dtype=np.str_)


def _asked(
    cosines: NDArray[np.float32],
    kinds: NDArray[np.str_],
    right: NDArray[np.bool_],
    known: NDArray[np.bool_],
    own: NDArray[np.bool_] | None = None,
) -> TextQueries:
    stocked = {Category(kind): int((kinds == kind).sum()) for kind in np.unique(kinds)}
    of_kind = np.zeros(cosines.shape)
    far = -cosines if own is None else np.where(own, np.inf, -cosines)
    order = np.argsort(far, axis=1)[:, :NEIGHBOURS]
    for row, nearest in enumerate(kinds[order]):
        shares = shares_of_kinds([Category(kind) for kind in nearest], stocked)
        for kind, share in shares.items():
            of_kind[row, kinds == kind.value] = share
    return TextQueries(cosines.astype(np.float64), of_kind, right, known, kinds)


def measured(asked: TextQueries, curve: Curve) -> dict[str, Any]:
    """Return how much of what is relevant is kept, and of what is not is dropped, in every scene.

    Beside the curve: a flat cut-off of the cosine, of the deviation from the catalogue's mean and of
    the rank, each set on these very answers so that it keeps as much of what is relevant.
    """
    scenes = asked.scenes()
    chances = asked.chances(curve)
    relevant = np.concatenate([chances[shown & asked.right] for shown in scenes.values()])
    share = float((relevant >= curve.least).mean()) if len(relevant) else 0.0
    figures = {"calibrated": _figures(asked, scenes, chances, curve.least)}
    for name, scores in (
        ("cosine", asked.cosines),
        ("deviation", asked.deviations()),
        ("rank", asked.percentiles()),
    ):
        shown = np.concatenate([scores[shown & asked.right] for shown in scenes.values()])
        least = float(np.quantile(shown, 1 - share)) if len(shown) else 0.0
        figures[name] = _figures(asked, scenes, scores, least)
    return {
        "questions": len(chances),
        "items": len(asked.kinds),
        "kept": round(share, 3),
        **figures,
    }


def _figures(
    asked: TextQueries, scenes: Mapping[str, Shown], scores: Scores, least: float
) -> dict[str, dict[str, float | None]]:
    kept = scores >= least
    return {
        name: {
            "relevant_kept": _share(kept[shown & asked.right]),
            "irrelevant_dropped": _share(~kept[shown & ~asked.right]),
        }
        for name, shown in scenes.items()
    }


def _share(values: NDArray[np.bool_]) -> float | None:
    return round(float(values.mean()), 3) if values.size else None
