"""The page of a look that somebody shared: `/shared?look=TOKEN`."""

from __future__ import annotations

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.look_shapes import SharedLook
from ui import components
from ui.parts import frame
from ui.parts.items import shelf, shopping
from ui.parts.sharing import TOKEN, missing
from ui.text import words
from ui.text.speech import say
from ui.visit import service
from ui.visit.pipeline import tell


def show() -> None:
    """Show it, or say why it is not there."""
    st.title(say("A look for you"), anchor=False)
    token = st.query_params.get(TOKEN, "")
    if token:
        try:
            _look(service.api().shared(token))
        except ApiProblem as refused:
            tell(refused)
    else:
        st.info(
            say("The address names no look. Ask whoever sent it for the whole address."),
            icon=":material/link_off:",
        )
    st.page_link(
        frame.page(frame.LOOKS),
        label=say("Complete the look with your own photo"),
        icon=":material/photo_camera:",
    )


def _look(look: SharedLook) -> None:
    template = say("This look is shared until {day}. Prices are today’s.")
    st.caption(template.format(day=words.day(look.expires_at)))
    if look.missing:
        st.warning(missing(len(look.missing)), icon=":material/remove_shopping_cart:")
    if not look.items:
        return
    left, right = st.columns([4, 8], gap="large")
    pictures = service.cards(item.image for item in look.items)
    with left:
        panel = shelf.collage(say("The look"), look.items, look.totals, pictures, look.worn)
        data = {"key": "shared", "label": say("The look"), "open": -1, "looks": [panel]}
        data["photo"] = shelf.marks()
        components.looks(data, key="shared-look", opened=lambda _: None)
    with right:
        shopping.look(look.items, look.totals, key="shared")
        shelf.row(say("The pieces"), look.items, key="shared-pieces", chosen=frame.open_item)
