"""What the visitor made of the looks: pieces swapped, kept, taken out. Pure; each step a new state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Self, TypeAlias

from recommender.wire.look_shapes import CompletionAnswer, Suggestion
from recommender.wire.shapes import Garment
from segmentation.common.taxonomy import Slot

MOST_AWAY: Final = 50
"""The API excludes so many; the latest count."""
Picks: TypeAlias = Mapping[Slot, Suggestion]

_ORDER: Final = (
    Slot.ONE_PIECE, Slot.OUTER, Slot.TOP, Slot.BOTTOM, Slot.SHOES, Slot.BAG, Slot.HOSIERY,
    Slot.ACCESSORIES,
)  # fmt: skip
"""The piece that a look is about comes first."""


@dataclass(frozen=True)
class Fitting:
    """The looks as the visitor has them.

    Attributes:
        looks: the picks of each, also at slots that are out.
        pools: slot -> what may stand there instead, best first.
        kept: skus that stay when the rest is chosen anew.
        away: skus that were swapped away or disliked: they do not come back.
        out: a look's number and the slot that the visitor wants nothing for there.
    """

    looks: tuple[Picks, ...] = ()
    pools: Mapping[Slot, tuple[Suggestion, ...]] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    away: tuple[str, ...] = ()
    out: frozenset[tuple[int, Slot]] = frozenset()

    def adopt(self, answer: CompletionAnswer) -> Self:
        """Take up new looks; what is away or out stays so, and so does what is kept of them."""
        looks = tuple(dict(look.picks) for look in answer.looks if look.picks)
        known = {pick.sku for picks in looks for pick in picks.values()}
        pools = {slot: tuple(pool) for slot, pool in answer.slots.items()}
        return replace(self, looks=looks, pools=pools, kept=self.kept & known)

    def keeps_of(self, number: int) -> bool:
        """Return whether a piece that a look shows is kept."""
        return any(pick.sku in self.kept for pick in self.picks(number).values())

    def picks(self, number: int) -> dict[Slot, Suggestion]:
        """Return what a look shows, what it is about first."""
        there = self.looks[number]
        shown = [slot for slot in _ORDER if slot in there and (number, slot) not in self.out]
        return {slot: there[slot] for slot in shown}

    def slot_of(self, number: int, sku: str) -> Slot | None:
        """Return where in a look an item is; None where it is not."""
        return next((s for s, pick in self.picks(number).items() if pick.sku == sku), None)

    def others(self, number: int, slot: Slot) -> list[str]:
        """Return the skus of a look's other pieces."""
        return [pick.sku for each, pick in self.picks(number).items() if each is not slot]

    def instead(self, number: int, slot: Slot) -> list[Suggestion]:
        """Return what may stand at a slot instead, best first."""
        now = self.looks[number].get(slot) if number < len(self.looks) else None
        gone = {*self.away, *([now.sku] if now is not None else ())}
        return [each for each in self.pools.get(slot, ()) if each.sku not in gone]

    def put(self, number: int, slot: Slot, piece: Suggestion) -> Self:
        """Put a piece into a look, in place of what was there, which may be chosen again."""
        before = self.looks[number].get(slot)
        pool = self.pools.get(slot, ())
        if before is not None and all(each.sku != before.sku for each in pool):
            pool = (before, *pool)
        looks = tuple(
            {**picks, slot: piece} if at == number else picks for at, picks in enumerate(self.looks)
        )
        kept = self.kept - {before.sku} if before is not None else self.kept
        pools, out = {**self.pools, slot: pool}, self.out - {(number, slot)}
        return replace(self, looks=looks, pools=pools, kept=kept, out=out)

    def offering(self, slot: Slot, pool: tuple[Suggestion, ...]) -> Self:
        """Return it with other pieces to choose from at a slot."""
        return replace(self, pools={**self.pools, slot: pool})

    def without(self, sku: str) -> Self:
        """Have an item not come back; where it stands in a look, it is still to be replaced."""
        away = (*(each for each in self.away if each != sku), sku)
        return replace(self, away=away[-MOST_AWAY:], kept=self.kept - {sku})

    def keeping(self, sku: str) -> Self:
        """Keep an item when the rest is chosen anew, or no longer."""
        return replace(self, kept=self.kept ^ {sku})

    def leaving_out(self, number: int, slot: Slot) -> Self:
        """Want nothing for a slot of a look, or something again; other looks keep theirs."""
        return replace(self, out=self.out ^ {(number, slot)})

    def anew(self, number: int) -> Self:
        """Send away what a look does not keep."""
        made = self
        for pick in self.picks(number).values():
            if pick.sku not in self.kept:
                made = made.without(pick.sku)
        return made


def goes_with(garment: Garment, picks: Picks) -> bool:
    """Return whether a garment that stays on is drawn beside picks: seen well enough, its place free."""
    several = garment.slot in {Slot.ACCESSORIES, Slot.HOSIERY}
    return bool(garment.cutout) and (several or garment.slot not in picks)


def totals(picks: Picks) -> dict[str, Decimal]:
    """Return what pieces cost together: currency -> amount; what has no price counts for nothing."""
    sums: dict[str, Decimal] = {}
    for pick in picks.values():
        item = pick.item
        if item.asking_price is not None:
            sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.asking_price
    return sums
