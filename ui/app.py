"""The browser app: its pages, and the frame around them. Run by `recommender serve ui`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from ui.pages import catalogue_page, landing, privacy_page, results, shared_page, style_page
from ui.pages.shop import shop_page
from ui.parts import frame
from ui.text.speech import say
from ui.visit.state import visit

FOLDER: Final = Path(__file__).parent


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Complete the look", page_icon=FOLDER / "icon.png", layout="wide")
    _dress()
    titles = {
        frame.LOOKS: (look, say("Complete the look")),
        frame.CATALOGUE: (catalogue_page.show, say("Search the shop")),
        frame.STYLE: (style_page.show, say("Your style")),
        frame.SHARED: (shared_page.show, say("A look for you")),
        frame.PRIVACY: (privacy_page.show, say("What happens to your photo")),
        frame.SHOP: (shop_page.show, say("Shop area")),
    }
    pages = {
        address: st.Page(run, title=title, url_path=address, default=address == frame.LOOKS)
        for address, (run, title) in titles.items()
    }
    page = st.navigation(list(pages.values()), position="hidden")
    frame.head(pages, page)
    page.run()
    frame.foot(page)


def _dress() -> None:
    """Style the page, in its own container: styles alone would share the toasts', and go by one."""
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    st.html(f"<span class='unseen'></span><style>{css}</style>")


def look() -> None:
    """Show the screen that the visit is at."""
    held = visit()
    if held.photo is None:
        landing.show(held)
    else:
        results.show(held)


if __name__ == "__main__":  # as Streamlit runs it
    main()
