"""The stylist's table: the conventions that every look is held to, and the shop's own over them."""

from __future__ import annotations

import html

import streamlit as st

from recommender.client import ApiProblem
from ui.text.plain import plain
from ui.text.speech import say
from ui.visit import shopkeeper
from ui.visit.pipeline import tell


def show() -> None:
    """Show it."""
    st.header(say("The stylist’s table"), anchor=False)
    st.markdown(
        say(
            "What is never worn together, what each occasion asks for and which days a garment is "
            "worn on. Your own file is laid over the one that the app ships with: start the "
            "service with RECOMMENDER_STYLIST=FILE."
        )
    )
    try:
        table = shopkeeper.api().stylist()
    except ApiProblem as refused:
        tell(refused)
        return
    if table.problem:
        st.error(plain(table.problem), icon=":material/error:")
    if table.own:
        st.subheader(say("Your own"), anchor=False)
        _table(table.own, say("Your own"))
    elif not table.problem:
        st.caption(say("This shop has no file of its own."))
    st.subheader(say("What the app ships with"), anchor=False)
    st.download_button(
        say("Download"), table.shipped, "stylist.toml", "application/toml",
        icon=":material/download:", key="stylist-download", on_click="ignore",
    )  # fmt: skip
    _table(table.shipped, say("What the app ships with"))


def _table(text: str, name: str) -> None:
    """Show a table as it was written; it scrolls, by keys too."""
    label = html.escape(name, quote=True)
    st.html(
        f"<pre class='toml' role='group' tabindex='0' aria-label='{label}'>{html.escape(text)}</pre>"
    )
