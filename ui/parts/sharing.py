"""Where the app shows a shared look, and what is said of pieces that it no longer has."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from ui.parts import frame
from ui.text.speech import say_many

TOKEN: Final = "look"


def address(token: str) -> str:
    """Return where this app shows a shared look."""
    here = urlsplit(st.context.url or "")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = "/".join(filter(None, (base, frame.SHARED)))
    return f"{here.scheme}://{here.netloc}/{path}?{TOKEN}={token}"


def missing(count: int) -> str:
    """Return that some pieces of a look are no longer sold."""
    return say_many(
        "One piece is no longer in the shop.",
        "{count} pieces are no longer in the shop.",
        count,
    ).format(count=count)
