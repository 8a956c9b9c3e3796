"""Changes of a complete outfit: one or two pieces replaced, and what is gained by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from recommender.outfits.dress.context import Context, grade_of
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.speech import N_
from recommender.wire.terms import Gain, Occasion
from segmentation.common.taxonomy import Category, Slot

UP: Final = 0.35
"""A piece is dressier, or less so, by at least so much of a grade."""
DRESSY: Final = 1.9
"""From this grade an outfit that is dressed up is one for the evening."""
LAYER_C: Final = 4.0
"""A warmer piece is worn on days so much colder, one for heat on days so much hotter."""
FURTHER: Final = 0.75
"""The outfit's grade moves by so much."""
COLDER_C, HOTTER_C = 7.0, 10.0
AROUND_C, HAT_C = 12.0, 3.0
"""What is not surely known is worn on days so much colder or hotter than the one it was seen on; of hats the
second, for a beanie and a straw hat look alike."""
SPARE_C: Final = 5.0
"""What stays on may be so many degrees outside its days."""
UNEASY: Final = 3.0
"""So many degrees outside its days, an accessory is taken off."""
EVENING, SMART = 1.75, 1.25
"""An outfit is one for the evening from the first grade on, if each garment has at least the second."""
SPORTY: Final = 0.95
"""Accessories below this grade are taken off for the evening: a cap, a beanie."""
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

_LOOSE: Final = frozenset({Slot.ACCESSORIES, Slot.HOSIERY})


@dataclass(frozen=True)
class Aim:
    """One change to look for.

    Attributes:
        gain: what for.
        out: numbers of the pieces that are replaced.
        slots: the slots that are filled anew.
        context: what the changed outfit is worn for.
        gains: whether a piece of a slot is any gain over what goes.
        off: numbers of the pieces that are taken off: layers in the heat, a straw hat in the cold.
    """

    gain: Gain
    out: tuple[int, ...]
    slots: tuple[Slot, ...]
    context: Context
    gains: Callable[[Piece], bool]
    off: tuple[int, ...] = ()

    @property
    def gone(self) -> tuple[int, ...]:
        """Numbers of all pieces that go."""
        return tuple(sorted({*self.out, *self.off}))

    def smaller(self, pieces: Sequence[Piece]) -> list[Aim]:
        """Return the same change of one piece alone, where it is of two: one replaced, or a layer on top."""
        if len(self.slots) < 2:
            return []
        alone = [replace(self, out=(at,), slots=(pieces[at].slot,)) for at in self.out]
        new = [slot for slot in self.slots if all(pieces[at].slot is not slot for at in self.out)]
        return [*(replace(self, out=(), slots=(slot,)) for slot in new), *alone]


def aims(pieces: Sequence[Piece], context: Context) -> list[Aim]:
    """Return the changes that an outfit is open to, the one that is asked for most first."""
    found = [
        _up(pieces, context),
        _warmer(pieces, context),
        _down(pieces, context),
        _hot(pieces, context),
    ]
    return [_with_doubles(aim, pieces) for aim in found if aim is not None]


