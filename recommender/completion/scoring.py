"""Pools -> candidates with their scores: what the model learned, within what the stylist's table allows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.compatibility.model import Scorer
from recommender.completion.looks import Beside, Keeping
from recommender.completion.outfit_context import Worn
from recommender.completion.seen_items import SeenItems
from recommender.outfits import rank
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.rules import DressRules
from recommender.outfits.dress.shades import fits
from recommender.outfits.dress.whole import Outfitting
from recommender.outfits.look import Candidate
from recommender.outfits.outfit import Outfit
from recommender.people.style import Style, rerank
from recommender.similarity.deduplication import one_of_each
from recommender.similarity.retrieval import Pool
from recommender.wire.terms import Idea

NOBODY: Final = Style()
TABLE: Final = 0.5
"""How much of a score the stylist's table has; the learned model has the rest. Fitted on outfits that
were kept out of training: see docs/complete-the-look.md."""
LEAN: Final = 0.12
"""How much an item gains that serves a look's idea of colour."""
TURN: Final = 0.7
"""By so much at most items that fit alike take turns, from one outfit to the next."""
LIFT: Final = 0.06
"""How much the most popular item gains: as much as a slight fault by the stylist's table takes away."""
SELLS: Final = 0.3
"""By how much at most the turn of a popular item comes sooner."""
PRUDENCE: Final = 0.7
"""How much what the table holds against an item counts more where items take turns."""


