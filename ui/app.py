"""The browser app's page. Run by `recommender serve ui`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from ui import landing, results
from ui.state import visit

FOLDER: Final = Path(__file__).parent


def main() -> None:
    """Show the screen that the visit is at."""
    st.set_page_config(page_title="Complete the look", page_icon=FOLDER / "icon.png", layout="wide")
    st.html(FOLDER / "page.css")
    held = visit()
    if held.photo is None:
        landing.show(held)
    else:
        results.show(held)


if __name__ == "__main__":  # as Streamlit runs it
    main()
