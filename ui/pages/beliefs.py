"""What is believed of a visitor's taste, as swatches, kinds, prices and pictures."""

from __future__ import annotations

import html
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import streamlit as st

from recommender.wire.people_shapes import BelievedSlot, StyleAnswer
from recommender.wire.shapes import Item
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Slot
from ui.parts import frame
from ui.parts.items import shelf
from ui.text import words
from ui.text.speech import say

SHOWN: Final = 8
"""So many colours, and so many items of a slot, are shown: the strongest."""
_PLAIN: Final = (200, 200, 200)
_WHOLE: Final = Decimal(1)
_SOME: Final = 0.3
_WELL: Final = 0.65
"""How sure a style must be of a slot for it to be known a little, and well."""


def show(style: StyleAnswer, items: Mapping[str, Item]) -> None:
    """Show it.

    Args:
        style: what the service believes.
        items: sku -> item, of those with feedback that are still there.
    """
    st.header(say("Your taste"), anchor=False)
    if style.missing:
        st.caption(say("Items that the shop no longer has count for nothing."))
    left, right = st.columns(2, gap="large")
    with left:
        _colours(style.colours)
        _kinds(style)
    with right:
        _prices(style)
    for slot, believed in style.slots.items():
        _slot(slot, believed, items)


def _colours(colours: Mapping[str, float]) -> None:
    if not colours:
        return
    st.subheader(say("Colours you like"), anchor=False)
    most = max(colours.values())
    strongest = sorted(colours.items(), key=lambda pair: -pair[1])[:SHOWN]
    rows = (_swatch(name, weight / most) for name, weight in strongest if weight > 0)
    st.html(f"<ul class='swatches'>{''.join(rows)}</ul>")


def _swatch(name: str, share: float) -> str:
    red, green, blue = PALETTE.get(name, _PLAIN)
    label = words.begun(words.spoken("colour", name))
    return (
        f"<li><span class='dot' style='background:rgb({red},{green},{blue})'></span>"
        f"<span class='name'>{html.escape(label)}</span>"
        f"<span class='bar'><span style='width:{100 * share:.0f}%'></span></span></li>"
    )


def _kinds(style: StyleAnswer) -> None:
    kinds = [words.kind(kind) for kind, weight in style.kinds.items() if weight > 0]
    if kinds:
        st.subheader(say("Kinds you like"), anchor=False)
        st.markdown(words.begun(", ".join(kinds[:SHOWN])))


def _prices(style: StyleAnswer) -> None:
    if not style.prices:
        return
    st.subheader(say("Your price range"), anchor=False)
    lines = []
    for price in style.prices:
        low = words.money(price.low.quantize(_WHOLE), price.currency)
        high = words.money(price.high.quantize(_WHOLE), price.currency)
        name = words.begun(words.kind(price.category))
        lines.append("- " + say("{kind}: {low} to {high}").format(kind=name, low=low, high=high))
    st.markdown("\n".join(lines).replace("$", r"\$"))


def _slot(slot: Slot, believed: BelievedSlot, items: Mapping[str, Item]) -> None:
    st.subheader(say(words.SLOTS[slot]), anchor=False)
    sure = say("{share} sure").format(share=words.percent(believed.sureness))
    st.progress(min(1.0, believed.sureness), text=f"{_surely(believed.sureness)} ({sure})")
    pulls = [pull for pull in believed.items if pull.sku in items][:SHOWN]
    if not pulls:
        return
    labels = {
        pull.sku: [say("You liked this.") if pull.weight > 0 else say("You disliked this.")]
        for pull in pulls
    }
    name = say("What you told of {slot}").format(slot=say(words.SLOTS[slot]))
    shown = [items[pull.sku] for pull in pulls]
    shelf.row(name, shown, key=f"believed-{slot}", chosen=frame.open_item, whys=labels)


def _surely(sureness: float) -> str:
    if sureness < _SOME:
        return say("Hardly known yet")
    return say("Known a little") if sureness < _WELL else say("Known well")
