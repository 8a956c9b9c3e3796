"""An empty answer: its true cause, and the next steps that lead out of it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from segmentation.common.taxonomy import Slot
from ui.parts import filters
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import say
from ui.visit.state import Visit, Wishes, visit

_MOST: Final = 4
"""So many pieces are offered to be replaced."""


def looks(held: Visit, wished: Wishes, reason: str) -> None:
    """Say why there is no look, and offer what would bring some.

    Args:
        held: the visit.
        wished: what was asked for.
        reason: the service's reason.
    """
    found = bool(held.worn)
    if found and not wished.narrows:
        reason = say("The shop has nothing that goes with this outfit as it is.")
    st.info(plain(words.sentence(reason)), icon=":material/search_off:")
    if not found:
        st.caption(say("If clothes are in the photo, draw a box around one: “Something missed?”"))
        return
    if wished.budget is not None:
        filters.offer_without_budget()
    filters.offer_to_drop(held, None)
    _replace(held)


def slot(held: Visit, wished: Wishes, at: Slot, reason: str) -> None:
    """Say why there is nothing else for a slot, and which filter to drop."""
    if not wished.narrows:
        reason = say("The shop has nothing else for this place in the outfit.")
    st.caption(plain(words.sentence(reason or say("There is nothing else that fits"))))
    filters.offer_to_drop(held, at)


def _replace(held: Visit) -> None:
    """Offer to replace a piece that is worn, and to see what is like it."""
    garments = held.worn
    worn = list(dict.fromkeys(garment.slot for garment in garments))
    with st.container(horizontal=True, gap="small", key="no-look-steps"):
        for at in worn[:_MOST] if len(worn) > 1 else ():
            name = next(words.garment_name(each) for each in garments if each.slot is at)
            st.button(
                say("Replace the {piece}").format(piece=words.within(name)),
                icon=":material/swap_horiz:", key=f"replace-{at}", on_click=_keep_others,
                args=(tuple(each for each in worn if each is not at),),
            )  # fmt: skip
        st.button(
            say("Show similar items"), icon=":material/image_search:", key="no-look-similar",
            on_click=lambda: visit().select_garment(visit().shown[0]),
        )  # fmt: skip


def _keep_others(kept: tuple[Slot, ...]) -> None:
    visit().keep = kept
