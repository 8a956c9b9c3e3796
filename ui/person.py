"""Whose style it is: a random id of this browser, made when something is told for the first time."""

from __future__ import annotations

import secrets
from typing import Final

import streamlit as st

_KEY: Final = "person"


def known() -> str:
    """Return the visitor's id, empty where they told nothing yet."""
    return str(st.session_state.get(_KEY, ""))


def identity() -> str:
    """Return the visitor's id, made where there is none."""
    if not known():
        st.session_state[_KEY] = secrets.token_urlsafe(16)
    return known()


def forget() -> None:
    """Drop the id; what was told under it is deleted by `Client.forget`."""
    st.session_state.pop(_KEY, None)
