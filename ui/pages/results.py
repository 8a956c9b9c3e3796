"""The second screen: the photo with its garments, what is similar, the looks."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.parts import filters, frame, looks, similar
from ui.parts.photo import photo_column
from ui.text.speech import say
from ui.visit import person, pipeline, undoing, verdicts
from ui.visit.state import Visit, leave, visit


def show(held: Visit) -> None:
    """Show it; what is not known yet is asked for on the way."""
    st.html(f"<h1 class='unseen'>{say('Complete the look')}</h1>")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Another photo"), icon=":material/arrow_back:", type="tertiary", on_click=_leave
        )
        st.space("stretch")
        filters.ask(held)
    left, right = st.columns([5, 9], gap="large")
    with left:
        show_photo = _photo(held)
    with right:
        if not pipeline.run(held, filters.wishes(held), show_photo):
            st.rerun()
        _right(_around(held))


def _photo(held: Visit) -> Callable[[], None]:
    """Show the photo; return what shows it again, with the garments that are found meanwhile.

    A place that is emptied is drawn anew wherever the browser hears of it before it is filled: what
    stood there is gone, with the focus and a box that is being drawn. So only a new photo has one.
    """
    if held.garments is not None:
        photo_column.show(held, st.container())
        return lambda: None
    place = st.empty()

    def show() -> None:
        photo_column.show(held, place.container())

    show()
    return show


def _leave() -> None:
    undoing.forget()
    leave()


def _around(held: Visit) -> tuple[object, ...]:
    """Return what the parts around the right column show."""
    return held.photo_key, held.garment, person.known(), filters.in_words()


@st.fragment
def _right(around: tuple[object, ...]) -> None:
    """Show what is similar, and the looks: on its own, so that a step there is quick.

    Each part has a place of its own, empty or not. What comes and goes between others moves them
    on the page, and away from under the pointer, while they are drawn anew.
    """
    held = visit()
    if _around(held) != around or frame.is_leaving():
        st.rerun()
    undoing.announce()
    verdicts.speak()
    wished = filters.wishes(held)
    if not pipeline.run(held, wished, lambda: None):
        st.rerun()
    held.fit()
    with st.container():
        filters.chips()
    with st.container():
        similar.show(held, wished)
    with st.container():
        looks.show(held, wished)
    undoing.show()
