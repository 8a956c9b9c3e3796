"""The merchant's area at `/shop`: its door, and what stands behind it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from recommender.client import ApiProblem
from ui.pages.shop import gaps, imports, models, stylist, upkeep
from ui.parts import frame
from ui.text import plain
from ui.text.speech import N_, say
from ui.visit import shopkeeper
from ui.visit.pipeline import tell

PART: Final = "part"
_PARTS: Final = {
    "import": (N_("Import"), imports.show),
    "index": (N_("Index"), upkeep.show),
    "gaps": (N_("Gaps"), gaps.show),
    "stylist": (N_("Stylist’s table"), stylist.show),
    "models": (N_("Models"), models.show),
}
_SHOWN: Final = "shop-part"
_TYPED: Final = "shop-key"
_REFUSED: Final = "shop-key-refused"
_WRONG: Final = {
    401: N_("This key opens nothing here. Check it, or have another one made."),
    403: N_("This key does not open the shop area: it takes one that may admin."),
}
"""What the service says to a key -> what is said of it; to be said."""


def show() -> None:
    """Show what a merchant needs, or ask for their key."""
    st.title(say("Shop area"), anchor=False)
    try:
        needs_key = shopkeeper.needs_key()
    except ApiProblem as refused:
        tell(refused)
        return
    if needs_key:
        _ask_for_key()
    elif not shopkeeper.has_key() and not shopkeeper.is_at_home():
        st.warning(
            say(
                "This area is closed: others than this machine can reach the app, and the service "
                "asks for no keys. Start both with RECOMMENDER_REQUIRE_KEYS=true, and make a key "
                "with `recommender keys create NAME --scope admin`."
            ),
            icon=":material/lock:",
        )
    else:
        _lead()
        _PARTS[_part()][1]()


def _ask_for_key() -> None:
    st.markdown(say("For whoever keeps the shop: imports, the index, and what the shop lacks."))
    with st.form("shop-door", border=True, width=520):
        st.text_input(
            say("Key to the shop area"), type="password", key=_TYPED, autocomplete="off",
            max_chars=200,
        )  # fmt: skip
        st.form_submit_button(
            say("Open"), type="primary", icon=":material/lock_open:", on_click=_unlock,
            key="shop-open",
        )  # fmt: skip
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        text = say(_WRONG[refused.status]) if refused.status in _WRONG else plain.problem(refused)
        st.error(text, icon=":material/error:")
    st.caption(
        say(
            "Whoever runs the server makes one: `recommender keys create NAME --scope admin`. It "
            "stays in this tab, and is gone with it."
        )
    )


def _unlock() -> None:
    st.session_state[_REFUSED] = shopkeeper.unlock(str(st.session_state[_TYPED]).strip())
    st.session_state[_TYPED] = ""


def _lead() -> None:
    """Say by which right this is open, and offer the way out."""
    with st.container(horizontal=True, vertical_alignment="center", key="shop-lead"):
        if shopkeeper.has_key():
            st.caption(say("Open with your key, in this tab alone."), width="content")
            st.button(
                say("Lock"), icon=":material/lock:", type="tertiary", key="shop-lock",
                on_click=shopkeeper.lock,
            )  # fmt: skip
        else:
            st.caption(
                say(
                    "Open without a key: nobody but this machine can reach the app, and the "
                    "service asks for none."
                ),
                width="content",
            )


def _part() -> str:
    """Return which part is shown: the one that was chosen, else the address's."""
    if st.session_state.get(_SHOWN) not in _PARTS:
        named = st.query_params.get(PART, "")
        st.session_state[_SHOWN] = named if named in _PARTS else "import"
    shown = st.segmented_control(
        say("Part of the shop area"), list(_PARTS), format_func=lambda name: say(_PARTS[name][0]),
        required=True, label_visibility="collapsed", key=_SHOWN,
    )  # fmt: skip
    part = str(shown or "import")
    st.query_params[PART] = part
    frame.entitle(f"{say(_PARTS[part][0])} · {say('Shop area')}")
    return part
