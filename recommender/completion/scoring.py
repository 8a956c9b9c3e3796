"""Pools -> candidates with their scores and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.compatibility.model import Scorer
from recommender.completion.looks import Beside
from recommender.completion.outfit_context import Worn
from recommender.outfits import explain, rank
from recommender.outfits.explain import Together
from recommender.outfits.look import Candidate
from recommender.outfits.outfit import Outfit
from recommender.people.style import Style, rerank
from recommender.similarity.deduplication import one_of_each
from recommender.similarity.retrieval import Pool

NOBODY: Final = Style()


@dataclass(frozen=True)
class Judge:
    """What scores and explains.

    Attributes:
        scorer: how well items fit.
        together: how often kinds were worn together.
        style: of the person who asks; it moves scores a little, and no item over the cut-off.
    """

    scorer: Scorer
    together: Together
    style: Style = NOBODY

    def candidates(
        self, pool: Pool, outfit: Outfit, count: int, *, cheap: bool = False
    ) -> tuple[Candidate, ...]:
        """Return the diverse best of a slot's items that fit, best first, each with its reason.

        Of the variants of one product, and of what shares a picture, the best fits for all.

        Args:
            pool: items of one slot.
            outfit: what is worn.
            count: so many at most.
            cheap: as many of the cheapest follow, however they score: a budget may need them.
        """
        if not len(pool):
            return ()
        scores = self.scorer.score(outfit, pool.items, pool.vectors_unit)
        least = self.scorer.least
        scores = rerank(scores, pool.items, pool.vectors_unit, self.style, cutoff=least)
        order = np.argsort(-scores, kind="stable")
        best_first = one_of_each(pool.items, order[scores[order] >= least].tolist())
        fitting = np.array(sorted(best_first), dtype=np.intp)
        best = rank.diverse(scores[fitting], pool.vectors_unit[fitting], count)
        rows: list[int] = fitting[best].tolist()
        if cheap:
            rest = set(fitting.tolist()).difference(rows)
            rows += sorted(rest, key=lambda row: (_price(pool.items[row]), pool.items[row].sku))[
                :count
            ]
        cosines = pool.vectors_unit @ outfit.vectors_unit.T
        return tuple(
            self._candidate(pool.items[row], scores[row], outfit, cosines[row]) for row in rows
        )

    def picked(self, worn: Worn) -> tuple[Candidate, ...]:
        """Return what is picked, each scored by the rest of what is worn."""
        made = []
        for number, item in enumerate(worn.picked):
            outfit = worn.without(number)
            row = worn.outfit.vectors_unit[worn.kept + number][None]
            score = self.scorer.score(outfit, [item], row)[0]
            made.append(self._candidate(item, score, outfit, (row @ outfit.vectors_unit.T)[0]))
        return tuple(made)

    def beside(self, pools: Iterable[Pool], worn: Worn) -> Beside:
        """Return what says how well the pools' items and the picks go beside each other."""
        vectors = {
            item.sku: row
            for pool in pools
            for item, row in zip(pool.items, pool.vectors_unit, strict=True)
        }
        picks = worn.outfit.vectors_unit[worn.kept :]
        vectors |= {item.sku: row for item, row in zip(worn.picked, picks, strict=True)}

        def of(items: Sequence[CatalogItem]) -> NDArray[np.float32]:
            rows = [vectors[item.sku] for item in items]
            return self.scorer.pairs(items, np.reshape(rows, (len(rows), picks.shape[1])))

        return of

    def _candidate(
        self, item: CatalogItem, score: np.float32, outfit: Outfit, cosines: NDArray[np.float32]
    ) -> Candidate:
        known = min(1.0, max(0.0, float(score)))
        share = known if self.scorer.is_percentile else None
        why = explain.why(item, outfit, cosines, together=self.together, percentile=share)
        return Candidate(item, known, why)


def _price(item: CatalogItem) -> Decimal:
    return Decimal("Infinity") if item.asking_price is None else item.asking_price
