"""What outfits lack in a catalogue: slots with too few items beside many that want one.

A cell is an audience, a formality, days and a band of prices (thirds of what can be bought). What goes
with its items is counted in the same cell; an item whose formality or days are not known goes with all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Final, TypeAlias

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
_ASKING: Final = func.coalesce(ItemRow.sale_price, ItemRow.price)
Cell: TypeAlias = tuple[Slot, str, str, str, str, int]
"""Slot, audience, formality, warmth, band of price, and how many items are of these."""


@dataclass(frozen=True)
class Gap:
    """A slot of a cell that has too few items.

    Attributes:
        slot: what is missing.
        audience, formality, warmth: for whom, and for what days.
        band: of its price: low, middle or high; empty where the shop tells no prices.
        items: how many there are that can be bought.
        wanting: how many items beside them want one.
        share: 0 to 1, those as a share of all items for the audience that want one, at any formality,
            day and price: of the outfits that are made around one of them.
        above, up_to: the band's prices; None where it is open, or the shop tells no prices.
        currency: of these; empty where the catalogue has several.
    """

    slot: Slot
    audience: Audience
    formality: Formality
    warmth: Warmth
    band: str
    items: int
    wanting: int
    share: float = 0.0
    above: Decimal | None = None
    up_to: Decimal | None = None
    currency: str = ""


def gaps(session: Session, catalogue: str, least: int = 3) -> list[Gap]:
    """Return the gaps of a catalogue, those that most items wait for first.

    Args:
        session: to read in.
        catalogue: which one.
        least: fewer items are a gap, where at least as many wait.
    """
    bounds, currency = _bounds(session, catalogue)
    cells = list(
        _cells(session, catalogue, [up_to for _, up_to in bounds.values() if up_to is not None])
    )
    bands = sorted({band for *_, band, _ in cells}, key=(*BANDS, "").index)
    found = []
    for audience, formality, warmth, band in product(
        (Audience.WOMEN, Audience.MEN, Audience.KIDS), Formality, Warmth, bands
    ):
        known, all_ = _counted(cells, audience, formality, warmth, band)
        for slot, partners in WANTED_BY.items():
            if slot is Slot.OUTER and warmth is Warmth.HOT:  # nothing waits for a coat then
                continue
            wanting, there = sum(known[partner] for partner in partners), all_[slot]
            if there < least <= wanting:
                share = wanting / _wanted(cells, audience, partners)
                prices = (*bounds.get(band, (None, None)), currency)
                found.append(
                    Gap(slot, audience, formality, warmth, band, there, wanting, share, *prices)
                )
    return sorted(found, key=lambda gap: (gap.items - gap.wanting, gap.slot, gap.audience))


def _counted(
    cells: list[Cell],
    audience: Audience, formality: Formality, warmth: Warmth, band: str,
) -> tuple[Counter[Slot], Counter[Slot]]:  # fmt: skip
    """Return the items of a cell by slot: those known to belong there, and those that may too."""
    known, every = Counter[Slot](), Counter[Slot]()
    for slot, worn_by, dressy, days, priced, count in cells:
        if band != priced or not _is_for(worn_by, audience):
            continue
        if dressy == formality and days == warmth:
            known[slot] += count
        if dressy in ("", formality) and days in ("", warmth):
            every[slot] += count
    return known, every


def _is_for(worn_by: str, audience: Audience) -> bool:
    return worn_by == audience or (audience is not Audience.KIDS and worn_by in _ADULT)


def _wanted(cells: list[Cell], audience: Audience, partners: tuple[Slot, ...]) -> int:
    """Return how many items for an audience want something, whatever is known of them."""
    return sum(
        count
        for slot, worn_by, _, _, _, count in cells
        if slot in partners and _is_for(worn_by, audience)
    )


def _cells(session: Session, catalogue: str, thirds: Sequence[Decimal]) -> Iterator[Cell]:
    """Yield slot, audience, formality, warmth, band of price and number of what can be bought."""
    ours = _ours(catalogue)
    band: Any = case(
        *((bound >= _ASKING, name) for bound, name in zip(thirds, BANDS, strict=False)),
        (_ASKING.is_not(None), BANDS[-1]),
        else_="",
    )  # fmt: skip
    columns = (ItemRow.category, ItemRow.audience_key, ItemRow.formality, ItemRow.warmth, band)
    query = select(*columns, func.count()).where(*ours).group_by(*columns)
    for category, worn_by, dressy, days, priced, count in session.execute(query):
        yield SLOT_OF[Category(category)], worn_by, dressy, days, priced, count


def _ours(catalogue: str) -> tuple[Any, ...]:
    """Return the conditions of what can be bought."""
    available = ItemRow.availability != Availability.OUT_OF_STOCK.value
    return ItemRow.catalogue == catalogue, available


def _bounds(
    session: Session, catalogue: str
) -> tuple[dict[str, tuple[Decimal | None, Decimal | None]], str]:
    """Return the prices of each band, above and up to, and the currency if there is one alone.

    Two prices part the cheapest and the middle third from the rest; without prices there is no band.
    """
    priced = (*_ours(catalogue), _ASKING.is_not(None))
    total = session.execute(select(func.count()).select_from(ItemRow).where(*priced)).scalar_one()
    if not total:
        return {}, ""
    query = select(_ASKING).where(*priced).order_by(_ASKING)
    places = [max(0, total * n // 3 - 1) for n in (1, 2)]
    first, second = (session.execute(query.offset(at).limit(1)).scalar_one() for at in places)
    found = session.execute(select(ItemRow.currency).where(*priced).distinct()).scalars().all()
    bands = zip(BANDS, ((None, first), (first, second), (second, None)), strict=True)
    return dict(bands), found[0] if len(found) == 1 else ""
