"""What a table's rules say on one day: of pieces alone, of each two, and of a whole outfit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.garment_facts import Audience
from recommender.outfits.dress.context import Context
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.shades import HUES, hue_of
from recommender.outfits.dress.stylist import (  # fmt: skip
    BAN,
    COST_ONE,
    COST_OTHER,
    GIVE,
    NEED,
    NEVER_ONE,
    NEVER_OTHER,
    Stylist,
)
from recommender.outfits.dress.table import Ban, DressLimits, Pair
from segmentation.common.taxonomy import Category, Slot

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OFF_GRADE: Final = 0.45
"""What a grade of formality away from the outfit's costs, beyond `NEAR`."""
NEAR: Final = 0.4
OFF_OCCASION: Final = 0.6
"""What a grade outside of what the occasion asks for costs."""
WINDOW: Final = 0.9
"""So many grades outside of it, a piece is refused."""
OFF_DAYS: Final = 0.9
"""What a piece costs that is just not refused for its days."""
AT_EASE: Final = 0.24
"""So many grades outside of it, a piece that is searched for is still right for an occasion."""
LIKED: Final = 0.08
"""What a piece gains that the occasion likes."""
OPEN: Final = 0.35
"""What a kind costs that one audience alone wears, as a skirt, where it is open whom the look is for."""
CHILDLIKE, MOST_CHILDLIKE = 5.0, 0.5
"""What a piece costs for each share by which it looks like a child's, and at most."""
GUESSED: Final = 0.3
"""What a piece costs whose very kind was guessed from its picture; a layer is refused: a tunic is none."""
LEANING: Final = 0.6
"""What a piece costs at most that is cut for others than what is worn is like, where that is open."""
UNKNOWN: Final = 0.1
"""What a piece costs of which no fine kind is known: few rules can speak of it."""
DOUBT: Final = 0.3
"""What it costs for each share by which its fine kind may be another."""
GUESSED_LAYER: Final = 0.25
"""What it costs more where it is a layer."""
DOUBTFUL: Final = {Slot.OUTER: 0.4, Slot.ACCESSORIES: 0.4, Slot.SHOES: 0.25}
"""The same where the kind decides everything: a jacket may be for skiing, a hat for snow, a shoe for the
house. What costs so much is proposed only where nothing better makes an outfit."""


LOUD: Final = {Slot.BOTTOM: 0.4, Slot.OUTER: 0.25, Slot.SHOES: 0.25}
"""What a loud colour costs that is proposed for legs, a layer or the feet."""
LOUDEST: Final = frozenset(
    {"red", "coral", "orange", "yellow", "mustard", "magenta", "purple", "mint", "teal"}
)
BUSY: Final = {Slot.SHOES: 0.35, Slot.BAG: 0.2}
"""What shoes and a bag cost that have a print or many colours, by how likely they have."""
MOTLEY: Final = 0.7
"""What two pieces cost that both have a pattern, by how likely each has: prints fight."""
MAYBE: Final = 0.5
"""What a garment counts of which nothing says whether it has a pattern."""
PATTERNED: Final = frozenset({Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE, Slot.OUTER})


@dataclass(frozen=True, eq=False)
class Traits:
    """What the rules of a whole outfit look at, of m pieces, aligned.

    Attributes:
        grades: (m,) formality.
        hues: (m, h) the strong hue that each shows.
        patterned: (m,) how likely it has a pattern, `MAYBE` for clothes of which nothing says.
        needs, gives: (m, r) the rules by which it asks for a partner, and is one.
    """

    grades: Floats
    hues: Flags
    patterned: Floats
    needs: Flags
    gives: Flags

    def __len__(self) -> int:
        return len(self.grades)


