"""What a look keeps to as a whole, for the beam search: an outfit's rules over all that is worn. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.rules import Flags, Floats, Rules, Traits
from recommender.outfits.dress.table import Limits

SPREAD: Final = 0.35
"""What a grade of formality between the least and the most dressy piece costs, beyond what is free."""
PATTERN: Final = 0.25
"""What a second patterned piece costs, and each one more."""
HUE: Final = 0.8
"""What a second new strong colour costs, and each one more: one accent is enough."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Outfitting:
    """The rules over looks of m candidates beside what is worn: see `recommender.outfits.beam.Whole`.

    Attributes:
        worn: traits of what is kept.
        traits: of the candidates.
        never: (m, m) which two are never worn together.
        limits: of the table.
    """

    worn: Traits
    traits: Traits
    never: Flags
    limits: Limits

    @classmethod
    def of(cls, worn: list[Piece], candidates: list[Piece], rules: Rules) -> Outfitting:
        """Return the rules over candidates beside what is worn."""
        never, _ = rules.between(candidates, candidates)
        limits = rules.stylist.table.limits
        return cls(rules.traits(worn), rules.traits(candidates), never, limits)

    def costs(self, held: Rows, rows: Rows) -> Floats:
        """Return (b, r): what looks cost with one more row, infinite where refused. See `Whole`."""
        return np.where(
            self._never(held, rows) | self._lonely(held, rows),
            np.inf,
            self._spread(held, rows) + self._colours(held, rows) + self._patterns(held, rows),
        )

    def _never(self, held: Rows, rows: Rows) -> Flags:
        return np.asarray(self.never[held][:, :, rows].any(axis=1))

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
        return np.where(count + before > most, np.inf, HUE * np.maximum(count - 1, 0))

    def _patterns(self, held: Rows, rows: Rows) -> Floats:
        before = self.traits.patterned[held].sum(axis=1) + self.worn.patterned.sum()
        count = before[:, None] + self.traits.patterned[rows][None]
        most = max(self.limits.patterns, int(self.worn.patterned.sum()))
        return np.where(count > most, np.inf, PATTERN * np.maximum(count - 1, 0))


def _least(values: Floats, nothing: float) -> Floats:
    """Return the least of each row of (b, t); `nothing` where t is 0."""
    return np.asarray(values.min(axis=1, initial=nothing))
