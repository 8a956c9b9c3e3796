"""The wardrobe: the pieces that a visitor owns, looks to be made with them, and the way to take them along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from ui import components
from ui.parts import frame
from ui.text import words
from ui.text.speech import say, say_many
from ui.visit import service
from ui.visit.corrections import Added, Laid
from ui.visit.state import begin
from ui.visit.wardrobe import home_store, pieces, places
from ui.visit.wardrobe.pieces import Piece

MOST: Final = 9
"""So many pieces make one outfit at most."""
_DROP: Final = "drop"
_BROUGHT: Final = "wardrobe-brought"


def show() -> None:
    """Show it."""
    known = places.known()
    if not known:
        _nothing()
        return
    st.markdown(
        say(
            "Choose what you want to wear: looks are made with it and what the shop has, and their "
            "total counts only what you would buy."
        )
    )
    _acts(known)
    chosen = places.wardrobe().chosen
    components.cards(
        say("Your wardrobe"), [_card(each, is_chosen=each.id in chosen) for each in known],
        key="wardrobe", chosen=places.choose, acted=_act, kind="grid",
    )  # fmt: skip
    _keeping(known)


def _nothing() -> None:
    with st.container(border=True):
        st.markdown(
            say(
                "**Your wardrobe is empty.** Choose a garment in a photo of yours, then “Keep in "
                "my wardrobe”: looks can then be made with what you own."
            )
        )
        st.page_link(
            frame.page(frame.LOOKS), label=say("Begin with a photo"), icon=":material/photo_camera:"
        )
        _bring_back()
        st.caption(_where())


def _bring_back() -> None:
    """Offer to take up a wardrobe that was exported, here or in another browser."""
    with st.popover(say("Bring back"), icon=":material/upload:"):
        turn = st.session_state.get(_BROUGHT, 0)
        st.file_uploader(
            say("An exported wardrobe (zip); it is kept in this browser"), ["zip"],
            max_upload_size=service.feed_mb(),
            key=f"{_BROUGHT}-{turn}", on_change=_brought, args=(turn,),
        )  # fmt: skip


def _brought(turn: int) -> None:
    given = st.session_state.get(f"{_BROUGHT}-{turn}")
    if given is not None:
        st.session_state[_BROUGHT] = turn + 1  # an empty place for the next
        places.bring_back(given.getvalue())


def _where() -> str:
    text = say(
        "Kept is the cut-out of a garment and its facts, never your photo, and only where you say: "
        "in this browser’s own storage."
    )
    if home_store.folder() is not None:
        text = say(
            "Kept is the cut-out of a garment and its facts, never your photo, and only where you "
            "say: in this browser’s own storage, or on this machine in the catalogue’s home."
        )
    return text


def _acts(known: Sequence[Piece]) -> None:
    chosen = places.chosen(known)[:MOST]
    offer = say_many("Make looks with one piece", "Make looks with {count} pieces", len(chosen))
    label = offer.format(count=len(chosen)) if chosen else say("Make looks")
    if st.button(
        label,
        type="primary",
        icon=":material/checkroom:",
        key="wardrobe-looks",
        disabled=not chosen,
    ):
        sheet, boxes = pieces.laid_flat(chosen)
        laid = [Added(box, each.category) for box, each in zip(boxes, chosen, strict=True)]
        begin(sheet, say("From your wardrobe"), (Laid(tuple(laid)),))
        st.switch_page(frame.page(frame.LOOKS))


def _card(piece: Piece, *, is_chosen: bool) -> dict[str, Any]:
    name = {"piece": piece.name}
    label = say("Leave {piece} out") if is_chosen else say("Wear {piece}")
    delete = say("Delete {piece} from the wardrobe")
    return {
        "id": piece.id,
        "image": piece.url,
        "badge": say("Chosen") if is_chosen else "",
        "title": piece.name,
        "facts": words.begun(words.kind(piece.category)) if piece.title else "",
        "on": is_chosen,
        "actionLabel": label.format(**name),
        "menuLabel": say("More about {piece}").format(**name),
        "menu": [{"act": _DROP, "words": say("Delete"), "label": delete.format(**name)}],
    }


def _act(name: str, act: str) -> None:
    piece = next((each for each in places.known() if each.id == name), None)
    if piece is not None and act == _DROP:
        places.drop(piece)


def _keeping(known: Sequence[Piece]) -> None:
    st.divider()
    st.header(say("What is kept"), anchor=False)
    count = say_many("One piece.", "{count} pieces.", len(known)).format(count=len(known))
    st.markdown(f"{count} {_where()}")
    with st.container(horizontal=True):
        st.download_button(
            say("Export"), lambda: pieces.packed(known), "wardrobe.zip", "application/zip",
            icon=":material/download:", key="wardrobe-export", on_click="ignore",
            help=say("A zip of pictures (PNG) and facts (JSON)."),
        )  # fmt: skip
        _bring_back()
        with st.popover(say("Delete everything"), icon=":material/delete_forever:"):
            st.markdown(say("All pieces are deleted at once. This cannot be undone."))
            st.button(
                say("Yes, delete everything"), type="primary", key="wardrobe-clear",
                on_click=places.clear,
            )  # fmt: skip
