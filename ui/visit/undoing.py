"""The last step, announced in a bar at the foot of the screen, from where it can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from ui.text.speech import say

_KEY: Final = "step"
_SIGN: Final = re.compile(r"[^\w ]|_")


@dataclass(frozen=True)
class _Step:
    message: str
    back: Callable[[], None]


def offer(message: str, back: Callable[[], None]) -> None:
    """Tell a step in place of the one before.

    Args:
        message: what was done, as a sentence.
        back: takes it back.
    """
    st.session_state[_KEY] = _Step(message, back)


def forget() -> None:
    """Offer no longer to take back the last step."""
    st.session_state.pop(_KEY, None)


def announce() -> None:
    """Tell the step to those who do not see the bar.

    The place for it stands before there is a step: what a reader of the screen watches has to be
    there already. Markdown changes the words within it, where `st.html` would put in another; as
    numbers, signs mean nothing to it.
    """
    step = st.session_state.get(_KEY)
    text = (
        ""
        if step is None
        else _SIGN.sub(lambda found: f"&#{ord(found[0])};", " ".join(step.message.split()))
    )
    st.markdown(f"<p role='status' class='unseen'>{text}</p>", unsafe_allow_html=True)


def show() -> None:
    """Show the bar, if there is a step to take back."""
    step = st.session_state.get(_KEY)
    if step is None:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, key="undo-bar", gap="small"
    ):
        st.text(step.message)
        st.button(
            say("Undo"), icon=":material/undo:", type="tertiary", key="undo-step", on_click=_back
        )
        st.button(
            say("Hide"), icon=":material/close:", type="tertiary", key="undo-hide",
            on_click=forget,
        )  # fmt: skip


def _back() -> None:
    step = st.session_state.pop(_KEY, None)
    if step is not None:
        step.back()
