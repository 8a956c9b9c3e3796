"""The search: leaf through the catalogue, look at one item."""

from __future__ import annotations

import streamlit as st

from ui.pages import browse, item_page
from ui.parts.frame import ITEM
from ui.text.speech import say


def show() -> None:
    """Show the item that the address names, else the catalogue."""
    sku = st.query_params.get(ITEM, "")
    if sku:
        item_page.show(sku)
        return
    st.title(say("Search the shop"), anchor=False)
    browse.show()
