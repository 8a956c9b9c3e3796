"""Which slots an outfit has, which it lacks, and what may not be worn together. Pure, table-driven.

The tables are conventions of dress that we wrote down, not something learned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from recommender.outfits import nouns
from recommender.outfits.speech import say
from segmentation.common.taxonomy import SLOT_OF, Category, Slot, categories_of

RULES_OUT: Final[dict[Slot, frozenset[Slot]]] = {
    Slot.ONE_PIECE: frozenset({Slot.TOP, Slot.BOTTOM}),
    Slot.TOP: frozenset({Slot.ONE_PIECE}),
    Slot.BOTTOM: frozenset({Slot.ONE_PIECE}),
}
"""A slot that is filled -> the other slots that it leaves no room for."""

SEVERAL: Final = frozenset({Slot.ACCESSORIES})
"""Slots that take more than one item, each of another kind."""

BY_ESSENCE: Final = (
    Slot.ONE_PIECE, Slot.BOTTOM, Slot.TOP, Slot.SHOES, Slot.OUTER, Slot.BAG, Slot.HOSIERY,
    Slot.ACCESSORIES,
)  # fmt: skip
"""All slots, the most essential first: what covers, then shoes, then the rest."""

PARTNERS: Final[dict[Category, frozenset[Category]]] = {
    Category.TIE: frozenset({Category.SHIRT}),
    Category.BELT: frozenset(
        {Category.PANTS, Category.SHORTS, Category.SKIRT, Category.DRESS, Category.COAT}
    ),
    Category.TIGHTS: frozenset(
        {Category.DRESS, Category.SKIRT, Category.SHORTS, Category.JUMPSUIT}
    ),
    Category.LEG_WARMER: frozenset({Category.DRESS, Category.SKIRT, Category.SHORTS}),
}
"""A kind -> the kinds of which at least one must be worn for it to be proposed."""

NOT_WITH: Final[dict[Category, frozenset[Category]]] = {
    Category.HAT: frozenset({Category.HEADBAND}),
    Category.HEADBAND: frozenset({Category.HAT}),
    Category.TIE: frozenset({Category.SCARF}),
    Category.SCARF: frozenset({Category.TIE}),
}
"""A kind -> the kinds that take its place."""

BARE_LEGGED: Final = frozenset({Category.DRESS, Category.SKIRT, Category.SHORTS})
"""Kinds under which hosiery shows, so that it is proposed unasked."""


@dataclass(frozen=True)
class Wanted:
    """What to look for.

    Attributes:
        kinds: wanted slot -> the kinds that may fill it, never empty; most essential slot first.
        notes: slot that was asked for -> why nothing may fill it.
    """

    kinds: Mapping[Slot, tuple[Category, ...]] = field(default_factory=dict)
    notes: Mapping[Slot, str] = field(default_factory=dict)


def held(worn: Collection[Category]) -> frozenset[Slot]:
    """Return the slots that are filled.

    >>> sorted(held([Category.DRESS, Category.HAT]))
    [<Slot.ACCESSORIES: 'accessories'>, <Slot.ONE_PIECE: 'one-piece'>]
    """
    return frozenset(SLOT_OF[category] for category in worn)


def missing(worn: Collection[Category]) -> tuple[Slot, ...]:
    """Return the slots an outfit lacks and has room for, the most essential first.

    Top and bottom are proposed rather than a one-piece where nothing covers the body yet.

    >>> [slot.value for slot in missing([Category.DRESS, Category.SHOE])]
    ['outer', 'bag', 'hosiery', 'accessories']
    >>> [slot.value for slot in missing([Category.SHIRT])]
    ['bottom', 'shoes', 'outer', 'bag', 'accessories']
    """
    unasked = {Slot.ONE_PIECE}
    if not BARE_LEGGED & set(worn):
        unasked.add(Slot.HOSIERY)
    return tuple(slot for slot in BY_ESSENCE if slot not in unasked and not conflict(slot, worn))


def conflict(slot: Slot, worn: Collection[Category]) -> str:
    """Return why an outfit has no room for a slot; empty where it has.

    >>> conflict(Slot.BOTTOM, [Category.DRESS])
    'a dress leaves no room for a bottom'
    >>> conflict(Slot.BAG, [Category.DRESS])
    ''
    """
    for category in worn:
        filled = SLOT_OF[category]
        if slot in RULES_OUT.get(filled, frozenset()):
            text = say("{thing} leaves no room for {other}")
            return text.format(thing=with_article(category), other=with_article(slot))
        if filled is slot and slot not in SEVERAL:
            return say("the outfit has {thing} already").format(thing=with_article(category))
    return ""


def kinds_for(slot: Slot, worn: Collection[Category]) -> tuple[Category, ...]:
    """Return the kinds of a slot that go with what is worn.

    >>> Category.TIE in kinds_for(Slot.ACCESSORIES, [Category.SHIRT])
    True
    >>> Category.TIE in kinds_for(Slot.ACCESSORIES, [Category.DRESS])
    False
    """
    have = set(worn)
    return tuple(
        kind
        for kind in categories_of(slot)
        if kind not in have
        and not NOT_WITH.get(kind, frozenset()) & have
        and (kind not in PARTNERS or PARTNERS[kind] & have)
    )


def resolve(asked: Sequence[Slot], worn: Collection[Category]) -> Wanted:
    """Return what to look for: the slots asked for, or where none is, those that are missing.

    Of slots asked for that exclude one another, the first counts.
    """
    kinds: dict[Slot, tuple[Category, ...]] = {}
    notes: dict[Slot, str] = {}
    for slot in dict.fromkeys(asked or missing(worn)):
        rival = next((other for other in kinds if slot in RULES_OUT.get(other, ())), None)
        note = conflict(slot, worn)
        if not note and rival is not None:
            text = say("{thing} was asked for as well, and leaves no room for it")
            note = text.format(thing=with_article(rival))
        allowed = kinds_for(slot, worn)
        if note:
            notes[slot] = note
        elif not allowed:
            notes[slot] = say("nothing of this slot goes with what is worn")
        else:
            kinds[slot] = allowed
    ordered = {slot: kinds[slot] for slot in BY_ESSENCE if slot in kinds}
    return Wanted(ordered, notes)


def with_article(thing: Category | Slot) -> str:
    """Return a kind or slot as a sentence speaks of it.

    >>> [with_article(kind) for kind in (Category.DRESS, Category.UMBRELLA, Category.SHOE)]
    ['a dress', 'an umbrella', 'shoes']
    """
    return say(nouns.ONE[thing] if isinstance(thing, Category) else nouns.OF_SLOT[thing])
