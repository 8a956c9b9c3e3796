"""The catalogue's page: leaf through it, look at one item, import a feed, see to the index."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.pages import browse, imports, item_page, upkeep
from ui.parts.frame import ITEM
from ui.text.speech import N_, say

VIEW: Final = "view"
_VIEWS: Final = {
    "browse": (N_("Browse"), browse.show),
    "import": (N_("Import"), imports.show),
    "index": (N_("Index"), upkeep.show),
}


def show() -> None:
    """Show the item that the address names, else the catalogue."""
    sku = st.query_params.get(ITEM, "")
    if sku:
        item_page.show(sku)
        return
    st.title(say("Catalogue"), anchor=False)
    view = st.segmented_control(
        say("Part of the catalogue"),
        list(_VIEWS),
        format_func=lambda name: say(_VIEWS[name][0]),
        default="browse",
        required=True,
        label_visibility="collapsed",
        key=VIEW,
    )
    _VIEWS[view or "browse"][1]()