@dataclass(frozen=True, eq=False)
class DressRules:
    """A stylist's rules on one day.

    Attributes:
        stylist: whose.
        context: the day, and what it is for.
        patterned: patterns are asked for, so that as many go together as there are.
    """

    stylist: Stylist
    context: Context
    patterned: bool = False

    @property
    def limits(self) -> DressLimits:
        """The table's limits, without that of patterns where those are asked for."""
        limits = self.stylist.table.limits
        return limits.model_copy(update={"patterns": len(Slot)}) if self.patterned else limits

    def alone(self, pieces: Sequence[Piece]) -> tuple[Flags, Floats]:
        """Return (m,) which pieces day, occasion and audience refuse, and (m,) what the others cost."""
        table = self.stylist.table
        holds = np.array([self._holds(ban) for ban in table.bans], dtype=np.bool_)
        refused = (self.stylist.marked(pieces, BAN) & holds).any(axis=1)
        refused |= np.array([not self.context.admits(each.audience) for each in pieces], np.bool_)
        cost = np.array([self._unsure(each) for each in pieces], dtype=np.float64)
        refused |= np.array(
            [each.is_guessed and each.slot is Slot.OUTER for each in pieces], np.bool_
        )
        cost += np.array([_loud(each) for each in pieces], dtype=np.float64)
        if self.context.audience is not Audience.KIDS:
            cost += np.minimum(
                CHILDLIKE * np.array([each.childlike for each in pieces]), MOST_CHILDLIKE
            )
        if self.context.audience is None:
            said = {kind for kinds in table.audience.values() for kind in kinds}
            cost += OPEN * np.array([bool(self.stylist.names(each) & said) for each in pieces])
            cost += LEANING * np.array([self._unlike(each) for each in pieces])
        for off, paid in (self._days(pieces), self._formality(pieces)):
            refused |= off
            cost += paid
        return refused, cost

    def suits(self, pieces: Sequence[Piece], *, on_any_day: bool = False) -> Flags:
        """Return (m,): which pieces are right for the occasion and the day, whoever wears them."""
        holds = np.array([self._holds(ban) for ban in self.stylist.table.bans], dtype=np.bool_)
        banned = (self.stylist.marked(pieces, BAN) & holds).any(axis=1)
        off_day, _ = self._days(pieces)
        off_day &= not on_any_day
        if self.context.occasion is None:
            return np.asarray(~banned & ~off_day)
        least, most = self.stylist.table.occasions[self.context.occasion].formality
        grades = np.array([piece.grade for piece in pieces], dtype=np.float64)
        return np.asarray(
            ~banned & ~off_day & (grades >= least - AT_EASE) & (grades <= most + AT_EASE)
        )

    def _unsure(self, piece: Piece) -> float:
        """Return what it costs that little is known of what a piece is."""
        if piece.is_guessed:
            return GUESSED
        if not piece.is_known:
            return DOUBTFUL.get(piece.slot, UNKNOWN)
        guessed_layer = GUESSED_LAYER if piece.doubt and piece.slot is Slot.OUTER else 0.0
        return DOUBT * piece.doubt + guessed_layer

    def _unlike(self, piece: Piece) -> float:
        """Return how far a piece is from what the garments are like, 0 to 1."""
        lean = 2 * self.context.lean - 1
        if piece.audience is Audience.WOMEN:
            return max(0.0, -lean)
        return max(0.0, lean) if piece.audience is Audience.MEN else 0.0

    def _days(self, pieces: Sequence[Piece]) -> tuple[Flags, Floats]:
        days = np.array([piece.days for piece in pieces], dtype=np.float64).reshape(-1, 2)
        today = self.context.temperature_c
        apart = np.maximum(np.maximum(days[:, 0] - today, today - days[:, 1]), 0.0)
        free, most = self.stylist.table.limits.degrees
        return apart >= most, OFF_DAYS * np.clip((apart - free) / (most - free), 0.0, 1.0)

    def _formality(self, pieces: Sequence[Piece]) -> tuple[Flags, Floats]:
        grades = np.array([piece.grade for piece in pieces], dtype=np.float64)
        cost = OFF_GRADE * np.maximum(np.abs(grades - self.context.formality) - NEAR, 0.0)
        if self.context.occasion is None:
            return np.zeros(len(pieces), dtype=np.bool_), cost
        dress = self.stylist.table.occasions[self.context.occasion]
        least, most = dress.formality
        outside = np.maximum(np.maximum(least - grades, grades - most), 0.0)
        liked = [bool(self.stylist.names(piece) & set(dress.likes)) for piece in pieces]
        return outside >= WINDOW, cost + OFF_OCCASION * outside - LIKED * np.array(
            liked, np.float64
        )

    def between(self, some: Sequence[Piece], others: Sequence[Piece]) -> tuple[Flags, Floats]:
        """Return (m, n) which two are never worn together, and (m, n) what each two cost."""
        table, marked = self.stylist.table, self.stylist.marked
        holds = np.array([self._holds(rule) for rule in table.never], dtype=np.bool_)
        never = _met(marked(some, NEVER_ONE) & holds, marked(others, NEVER_OTHER))
        never |= _met(marked(some, NEVER_OTHER) & holds, marked(others, NEVER_ONE))
        paid = np.array([rule.cost * self._holds(rule) for rule in table.costs])
        costs = (marked(some, COST_ONE) * paid) @ marked(others, COST_OTHER).T.astype(np.float64)
        costs += (marked(some, COST_OTHER) * paid) @ marked(others, COST_ONE).T.astype(np.float64)
        if self.limits.patterns == 1:
            costs += MOTLEY * np.outer(_motifs(some), _motifs(others))
        return never | _mixed(some, others), costs

    def lonely(self, some: Sequence[Piece], others: Sequence[Piece]) -> Flags:
        """Return (m,) which pieces ask for a partner that is not among others."""
        there = self.stylist.marked(others, GIVE).any(axis=0)
        return np.asarray((self.stylist.marked(some, NEED) & ~there).any(axis=1))

    def traits(self, pieces: Sequence[Piece]) -> Traits:
        """Return what the rules of a whole outfit look at."""
        hues = np.zeros((len(pieces), len(HUES)), dtype=np.bool_)
        for row, piece in enumerate(pieces):
            hue = hue_of(piece.colours[0]) if piece.colours else None
            if hue is not None:
                hues[row, HUES.index(hue)] = True
        return Traits(
            np.array([piece.grade for piece in pieces], dtype=np.float64),
            hues,
            np.array([_patterned(piece) for piece in pieces], dtype=np.float64),
            self.stylist.marked(pieces, NEED),
            self.stylist.marked(pieces, GIVE),
        )

    def broken(self, pieces: Sequence[Piece]) -> tuple[str, ...]:
        """Return what an outfit breaks, in words; nothing where it keeps to all rules."""
        broken: list[str] = []
        refused, _ = self.alone(pieces)
        broken += [
            f"not for the day: {p.fine_kind or p.category}"
            for p, off in zip(pieces, refused, strict=True)
            if off
        ]
        never, _ = self.between(pieces, pieces)
        for one, other in zip(*np.nonzero(np.triu(never, 1)), strict=True):
            broken.append(self._why(pieces[one], pieces[other]))
        traits, limits = self.traits(pieces), self.stylist.table.limits
        if len(pieces) and np.ptp(traits.grades) >= limits.formality_spread[1]:
            broken.append("formality")
        if traits.hues.any(axis=0).sum() > limits.strong_colours:
            broken.append("strong colours")
        if (traits.needs & ~traits.gives.any(axis=0)).any():
            broken.append("a partner is missing")
        return tuple(broken)

    def _why(self, one: Piece, other: Piece) -> str:
        fits = self.stylist.fits
        for rule in self.stylist.table.never:
            sides = (one, other), (other, one)
            if self._holds(rule) and any(
                fits(rule.one, a) and fits(rule.other, b) for a, b in sides
            ):
                return rule.why or f"{one.fine_kind} with {other.fine_kind}"
        return "women's beside men's"

    def _holds(self, rule: Pair | Ban) -> bool:
        return rule.when.holds(self.context.temperature_c, self.context.occasion)


