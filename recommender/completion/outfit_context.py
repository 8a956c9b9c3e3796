"""What counts as worn: the garments that a request keeps, and the items that are picked already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from index.model.items import CatalogItem
from recommender.errors import RequestError
from recommender.outfits import slots
from recommender.outfits.outfit import Outfit, colours_of
from recommender.services import Services
from segmentation.common.taxonomy import SLOT_OF, Slot


@dataclass(frozen=True, eq=False)
class Worn:
    """What is to be completed.

    Attributes:
        outfit: the garments that are kept and, in its last rows, the items that are picked.
        picked: those items, each of a slot of its own.
        numbers: of the garments that are kept, as all that is worn numbers them.
    """

    outfit: Outfit
    picked: tuple[CatalogItem, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def kept(self) -> int:
        """How many rows of the outfit are garments, not picks."""
        return len(self.outfit) - len(self.picked)

    @property
    def spent(self) -> Decimal:
        """What the picks cost; those without a price count nothing."""
        return sum((item.asking_price or Decimal(0) for item in self.picked), Decimal(0))

    def without(self, number: int) -> Outfit:
        """Return what is worn besides one of the picks."""
        return _rows(self.outfit, [r for r in range(len(self.outfit)) if r != self.kept + number])

    def without_rows(self, out: Collection[int]) -> Worn:
        """Return what is left when some rows go, garments or picks."""
        stay = [row for row in range(len(self.outfit)) if row not in out]
        return Worn(
            _rows(self.outfit, stay),
            tuple(item for n, item in enumerate(self.picked) if self.kept + n not in out),
            tuple(number for row, number in enumerate(self.numbers) if row not in out),
        )


def worn(outfit: Outfit, keep: Sequence[Slot], picked: Sequence[str], services: Services) -> Worn:
    """Return what is worn of an outfit, and the picks with it.

    Args:
        outfit: all that is there, at least one garment.
        keep: slots whose garments stay; empty for all of them.
        picked: skus of the items that are picked.
        services: what knows the items.

    Raises:
        RequestError: nothing is worn at a slot of `keep`, or the outfit has no room for a pick.
        index.errors.ItemNotFound: no item has a sku of `picked`.
    """
    numbers = _kept(outfit, keep) if keep else tuple(range(len(outfit)))
    kept = _rows(outfit, numbers) if keep else outfit
    skus = list(dict.fromkeys(picked))
    if not skus:
        return Worn(kept, (), numbers)
    items = tuple(services.item(sku) for sku in skus)
    _check_room(items, kept)
    whole = replace(
        kept,
        vectors_unit=np.concatenate([kept.vectors_unit, services.searcher.vectors_of(skus)]),
        categories=(*kept.categories, *(item.category for item in items)),
        colours=(*kept.colours, *map(colours_of, items)),
        patterns=(*kept.patterns, *(item.pattern for item in items)),
        facts=(*kept.facts, *(item.facts for item in items)),
    )
    return Worn(whole, items, numbers)


def currency_of(picked: Sequence[CatalogItem]) -> str:
    """Return the currency of picks that a budget counts; empty where there are none.

    Raises:
        RequestError: one has no price, or two have not the same currency.
    """
    for item in picked:
        if item.asking_price is None or item.currency != picked[0].currency:
            raise RequestError(
                "a budget cannot count what is picked",
                got=f"{item.sku!r} {f'in {item.currency}' if item.currency else 'without a price'}",
                expected="prices of one currency",
                next_step="Leave out the budget, or this item.",
            )
    return picked[0].currency if picked else ""


def _kept(outfit: Outfit, keep: Sequence[Slot]) -> tuple[int, ...]:
    held = [SLOT_OF[category] for category in outfit.categories]
    for slot in keep:
        if slot not in held:
            there = [f"{h} ({c})" for h, c in zip(held, outfit.categories, strict=True)]
            raise RequestError(
                "nothing is worn at a slot that is to be kept",
                got=slot.value,
                expected=f"slots of what is worn: {', '.join(dict.fromkeys(there))}",
                next_step="Keep some of these, or name none to keep all.",
            )
    return tuple(row for row, slot in enumerate(held) if slot in keep)


def _check_room(items: Sequence[CatalogItem], kept: Outfit) -> None:
    categories = list(kept.categories)
    taken: set[Slot] = set()
    for item in items:
        reason = slots.conflict(item.slot, categories)
        if not reason and (item.category in categories or item.slot in taken):
            reason = f"another of the {item.slot} is there already"
        if reason:
            raise RequestError(
                "there is no room for what is picked",
                got=f"{item.sku!r}: {reason}",
                expected="items of slots that are free, one of each",
                next_step="Leave this item out, or keep only the garments that stay.",
            )
        categories.append(item.category)
        taken.add(item.slot)


def _rows(outfit: Outfit, rows: Sequence[int]) -> Outfit:
    return replace(
        outfit,
        vectors_unit=outfit.vectors_unit[list(rows)],
        categories=tuple(outfit.categories[row] for row in rows),
        colours=tuple(outfit.colours[row] for row in rows),
        patterns=tuple(outfit.patterns[row] for row in rows),
        facts=tuple(outfit.facts[row] for row in rows),
    )