@dataclass(frozen=True)
class OutfitScorer:
    """What scores items for one outfit.

    Attributes:
        scorer: how well items fit, as it learned.
        rules: the stylist's, on the day that the outfit is worn.
        worn: what is to be completed.
        pieces: the same as the stylist sees it.
        seen: items as the stylist sees them.
        style: of the person who asks; it moves scores a little, and no item over the cut-off.
        popularity: sku -> 0 to 1; it moves scores a little too, of items that fit without it.
    """

    scorer: Scorer
    rules: DressRules
    worn: Worn
    pieces: tuple[Piece, ...]
    seen: SeenItems
    style: Style = NOBODY
    popularity: Mapping[str, float] = field(default_factory=dict)
    _turns: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        outfit = self.worn.outfit
        whole = np.round(outfit.vectors_unit.astype(np.float64), 2).tobytes()
        stated = f"{outfit.categories}{outfit.colours}".encode()
        object.__setattr__(self, "_turns", whole + stated)

    def candidates(self, pool: Pool, count: int, *, cheap: bool = False) -> tuple[Candidate, ...]:
        """Return the diverse best of a slot's items that fit, best first.

        Of the variants of one product, and of what shares a picture, the best fits for all. Every
        idea of colour has its candidates among them.

        Args:
            pool: items of one slot.
            count: so many at most.
            cheap: as many of the cheapest follow, however they score: a budget may need them.
        """
        if not len(pool):
            return ()
        refused, cost = self._ruled(pool.items)
        learned = self._learned(pool)
        scores = self._lifted(pool.items, mixed(learned, cost))
        order = np.argsort(-scores, kind="stable")
        open_rows = order[(learned[order] >= self.scorer.least) & ~refused[order]]
        fitting = np.array(sorted(one_of_each(pool.items, open_rows.tolist())), dtype=np.intp)
        rows = self._diverse(pool, scores, cost, fitting, count)
        if cheap:
            rest = set(fitting.tolist()).difference(rows)
            rows += sorted(rest, key=lambda row: (_price(pool.items[row]), pool.items[row].sku))[
                :count
            ]
        return tuple(
            Candidate(pool.items[row], float(scores[row]), cost=float(cost[row])) for row in rows
        )

    def _diverse(
        self,
        pool: Pool,
        scores: NDArray[np.float32],
        cost: NDArray[np.float64],
        fitting: NDArray[np.intp],
        count: int,
    ) -> list[int]:
        """Return rows for every idea of colour in turn, and for none."""
        if not len(fitting):
            return []
        moved = scores[fitting] + self.turns([pool.items[row] for row in fitting])
        moved -= (PRUDENCE * cost[fitting]).astype(np.float32)
        vectors = pool.vectors_unit[fitting]
        worn = main_colours(self.worn.outfit)
        chosen: dict[int, None] = {}
        share = -(-count // (len(Idea) + 1))
        for idea in (None, *Idea):
            lean = [_lean(idea, pool.items[row], worn) for row in fitting]
            leaning = np.clip(moved + np.array(lean, np.float32), 1e-3, None).astype(np.float32)
            for at in rank.diverse(leaning, vectors, share):
                chosen[int(fitting[at])] = None
        rows = sorted(chosen, key=lambda row: (-float(scores[row]), pool.items[row].sku))
        return rows[:count] if len(rows) > count else rows

    def _learned(self, pool: Pool) -> NDArray[np.float32]:
        scores = self.scorer.score(self.worn.outfit, pool.items, pool.vectors_unit)
        return rerank(scores, pool.items, pool.vectors_unit, self.style, cutoff=self.scorer.least)

    def _lifted(
        self, items: Sequence[CatalogItem], scores: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (m,) scores, 0 to 1, with what popular items gain of what they lack."""
        if not self.popularity:
            return scores
        share = np.array([self.popularity.get(item.sku, 0.0) for item in items], np.float32)
        return np.asarray(np.minimum(scores + np.float32(LIFT) * share, 1.0), dtype=np.float32)

    def _ruled(self, items: Sequence[CatalogItem]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Return (m,) what the rules refuse beside what is worn, and (m,) what the others cost."""
        pieces = [self.seen.piece(item) for item in items]
        refused, cost = self.rules.alone(pieces)
        if self.pieces:
            never, paid = self.rules.between(pieces, self.pieces)
            refused |= never.any(axis=1)
            cost = cost + paid.max(axis=1) + paid.min(axis=1).clip(max=0.0)
        return refused, cost + self._doubted(items)

    def _doubted(self, items: Sequence[CatalogItem]) -> NDArray[np.float64]:
        """Return (m,) the shares by which items may be of kinds that would be refused."""
        stylist = self.rules.stylist
        others = [stylist.otherwise(item) for item in items]
        kinds = {
            (item.category, name): 0
            for item, names in zip(items, others, strict=True)
            for name in names
        }
        if not kinds:
            return np.zeros(len(items))
        pieces = [stylist.of_kind(category, name) for category, name in kinds]
        refused, _ = self.rules.alone(pieces)
        if self.pieces:
            never, _ = self.rules.between(pieces, self.pieces)
            refused |= never.any(axis=1) | self.rules.lonely(pieces, self.pieces)
        wrong = {kind for kind, off in zip(kinds, refused, strict=True) if off}
        return np.array([
            sum(share for name, share in names.items() if (item.category, name) in wrong)
            for item, names in zip(items, others, strict=True)
        ])  # fmt: skip

    def picked(self) -> tuple[Candidate, ...]:
        """Return what is picked, each scored by the rest of what is worn."""
        made = []
        for number, item in enumerate(self.worn.picked):
            outfit = self.worn.without(number)
            row = self.worn.outfit.vectors_unit[self.worn.kept + number][None]
            score = self.scorer.score(outfit, [item], row)
            _, cost = self.rules.alone([self.seen.piece(item)])
            made.append(Candidate(item, float(mixed(score, cost)[0])))
        return tuple(made)

    def beside(self, pools: Iterable[Pool]) -> Beside:
        """Return what says how well the pools' items and the picks go beside each other."""
        vectors = {
            item.sku: row
            for pool in pools
            for item, row in zip(pool.items, pool.vectors_unit, strict=True)
        }
        picks = self.worn.outfit.vectors_unit[self.worn.kept :]
        vectors |= {item.sku: row for item, row in zip(self.worn.picked, picks, strict=True)}

        def of(items: Sequence[CatalogItem]) -> NDArray[np.float32]:
            rows = [vectors[item.sku] for item in items]
            learned = self.scorer.pairs(items, np.reshape(rows, (len(rows), picks.shape[1])))
            pieces = [self.seen.piece(item) for item in items]
            _, cost = self.rules.between(pieces, pieces)
            return np.asarray(learned - cost, dtype=np.float32)

        return of

    def lean(self, idea: Idea | None, candidates: Iterable[Candidate]) -> dict[str, float]:
        """Return sku -> what a candidate gains in a look of an idea, and for its turn."""
        found = list(candidates)
        worn = main_colours(self.worn.outfit)
        turns = self.turns([each.item for each in found]).tolist()
        return {
            each.item.sku: _lean(idea, each.item, worn) + turn - PRUDENCE * each.cost
            for each, turn in zip(found, turns, strict=True)
        }

    def keeping(self) -> Keeping:
        """Return what says what looks of some items keep to as a whole, beside what is kept."""
        kept = list(self.pieces[: self.worn.kept])

        def of(items: Sequence[CatalogItem]) -> Outfitting:
            return Outfitting.of(kept, [self.seen.piece(item) for item in items], self.rules)

        return of

    def turns(self, items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        """Return (m,) -TURN / 2 to TURN / 2: whose turn it is with this outfit, and what sells adds to it.

        The best of hundreds of items fit about alike. Without turns a few of them would be proposed to
        everybody.
        """
        start = zlib.crc32(self._turns)
        turn = drawn([zlib.crc32(item.sku.encode()) for item in items], start)
        sells = [SELLS * self.popularity.get(item.sku, 0.0) for item in items]
        return turn * np.float32(TURN) + np.array(sells, np.float32)


def drawn(numbers: Sequence[int], start: int) -> NDArray[np.float32]:
    """Return (m,) -0.5 to 0.5, mixed so that no two items stay neighbours from one outfit to the next."""
    moved = np.uint64(start * 0x9E3779B97F4A7C15 % 2**64)
    mixed_up = np.array(numbers, dtype=np.uint64) + moved
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed_up = (mixed_up ^ (mixed_up >> np.uint64(shift))) * np.uint64(factor)
    mixed_up ^= mixed_up >> np.uint64(31)
    return np.asarray((mixed_up >> np.uint64(40)).astype(np.float32) / np.float32(2**24) - 0.5)


def mixed(learned: NDArray[np.float32], cost: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (m,) scores, 0 to 1: what the model learned, and what the table leaves."""
    left = np.clip(1.0 - cost, 0.0, 1.0)
    return np.asarray(np.clip((1 - TABLE) * learned + TABLE * left, 0.0, 1.0), dtype=np.float32)


def main_colours(outfit: Outfit) -> tuple[str, ...]:
    """Return the main colour of each garment that has one."""
    return tuple(names[0] for names in outfit.colours if names)


def _lean(idea: Idea | None, item: CatalogItem, worn: tuple[str, ...]) -> float:
    return 0.0 if idea is None else LEAN * fits(idea, item.colour.strip().lower(), worn)


def _price(item: CatalogItem) -> Decimal:
    return Decimal("Infinity") if item.asking_price is None else item.asking_price