def _loud(piece: Piece) -> float:
    busy = BUSY.get(piece.slot, 0.0) * (piece.motif or 0.0)
    is_loud = bool(piece.colours) and piece.colours[0] in LOUDEST
    return busy + (LOUD.get(piece.slot, 0.0) if is_loud else 0.0)


def _motifs(pieces: Sequence[Piece]) -> Floats:
    """Return (m,) how likely each piece has a pattern; 0 where nothing says."""
    return np.array([piece.motif or 0.0 for piece in pieces], dtype=np.float64)


def _patterned(piece: Piece) -> float:
    if piece.motif is not None:
        return piece.motif
    if piece.pattern:
        return float(piece.pattern != "plain")
    return (
        MAYBE
        if piece.slot in PATTERNED or piece.category in (Category.SCARF, Category.TIE)
        else 0.0
    )


def _met(one: Flags, other: Flags) -> Flags:
    """Return (m, n): whether some rule is marked in both of (m, r) and (n, r)."""
    return np.asarray(one.astype(np.float32) @ other.T.astype(np.float32) > 0)


def _mixed(some: Sequence[Piece], others: Sequence[Piece]) -> Flags:
    sides = {Audience.WOMEN: 1, Audience.MEN: -1}
    one = np.array([sides.get(piece.audience or Audience.UNISEX, 0) for piece in some], np.int8)
    other = np.array([sides.get(piece.audience or Audience.UNISEX, 0) for piece in others], np.int8)
    return np.asarray(one[:, None] * other[None, :] < 0)
