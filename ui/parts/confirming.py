"""What destroys or publishes is confirmed by a word that is typed: stray clicks cannot give one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.text.speech import say


def confirmed(key: str, word: str, action: str, then: Callable[[], None]) -> None:
    """Show a box and a button that does something once the word is in the box.

    Args:
        key: of the button; that of the box has `-word` behind it.
        word: to be typed, in letters of either size.
        action: what the button says.
        then: what it does.
    """
    box = f"{key}-word"

    def check() -> None:
        if str(st.session_state.get(box, "")).strip().casefold() == word.casefold():
            then()
        else:
            st.toast(
                say("Nothing was done: type {word} first.").format(word=word),
                icon=":material/keyboard:",
            )

    with st.form(f"{key}-form", border=False):
        st.text_input(say("Type {word} to go on").format(word=word), key=box, autocomplete="off")
        st.form_submit_button(action, type="primary", key=key, on_click=check)
