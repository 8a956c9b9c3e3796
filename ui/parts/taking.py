"""What becomes of a look: saved, shared by a link that expires, or exported as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

import streamlit as st

from recommender.client import ApiProblem
from ui.parts import sharing
from ui.text import words
from ui.text.speech import N_, say
from ui.visit import person, service, undoing, verdicts
from ui.visit.state import visit

_SHARED: Final = "shared-look"
_KINDS: Final[dict[Literal["png", "csv", "json"], tuple[str, str, str]]] = {
    "png": (N_("Picture"), "image/png", ":material/image:"),
    "csv": (N_("Table (CSV)"), "text/csv", ":material/table:"),
    "json": (N_("JSON"), "application/json", ":material/data_object:"),
}


def show(skus: Sequence[str]) -> None:
    """Show what can be done with a look of these items."""
    wanted = tuple(skus)
    st.button(
        say("Save"), icon=":material/bookmark_add:", key="save-look", on_click=_save,
        args=(wanted,),
    )  # fmt: skip
    st.button(
        say("Share"), icon=":material/ios_share:", key="share-look", on_click=_share,
        args=(wanted,),
    )  # fmt: skip
    with st.popover(say("Export"), icon=":material/download:"):
        for kind, (label, mime, icon) in _KINDS.items():
            st.download_button(
                say(label), _fetch(wanted, kind), file_name=f"look.{kind}", mime=mime,
                icon=icon, key=f"export-{kind}", on_click="ignore", width="stretch",
            )  # fmt: skip


def _fetch(skus: tuple[str, ...], kind: Literal["png", "csv", "json"]) -> Callable[[], bytes]:
    client = service.api()  # outside of a session when it is called
    return lambda: client.export(skus, kind)


def _save(skus: tuple[str, ...]) -> None:
    try:
        service.api().save(person.identity(), skus)
    except ApiProblem as refused:
        verdicts.refuse(refused)
        return
    undoing.offer(say("The look is saved; it is on the page Your style."), _unsave)


def _unsave() -> None:
    verdicts.take_back()


def _share(skus: tuple[str, ...]) -> None:
    try:
        answer = service.api().share(skus)
    except ApiProblem as refused:
        verdicts.refuse(refused)
    else:
        st.session_state[_SHARED] = (visit().uploads, skus, answer)


def link(skus: Sequence[str]) -> None:
    """Show the link to a look that was shared as it stands."""
    upload, shared, answer = st.session_state.get(_SHARED, (None, (), None))
    if answer is None or (upload, shared) != (visit().uploads, tuple(skus)):
        return
    with st.container(key="share-link", gap="small"):
        st.code(sharing.address(answer.token), language=None, wrap_lines=True)
        st.caption(
            say(
                "Whoever has this link sees the look until {day}. It holds article numbers only: "
                "nothing of you or your photo."
            ).format(day=words.day(answer.expires_at))
        )
