"""What outfits lack in a catalogue: slots with too few items beside many that want one.

A cell is an audience, a formality, days and a band of prices (thirds of what can be bought). What goes
with its items is counted in the same cell; an item whose formality or days are not known goes with all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from index.database.tables import ItemRow
from index.model.garment_facts import Audience, Formality, Warmth
from index.model.items import Availability
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

BANDS: Final = ("low", "middle", "high")
WANTED_BY: Final[Mapping[Slot, tuple[Slot, ...]]] = {
    Slot.TOP: (Slot.BOTTOM,),
    Slot.BOTTOM: (Slot.TOP,),
    Slot.SHOES: (Slot.ONE_PIECE, Slot.BOTTOM),
    Slot.OUTER: (Slot.ONE_PIECE, Slot.TOP),
    Slot.BAG: (Slot.ONE_PIECE, Slot.BOTTOM),
}
"""A slot -> those whose items cannot be worn, or are seldom worn, without one of it."""
_ADULT: Final = (Audience.UNISEX, Audience.UNKNOWN)


@dataclass(frozen=True)
class Gap:
    """A slot of a cell that has too few items.

    Attributes:
        slot: what is missing.
        audience, formality, warmth: for whom, and for what days.
        band: of its price: low, middle or high; empty where the shop tells no prices.
        items: how many there are that can be bought.
        wanting: how many items beside them want one.
    """

    slot: Slot
    audience: Audience
    formality: Formality
    warmth: Warmth
    band: str
    items: int
    wanting: int


def gaps(session: Session, catalogue: str, least: int = 3) -> list[Gap]:
    """Return the gaps of a catalogue, those that most items wait for first.

    Args:
        session: to read in.
        catalogue: which one.
        least: fewer items are a gap, where at least as many wait.
    """
    cells = list(_cells(session, catalogue))
    bands = sorted({band for *_, band, _ in cells}, key=(*BANDS, "").index)
    found = []
    for audience, formality, warmth, band in product(
        (Audience.WOMEN, Audience.MEN, Audience.KIDS), Formality, Warmth, bands
    ):
        known, all_ = _counted(cells, audience, formality, warmth, band)
        for slot, partners in WANTED_BY.items():
            wanting, there = sum(known[partner] for partner in partners), all_[slot]
            if there < least <= wanting:
                found.append(Gap(slot, audience, formality, warmth, band, there, wanting))
    return sorted(found, key=lambda gap: (gap.items - gap.wanting, gap.slot, gap.audience))


def _counted(
    cells: list[tuple[Slot, str, str, str, str, int]],
    audience: Audience, formality: Formality, warmth: Warmth, band: str,
) -> tuple[Counter[Slot], Counter[Slot]]:  # fmt: skip
    """Return the items of a cell by slot: those known to belong there, and those that may too."""
    known, every = Counter[Slot](), Counter[Slot]()
    for slot, worn_by, dressy, days, priced, count in cells:
        adult = audience is not Audience.KIDS and worn_by in _ADULT
        if band != priced or not (worn_by == audience or adult):
            continue
        if dressy == formality and days == warmth:
            known[slot] += count
        if dressy in ("", formality) and days in ("", warmth):
            every[slot] += count
    return known, every


def _cells(session: Session, catalogue: str) -> Iterator[tuple[Slot, str, str, str, str, int]]:
    """Yield slot, audience, formality, warmth, band of price and number of what can be bought."""
    asking = func.coalesce(ItemRow.sale_price, ItemRow.price)
    ours = (ItemRow.catalogue == catalogue, ItemRow.availability != Availability.OUT_OF_STOCK.value)
    band: Any = case(
        *((asking <= bound, name) for bound, name in zip(_thirds(session, asking, ours), BANDS, strict=False)),
        (asking.is_not(None), BANDS[-1]),
        else_="",
    )  # fmt: skip
    columns = (ItemRow.category, ItemRow.audience_key, ItemRow.formality, ItemRow.warmth, band)
    query = select(*columns, func.count()).where(*ours).group_by(*columns)
    for category, worn_by, dressy, days, priced, count in session.execute(query):
        yield SLOT_OF[Category(category)], worn_by, dressy, days, priced, count


def _thirds(session: Session, asking: Any, ours: tuple[Any, ...]) -> list[Any]:
    """Return the two prices that part the cheapest and the middle third from the rest."""
    priced = (*ours, asking.is_not(None))
    total = session.execute(select(func.count()).select_from(ItemRow).where(*priced)).scalar_one()
    query = select(asking).where(*priced).order_by(asking)
    places = [max(0, total * n // 3 - 1) for n in (1, 2)] if total else []
    return [session.execute(query.offset(at).limit(1)).scalar_one() for at in places]
