"""Who may keep the shop: whoever holds a key that may admin, else whoever sits at this machine.

The app's own key serves every visitor and opens nothing here. A key that is typed in lives in the
session: it is written nowhere, and gone with the tab.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from recommender.client import ApiProblem, Client
from recommender.wire.state_shapes import Problem
from ui.visit import service

_KEY: Final = "shopkeeper"
_HOME: Final = ("127.0.0.1", "localhost", "::1")
_PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
"""Headers by which a proxy is known, whose visitors may be anyone."""


def api() -> Client:
    """Return the client of whoever keeps the shop: with their key, where they hold one."""
    held = st.session_state.get(_KEY)
    return held if isinstance(held, Client) else service.anyone()


def has_key() -> bool:
    """Return whether a key was taken in this session."""
    return _KEY in st.session_state


def needs_key() -> bool:
    """Return whether the service asks for a key that this session does not hold.

    Raises:
        ApiProblem: the service refuses for another reason, or does not answer.
    """
    try:
        api().index()
    except ApiProblem as refused:
        if refused.problem.status != 401:
            raise
        lock()
        return True
    return False


def is_at_home() -> bool:
    """Return whether nobody but this machine's own users can reach the app."""
    address = str(st.get_option("server.address") or "")
    return address in _HOME and not any(name in st.context.headers for name in _PASSED_ON)


def unlock(key: str) -> Problem | None:
    """Take a key for this session; return what is wrong with it, if anything is."""
    # a header takes ASCII alone: what is none is no key either way
    client = service.with_key(key.encode("ascii", "replace").decode())
    try:
        client.index()
    except ApiProblem as refused:
        return refused.problem
    st.session_state[_KEY] = client
    return None


def lock() -> None:
    """Forget the key."""
    st.session_state.pop(_KEY, None)
