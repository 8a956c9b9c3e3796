"""What stands around every page: the way to the others, the language, whose style it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import streamlit as st
from streamlit.navigation.page import Page

from ui.parts import filters
from ui.text import speech
from ui.text.speech import say
from ui.visit import person, verdicts
from ui.visit.state import visit
from ui.visit.wardrobe import places

LOOKS: Final = "look"
CATALOGUE: Final = "catalogue"
STYLE: Final = "style"
SHARED: Final = "shared"
PRIVACY: Final = "privacy"
SHOP: Final = "shop"
"""The pages' addresses; a shared look's is `/shared?look=TOKEN`, an item's `/catalogue?item=SKU`. No page
that a shopper sees leads to the shop's."""
ITEM: Final = "item"
OFFSET: Final = "browse-offset"
"""How many items of the catalogue lie before those that are shown; in the session's state."""
_PAGES: Final = "pages"
_OPENED: Final = "opened-item"
_CHOICE: Final = "language-choice"


def head(pages: Mapping[str, Page], shown: Page) -> None:
    """Show the way to the pages and the choice of a language; follow where a card led.

    Args:
        pages: address -> page, all of the app.
        shown: the one that is shown.
    """
    st.session_state[_PAGES] = pages
    opened = st.session_state.pop(_OPENED, None)
    if opened is not None:
        st.switch_page(pages[CATALOGUE], query_params={ITEM: opened})
    entitle(shown.title)
    shoppers = {LOOKS: say("Looks"), CATALOGUE: say("Search"), STYLE: say("Your style")}
    names = {LOOKS: say("What shoppers see")} if shown.url_path == SHOP else shoppers
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, key="head"):
        with st.container(horizontal=True, wrap=False, key="ways", gap="small"):
            for address, name in names.items():
                st.page_link(pages[address], label=name)
        _languages()
    person.keep(_place(shown), filters.remembered(), filters.recall)
    with st.container(key="wardrobe-place"):
        places.mount()


def foot(shown: Page) -> None:
    """Show, below a shopper's page, where the privacy page stands."""
    if places.is_unheard():
        st.rerun()
    verdicts.speak()
    if shown.url_path in (SHOP, PRIVACY):
        return
    with st.container(key="foot"):
        st.page_link(page(PRIVACY), label=say("Privacy"))


def page(address: str) -> Page:
    """Return the page at an address."""
    return cast(Mapping[str, Page], st.session_state[_PAGES])[address]


def open_item(sku: str) -> None:
    """Have the next run show an item in the catalogue; for callbacks."""
    st.session_state[_OPENED] = sku


def is_leaving() -> bool:
    """Return whether the whole page has to run: a card was opened, or the browser is to keep a piece."""
    return _OPENED in st.session_state or places.is_unheard()


def entitle(title: str) -> None:
    """Have the browser's tab tell what is shown."""
    app = say("Complete the look")
    st.set_page_config(page_title=title if title == app else f"{title} · {app}")


def _place(shown: Page) -> str:
    """Return what names the place: the page, its item, how far its items were leafed through."""
    item, offset = st.query_params.get(ITEM, ""), st.session_state.get(OFFSET, 0)
    return f"{shown.url_path} {item} {offset}"


def _languages() -> None:
    now = speech.language()
    with (
        st.container(key="languages", width="content"),
        st.popover(now.upper(), icon=":material/language:", type="tertiary"),
    ):
        # set from here: a page that was left forgets its widgets
        st.session_state[_CHOICE] = now
        st.radio(
            say("Language"),
            list(speech.LANGUAGES),
            format_func=speech.LANGUAGES.__getitem__,
            key=_CHOICE,
            on_change=_speak,
        )


def _speak() -> None:
    """Speak the language that was chosen; what the service said in another is asked for again."""
    speech.choose(st.session_state[_CHOICE])
    held = visit()
    held.completion = held.similar = None
