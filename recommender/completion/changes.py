"""Changes of a complete outfit: one or two pieces replaced, and what is gained by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from recommender.outfits.dress.context import Context
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.speech import N_
from recommender.wire.terms import Gain, Occasion
from segmentation.common.taxonomy import Slot

UP: Final = 0.35
"""A piece is dressier, or less so, by at least so much of a grade."""
DRESSY: Final = 1.9
"""From this grade an outfit that is dressed up is one for the evening."""
LAYER_C: Final = 4.0
"""A warmer piece is worn on days so much colder, one for heat on days so much hotter."""
FURTHER: Final = 0.75
"""The outfit's grade moves by so much."""
COLDER_C, HOTTER_C = 10.0, 10.0
TITLES: Final[dict[Gain, str]] = {
    Gain.DRESS_UP: N_("Dress it up"),
    Gain.DRESS_DOWN: N_("Dress it down"),
    Gain.WARMER: N_("Make it warmer"),
    Gain.HOT_DAY: N_("For a hot day"),
    Gain.CHEAPER: N_("Make it cheaper"),
}
_ORDER: Final[dict[Gain, tuple[Slot, ...]]] = {
    Gain.DRESS_UP: (Slot.SHOES, Slot.OUTER, Slot.BAG, Slot.BOTTOM, Slot.TOP),
    Gain.DRESS_DOWN: (Slot.SHOES, Slot.OUTER, Slot.BAG, Slot.BOTTOM, Slot.TOP),
    Gain.WARMER: (Slot.OUTER, Slot.SHOES, Slot.TOP, Slot.BOTTOM),
    Gain.HOT_DAY: (Slot.SHOES, Slot.BOTTOM, Slot.OUTER, Slot.TOP),
}


@dataclass(frozen=True)
class Aim:
    """One change to look for.

    Attributes:
        gain: what for.
        out: numbers of the pieces that go.
        slots: the slots that are filled anew.
        context: what the changed outfit is worn for.
        gains: whether a piece of a slot is any gain over what goes.
    """

    gain: Gain
    out: tuple[int, ...]
    slots: tuple[Slot, ...]
    context: Context
    gains: Callable[[Piece], bool]

    def smaller(self, pieces: Sequence[Piece]) -> list[Aim]:
        """Return the same change of one piece alone, where it is of two that are replaced."""
        if len(self.out) < 2 or len(self.slots) < 2:
            return []
        return [replace(self, out=(at,), slots=(pieces[at].slot,)) for at in self.out]


def aims(pieces: Sequence[Piece], context: Context) -> list[Aim]:
    """Return the changes that an outfit is open to, the one that is asked for most first."""
    found = [
        _up(pieces, context),
        _warmer(pieces, context),
        _down(pieces, context),
        _hot(pieces, context),
    ]
    return [aim for aim in found if aim is not None]


def _up(pieces: Sequence[Piece], context: Context) -> Aim | None:
    if context.formality >= 2.3 or context.occasion is Occasion.SPORT:
        return None
    target = min(2.6, context.formality + FURTHER)
    return _redressed(Gain.DRESS_UP, pieces, context, target)


def _down(pieces: Sequence[Piece], context: Context) -> Aim | None:
    if context.formality <= 1.4 or context.occasion not in (None, Occasion.EVERYDAY):
        return None
    return _redressed(Gain.DRESS_DOWN, pieces, context, max(0.9, context.formality - FURTHER))


def _redressed(gain: Gain, pieces: Sequence[Piece], context: Context, target: float) -> Aim | None:
    """Return the change that replaces the one or two pieces farthest below, or above, a grade."""
    sign = 1.0 if gain is Gain.DRESS_UP else -1.0
    off = {
        at: sign * (target - piece.grade)
        for at, piece in enumerate(pieces)
        if piece.slot in _ORDER[gain] and _is_alone(pieces, at)
    }
    out = sorted((at for at in off if off[at] > UP), key=lambda at: (-off[at], at))[:2]
    if not out:
        return None
    was = {pieces[at].slot: pieces[at].grade for at in out}

    def gains(piece: Piece) -> bool:
        return sign * (piece.grade - was.get(piece.slot, piece.grade)) >= UP

    evening = gain is Gain.DRESS_UP and target >= DRESSY
    moved = replace(context, formality=target, occasion=Occasion.EVENING if evening else None)
    return Aim(gain, tuple(sorted(out)), tuple(was), moved, gains)


def _warmer(pieces: Sequence[Piece], context: Context) -> Aim | None:
    if context.temperature_c <= 5:
        return None
    today = max(0.0, context.temperature_c - COLDER_C)
    return _reseasoned(Gain.WARMER, pieces, context, today)


def _hot(pieces: Sequence[Piece], context: Context) -> Aim | None:
    if context.temperature_c >= 24:
        return None
    return _reseasoned(
        Gain.HOT_DAY, pieces, context, min(28.0, max(25.0, context.temperature_c + HOTTER_C))
    )


def _reseasoned(gain: Gain, pieces: Sequence[Piece], context: Context, today: float) -> Aim | None:
    """Return the change that replaces what is farthest from the day it should be for."""
    off = {
        at: max(piece.days[0] - today, today - piece.days[1])
        for at, piece in enumerate(pieces)
        if piece.slot in _ORDER[gain] and _is_alone(pieces, at)
    }
    out = sorted(off, key=lambda at: (-off[at], at))[:2]
    places = [pieces[at].slot for at in out]
    if gain is Gain.WARMER and all(piece.slot is not Slot.OUTER for piece in pieces):
        places, out = [Slot.OUTER, *places[:1]], out[:1]
    if gain is Gain.HOT_DAY:  # a layer comes off, and nothing takes its place
        layers = [at for at in off if pieces[at].slot is Slot.OUTER]
        others = [at for at in sorted(off, key=lambda at: (-off[at], at)) if at not in layers]
        out = [*layers, *others[: 2 - len(layers)]]
        places = [pieces[at].slot for at in out if at not in layers]
    if not places:
        return None
    was = {pieces[at].slot: pieces[at].days for at in out}

    def gains(piece: Piece) -> bool:
        before = was.get(piece.slot)
        low, high = piece.days
        if not low <= today <= high:
            return False
        if before is None:
            return True
        if gain is Gain.WARMER:
            return low <= before[0] - LAYER_C
        return high >= before[1] + LAYER_C or low >= before[0] + LAYER_C

    return Aim(
        gain, tuple(sorted(out)), tuple(places), replace(context, temperature_c=today), gains
    )


def _is_alone(pieces: Sequence[Piece], at: int) -> bool:
    """Return whether a piece is the only one of its slot: of two shirts, neither is replaced."""
    return sum(piece.slot is pieces[at].slot for piece in pieces) == 1


def cheaper(prices: Mapping[Slot, Decimal]) -> tuple[Slot, ...]:
    """Return the slots of the one or two dearest picks."""
    return tuple(sorted(prices, key=lambda slot: (-prices[slot], slot))[:2])
