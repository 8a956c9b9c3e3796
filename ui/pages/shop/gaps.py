"""What outfits lack in the catalogue, in sentences that a buyer can act upon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import streamlit as st

from index.model.garment_facts import Audience
from recommender.client import ApiProblem
from recommender.wire.catalogue_shapes import CatalogueGap
from segmentation.common.taxonomy import Slot
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import N_, say
from ui.visit import shopkeeper
from ui.visit.pipeline import tell

LEAST: Final = 3
MOST: Final = 8
"""So many sentences of a department are shown: what most outfits wait for."""
_DAYS: Final = 3
"""So many kinds of days stand below a sentence."""
_NONE: Final = {
    Slot.TOP: N_("No top"),
    Slot.BOTTOM: N_("No skirt or trousers"),
    Slot.SHOES: N_("No shoes"),
    Slot.OUTER: N_("No jacket or coat"),
    Slot.BAG: N_("No bag"),
}
_FEW: Final = {
    Slot.TOP: N_("Too few tops"),
    Slot.BOTTOM: N_("Too few skirts or trousers"),
    Slot.SHOES: N_("Too few shoes"),
    Slot.OUTER: N_("Too few jackets or coats"),
    Slot.BAG: N_("Too few bags"),
}
"""A slot that outfits wait for -> what there is of it; to be said."""


@dataclass(frozen=True)
class Lack:
    """What a department lacks at one slot and band of prices, on all days together.

    Attributes:
        gaps: of the same department, slot and band, what most items wait for first.
    """

    gaps: tuple[CatalogueGap, ...]

    @property
    def share(self) -> float:
        """Of the department's outfits that want one, 0 to 1."""
        return min(1.0, sum(gap.share for gap in self.gaps))

    @property
    def sentence(self) -> str:
        """It as a sentence: `No bag up to €80 for 31% of outfits`."""
        first = self.gaps[0]
        empty = not any(gap.items for gap in self.gaps)
        what = say((_NONE if empty else _FEW)[Slot(first.slot)])
        parts = {"what": what, "price": _priced(first), "share": words.percent(self.share)}
        sentence = (
            N_("{what} {price} for {share} of outfits")
            if parts["price"]
            else N_("{what} for {share} of outfits")
        )
        # a sign stays on the line of its number
        return re.sub(r"(?<=\d) (?=[%€])", "\N{NO-BREAK SPACE}", say(sentence).format(**parts))

    @property
    def days(self) -> str:
        """The days that it is about, those that most items wait for first."""
        named = (
            f"{words.spoken('formality', gap.formality)} {words.spoken('warmth', gap.warmth)}"
            for gap in self.gaps[:_DAYS]
        )
        return words.begun("; ".join(named))


def lacks(gaps: Iterable[CatalogueGap]) -> list[Lack]:
    """Return gaps as lacks, those of the largest share first."""
    found: dict[tuple[str, str, str], list[CatalogueGap]] = {}
    for gap in gaps:
        found.setdefault((gap.audience, gap.slot, gap.price_band), []).append(gap)
    together = [Lack(tuple(sorted(each, key=lambda gap: -gap.wanting))) for each in found.values()]
    return sorted(together, key=lambda lack: -lack.share)


def show() -> None:
    """Show them."""
    st.header(say("What outfits lack"), anchor=False)
    st.markdown(
        say(
            "Trousers want a top, shoes and a bag; a dress wants shoes, a layer and a bag. A share "
            "is that of a department’s garments for which the shop has fewer than {least} fitting "
            "ones for the same occasions, days and price."
        ).format(least=LEAST)
    )
    try:
        gaps = shopkeeper.api().gaps(LEAST)
    except ApiProblem as refused:
        tell(refused)
        return
    if not gaps:
        st.success(say("Nothing is missing that outfits wait for."), icon=":material/check:")
        return
    found = lacks(gaps)
    for audience in (Audience.WOMEN, Audience.MEN, Audience.KIDS):
        _department(audience, [lack for lack in found if lack.gaps[0].audience == audience])
    _whole(gaps)


def _department(audience: Audience, found: Sequence[Lack]) -> None:
    if not found:
        return
    st.subheader(words.spoken("audience", audience.value), anchor=False)
    for lack in found[:MOST]:
        with st.container(gap=None):
            st.markdown(f"**{plain(lack.sentence)}**")
            st.caption(plain(lack.days))


def _whole(gaps: Sequence[CatalogueGap]) -> None:
    """Show every gap by itself, to be sorted, searched and downloaded."""
    with st.expander(say("The whole report as a table"), icon=":material/table:"):
        rows = [
            {
                words.facet("audience"): words.spoken("audience", gap.audience),
                say("Missing"): say(words.SLOTS[Slot(gap.slot)]),
                words.facet("formality"): words.spoken("formality", gap.formality),
                words.facet("warmth"): words.spoken("warmth", gap.warmth),
                words.facet("price"): words.begun(_priced(gap)),
                say("There are"): gap.items,
                say("Wait for one"): gap.wanting,
            }
            for gap in gaps
        ]
        st.dataframe(rows, hide_index=True, height=min(420, 38 * (len(rows) + 1)))


def _priced(gap: CatalogueGap) -> str:
    above, up_to = gap.price_above, gap.price_up_to
    if above is not None and up_to is not None:
        template = say("from {low} to {high}")
        return template.format(low=_amount(above, gap), high=_amount(up_to, gap))
    if up_to is not None:
        return say("up to {price}").format(price=_amount(up_to, gap))
    return say("over {price}").format(price=_amount(above, gap)) if above is not None else ""


def _amount(price: Decimal, gap: CatalogueGap) -> str:
    return words.money(price, gap.currency)
