"""Whose style it is: a random id of this browser, made at the first feedback.

The browser keeps it in its local storage, so that a style outlives the tab; nobody else learns it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Final

import streamlit as st

from ui import components
from ui.text import speech

_KEY: Final = "person"
_FORGOTTEN: Final = "person-forgotten"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


def known() -> str:
    """Return the visitor's id, empty without feedback yet."""
    return str(st.session_state.get(_KEY, ""))


def identity() -> str:
    """Return the visitor's id, made where there is none."""
    if not known():
        st.session_state[_KEY] = secrets.token_urlsafe(16)
        st.session_state.pop(_FORGOTTEN, None)
    return known()


def forget() -> None:
    """Drop the id, here and in the browser; the feedback is deleted by `Client.forget`."""
    st.session_state.pop(_KEY, None)
    st.session_state[_FORGOTTEN] = True


def keep(place: str, audience: str, heard: Callable[[str], None]) -> None:
    """Have the browser keep the id, the language and whom looks are for, and take up what it kept before.

    Args:
        place: names what is shown; where it changes, the page is seen from its top on.
        audience: whom looks are for; empty for everyone.
        heard: called with whom they were for before.
    """
    components.keeper(
        {
            "person": known(),
            "forgotten": _FORGOTTEN in st.session_state,
            "language": speech.language(),
            "chosen": speech.chosen(),
            "audience": audience,
            "place": place,
        },
        key="keeper",
        person=recall,
        language=speech.choose,
        audience=heard,
    )


def recall(kept: str) -> None:
    """Take up the id that the browser kept, unless there is one by now or it is none of ours."""
    if not known() and _FORGOTTEN not in st.session_state and _ID.fullmatch(kept):
        st.session_state[_KEY] = kept
