"""Keep a piece in the wardrobe: nowhere, until the visitor says where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from recommender.client import ApiProblem
from segmentation.common.errors import PhotoError
from ui.text.speech import say
from ui.visit import verdicts
from ui.visit.wardrobe import home_store, places
from ui.visit.wardrobe.pieces import Piece

_KEPT: Final = "kept-pieces"
"""Session key: what was kept in this session, by what it was offered under."""


def offer(name: str, make: Callable[[], Piece], notice: str) -> None:
    """Offer to keep a piece.

    Args:
        name: what it is offered under; the same piece under the same name.
        make: makes it, once it is to be kept.
        notice: what is kept of it, and what is not.
    """
    if name in st.session_state.get(_KEPT, ()):
        st.caption(say("In your wardrobe"), width="content")
        return
    with st.popover(say("Keep in my wardrobe"), icon=":material/checkroom:"):
        where = say("Where?")
        st.markdown(f"{notice} {where}")
        st.button(
            say("In this browser"), icon=":material/web:", key=f"keep-here-{name}",
            on_click=_keep, args=(name, make, places.keep_here), width="stretch",
        )  # fmt: skip
        if home_store.folder() is not None:
            st.button(
                say("On this machine"), icon=":material/home:", key=f"keep-home-{name}",
                on_click=_keep, args=(name, make, places.keep_home), width="stretch",
            )  # fmt: skip


def _keep(name: str, make: Callable[[], Piece], place: Callable[[Piece], bool]) -> None:
    try:
        kept = place(make())
    except ApiProblem as refused:
        verdicts.refuse(refused)
    except PhotoError:
        verdicts.note(say("This picture cannot be read any more: take the photo once more."))
    else:
        if kept:
            st.session_state[_KEPT] = {*st.session_state.get(_KEPT, ()), name}