def _with_doubles(aim: Aim, pieces: Sequence[Piece]) -> Aim:
    """Return a change that takes a garment off as a whole, where it was found twice.

    What lies over a dress in the colour of a layer that goes is the same cardigan, called a sweater.
    """
    layers = {pieces[at].colours[:1] for at in aim.gone if pieces[at].slot is Slot.OUTER}
    if not layers or all(piece.slot is not Slot.ONE_PIECE for piece in pieces):
        return aim
    twice = [
        at
        for at, piece in enumerate(pieces)
        if piece.slot is Slot.TOP and piece.colours[:1] in layers and at not in aim.gone
    ]
    return replace(aim, off=(*aim.off, *twice))


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
        if piece.slot in _ORDER[gain] and _may_go(pieces, at)
    }
    out = sorted((at for at in off if off[at] > UP), key=lambda at: (-off[at], at))[:2]
    if not out:
        return None
    was = {pieces[at].slot: pieces[at].grade for at in out}

    def gains(piece: Piece) -> bool:
        return sign * (piece.grade - was.get(piece.slot, piece.grade)) >= UP

    evening = gain is Gain.DRESS_UP and target >= DRESSY
    moved = replace(context, formality=target, occasion=Occasion.EVENING if evening else None)
    sporty = [
        at
        for at, piece in enumerate(pieces)
        if evening and piece.slot is Slot.ACCESSORIES and piece.grade < SPORTY
    ]
    return Aim(gain, tuple(sorted(out)), tuple(was), moved, gains, tuple(sporty))


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
    days = [_days_of(piece, context) for piece in pieces]
    off = {
        at: max(days[at][0] - today, today - days[at][1])
        for at, piece in enumerate(pieces)
        if piece.slot in _ORDER[gain] and _may_go(pieces, at)
    }
    layers = [at for at, piece in enumerate(pieces) if piece.slot is Slot.OUTER]
    bare = [
        at
        for at, piece in enumerate(pieces)
        if piece.slot in _LOOSE and not days[at][0] - UNEASY <= today <= days[at][1] + UNEASY
    ]
    if gain is Gain.HOT_DAY:  # a layer comes off, and nothing takes its place
        off = {at: apart for at, apart in off.items() if at not in layers}
        bare += layers
    turn = {at: _ORDER[gain].index(pieces[at].slot) for at in off}
    out = sorted(off, key=lambda at: (-off[at], turn[at], at))[:2]
    places = [pieces[at].slot for at in out]
    if gain is Gain.WARMER and not layers:
        places, out = [Slot.OUTER, *places[:1]], out[:1]
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
        if gain is Gain.WARMER:  # what is worn all year is no warmer for that
            return low <= before[0] - LAYER_C and high <= before[1]
        return high >= before[1] + LAYER_C or low >= before[0] + LAYER_C

    moved = replace(context, temperature_c=today)
    return Aim(gain, tuple(sorted(out)), tuple(places), moved, gains, tuple(bare))


def _days_of(piece: Piece, context: Context) -> tuple[float, float]:
    """Return the days of what is worn; of what is not surely known, those around the day it is worn on."""
    if piece.is_known and not piece.doubt:
        return piece.days
    today = context.temperature_c
    reach = HAT_C if piece.category is Category.HAT else AROUND_C
    return max(piece.days[0], today - reach), min(piece.days[1], today + reach)


def is_dressy(pieces: Sequence[Piece]) -> bool:
    """Return whether an outfit is one for the evening: as a whole, and in each of its garments."""
    garments = [piece.grade for piece in pieces if piece.slot not in _LOOSE]
    return grade_of(pieces) >= EVENING and min(garments, default=0.0) >= SMART


def _may_go(pieces: Sequence[Piece], at: int) -> bool:
    """Return whether a piece may be replaced: it is the only one of its slot, and not seen under a dress.

    Of two shirts, neither is replaced; what is called trousers beside a dress is rather its socks.
    """
    slot = pieces[at].slot
    if slot in (Slot.TOP, Slot.BOTTOM) and any(each.slot is Slot.ONE_PIECE for each in pieces):
        return False
    return sum(piece.slot is slot for piece in pieces) == 1


def bears(aim: Aim, piece: Piece) -> bool:
    """Return whether what stays on can be worn on the day that a change is for."""
    if aim.gain not in (Gain.WARMER, Gain.HOT_DAY) or piece.slot in _LOOSE:
        return True
    low, high = piece.days
    return low - SPARE_C <= aim.context.temperature_c <= high + SPARE_C


def cheaper(prices: Mapping[Slot, Decimal]) -> tuple[Slot, ...]:
    """Return the slots of the one or two dearest picks."""
    return tuple(sorted(prices, key=lambda slot: (-prices[slot], slot))[:2])
