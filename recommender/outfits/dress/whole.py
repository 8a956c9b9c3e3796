"""What a look keeps to as a whole, for the beam search: an outfit's rules over all that is worn. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.rules import MAYBE, DressRules, Flags, Floats, Traits
from recommender.outfits.dress.table import DressLimits

SPREAD: Final = 0.5
"""What a grade of formality between the least and the most dressy piece costs, beyond what is free."""
PATTERN: Final = 0.5
"""What a second patterned piece costs, and each one more; one that may be patterned counts less."""
HUE: Final = 0.8
"""What a second new strong colour costs, and each one more: one accent is enough."""
SELDOM: Final = 0.6
"""How much of what two pieces cost together a look pays."""
SECOND_HUE: Final = 0.15
"""What a new strong colour costs where one is worn already."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Outfitting:
    """The rules over looks of m candidates beside what is worn: see `recommender.outfits.beam.Whole`.

    Attributes:
        worn: traits of what is kept.
        traits: of the candidates.
        never: (m, m) which two are never worn together.
        paid: (m, m) what each two cost.
        limits: of the table.
    """

    worn: Traits
    traits: Traits
    never: Flags
    paid: Floats
    limits: DressLimits

    @classmethod
    def of(cls, worn: list[Piece], candidates: list[Piece], rules: DressRules) -> Outfitting:
        """Return the rules over candidates beside what is worn."""
        never, paid = rules.between(candidates, candidates)
        return cls(rules.traits(worn), rules.traits(candidates), never, paid, rules.limits)

    def costs(self, held: Rows, rows: Rows) -> Floats:
        """Return (b, r): what looks cost with one more row, infinite where refused. See `Whole`."""
        return np.where(
            self._never(held, rows) | self._lonely(held, rows),
            np.inf,
            self._spread(held, rows)
            + self._colours(held, rows)
            + self._patterns(held, rows)
            + self._seldom(held, rows),
        )

    def _never(self, held: Rows, rows: Rows) -> Flags:
        return np.asarray(self.never[held][:, :, rows].any(axis=1))

    def _seldom(self, held: Rows, rows: Rows) -> Floats:
        """Return what the worst pair of a row and what is held costs."""
        most = self.paid[held][:, :, rows].max(axis=1, initial=0.0)
        return np.asarray(SELDOM * most)

    def _lonely(self, held: Rows, rows: Rows) -> Flags:
        """Return whether a row asks for a partner that is neither worn nor held."""
        there = np.asarray(self.traits.gives[held].any(axis=1) | self.worn.gives.any(axis=0))
        return np.asarray((self.traits.needs[rows][None] & ~there[:, None]).any(axis=2))

    def _spread(self, held: Rows, rows: Rows) -> Floats:
        grades, worn = self.traits.grades, self.worn.grades
        low = np.minimum(_least(grades[held], np.inf), worn.min(initial=np.inf))
        high = np.maximum(-_least(-grades[held], np.inf), worn.max(initial=-np.inf))
        low = np.minimum(low[:, None], grades[rows])
        high = np.maximum(high[:, None], grades[rows])
        free, most = self.limits.formality_spread
        # what is worn may be wide already: only what a row adds to that is refused
        before = float(np.ptp(worn)) if len(worn) else 0.0
        spread = high - low
        cost = SPREAD * np.maximum(spread - max(free, before), 0.0)
        return np.where(spread > max(most, before), np.inf, cost)

    def _colours(self, held: Rows, rows: Rows) -> Floats:
        worn = np.asarray(self.worn.hues.any(axis=0))
        there = np.asarray(self.traits.hues[held].any(axis=1))
        new = (there[:, None] | self.traits.hues[rows][None]) & ~worn
        before, count = int(worn.sum()), new.sum(axis=2)
        most = max(self.limits.strong_colours, before)
        cost = HUE * np.maximum(count - 1, 0) + SECOND_HUE * (count > 0) * (before > 0)
        return np.where(count + before > most, np.inf, cost)

    def _patterns(self, held: Rows, rows: Rows) -> Floats:
        before = self.traits.patterned[held].sum(axis=1) + self.worn.patterned.sum()
        count = before[:, None] + self.traits.patterned[rows][None]
        worn = float(self.worn.patterned.sum())
        adds = count - worn >= 1 - MAYBE  # what is worn may be motley already
        most = max(self.limits.patterns, worn) + MAYBE
        return np.where(
            adds & (count > most), np.inf, PATTERN * np.maximum(count - max(1.0, worn), 0)
        )


def _least(values: Floats, nothing: float) -> Floats:
    """Return the least of each row of (b, t); `nothing` where t is 0."""
    return np.asarray(values.min(axis=1, initial=nothing))
