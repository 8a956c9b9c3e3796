"""What an outfit lacks on a day: what it cannot do without, and what rounds it off. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from index.model.garment_facts import Audience
from recommender.outfits import slots
from recommender.outfits.dress.context import Context
from recommender.outfits.dress.pieces import Piece
from recommender.wire.terms import Idea, Occasion
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

BODY: Final = frozenset({Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE})
LEAST: Final = 3
"""Fewer pieces are no outfit."""
WARM_C, COLD_C = 21.0, 13.0
"""Above the first no outer layer is proposed; below the second it comes first, and legs are covered."""
EXTRAS: Final = {0: 3, 1: 1, 2: 1, 3: 1}
"""So many essentials are proposed -> so many pieces more round the look off."""
EARNED: Final = 0.25
"""A piece that is not essential earns its place where the table holds no more than this against it."""
ROUNDING: Final = (Slot.BAG, Slot.OUTER, Slot.ACCESSORIES, Slot.HOSIERY)
"""What rounds a look off: the first look begins with the first, the second with the next."""


@dataclass(frozen=True)
class Lacks:
    """What is to be looked for.

    Attributes:
        kinds: slot -> the kinds that may fill it; most essential slot first.
        essential: those of them that the outfit cannot do without.
        notes: slot that was asked for -> why nothing may fill it.
        is_complete: nothing essential is missing: top and bottom or a one-piece, shoes, one more.
    """

    kinds: Mapping[Slot, tuple[Category, ...]] = field(default_factory=dict)
    essential: tuple[Slot, ...] = ()
    notes: Mapping[Slot, str] = field(default_factory=dict)
    is_complete: bool = False


def lacks(pieces: Sequence[Piece], context: Context, asked: Sequence[Slot] = ()) -> Lacks:
    """Return what an outfit lacks, or of the slots that were asked for, what may fill them."""
    worn = [piece.category for piece in pieces]
    missing = slots.missing(worn)
    essential = tuple(slot for slot in missing if slot in BODY or slot is Slot.SHOES)
    complete = not essential and len(pieces) >= LEAST
    if asked:
        wanted = slots.resolve(asked, worn)
        return Lacks(wanted.kinds, tuple(wanted.kinds), wanted.notes, complete)
    wanted = slots.resolve(missing, worn) if missing else slots.Wanted()
    kinds = {
        slot: allowed
        for slot in wanted.kinds
        if slot in essential or _called_for(slot, pieces, context)
        for allowed in [_of_the_day(wanted.kinds[slot], context)]
        if allowed
    }
    if not complete and len(pieces) + len(kinds) < LEAST:  # a layer rather than no outfit
        kinds |= {slot: wanted.kinds[slot] for slot in wanted.kinds if slot is Slot.OUTER}
    return Lacks(kinds, essential, {}, complete)


def _called_for(slot: Slot, pieces: Sequence[Piece], context: Context) -> bool:
    if slot is Slot.OUTER:
        return context.temperature_c <= WARM_C
    if slot is Slot.HOSIERY:
        open_toed = any(piece.is_open_shoe for piece in pieces)
        return context.temperature_c < COLD_C and not open_toed
    return True


def _of_the_day(kinds: Sequence[Category], context: Context) -> tuple[Category, ...]:
    """Return those kinds that the day and the occasion call for, nobody having asked for them."""
    today, dressy = context.temperature_c, context.formality
    formal = context.occasion in (Occasion.WORK, Occasion.CELEBRATION) or dressy >= 2.0
    called: dict[Category, bool] = {
        Category.GLOVE: today <= 4,
        Category.SCARF: today <= 14 or dressy >= 1.7,
        Category.HAT: (today >= 22 and dressy < 1.7) or today <= 6 or dressy < 1.15,
        Category.GLASSES: today >= 14,
        Category.TIE: formal and context.audience is not Audience.WOMEN,
        Category.UMBRELLA: False,
        Category.HEADBAND: context.occasion is Occasion.CELEBRATION,
        Category.SOCK: context.occasion is Occasion.SPORT,
        Category.LEG_WARMER: False,
    }
    return tuple(kind for kind in kinds if called.get(kind, True))


def fillings(
    lacking: Lacks, costs: Mapping[Slot, float], context: Context, worn: int, count: int
) -> list[tuple[Slot, ...]]:
    """Return for each of `count` looks the slots that it fills: what is essential, and some more.

    What is not essential must be worth it: a look of three right pieces is better than of four of
    which one is doubtful. It comes all the same where there would be fewer than three pieces.

    Args:
        lacking: what the outfit lacks.
        costs: slot that has candidates -> the least that the table holds against one of them.
        context: of the outfit.
        worn: pieces that are worn and kept.
        count: looks.
    """
    essential = [slot for slot in lacking.kinds if slot in lacking.essential and slot in costs]
    more = [slot for slot in lacking.kinds if slot not in lacking.essential and slot in costs]
    short = max(0, LEAST - worn - len(essential))
    worthy = [slot for slot in more if costs[slot] <= EARNED]
    if len(worthy) < short:
        worthy = sorted(more, key=lambda slot: costs[slot])[:short]
    room = max(short, EXTRAS.get(len(essential), 1))
    needed = [slot for slot in worthy if slot is Slot.OUTER and context.temperature_c < COLD_C]
    rest = [slot for slot in ROUNDING if slot in worthy and slot not in needed]
    made = []
    for number in range(count):
        turn = number % len(rest) if rest else 0
        made.append((*essential, *[*needed, *rest[turn:], *rest[:turn]][:room]))
    return made


def filled(categories: Sequence[Category]) -> frozenset[Slot]:
    """Return the slots of some kinds."""
    return frozenset(SLOT_OF[category] for category in categories)


IDEAS: Final = (Idea.NEUTRAL, Idea.TONAL, Idea.CONTRAST)
"""What the looks' colours are about, in turn."""
