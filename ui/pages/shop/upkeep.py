"""How the index is, in plain words, and the way back to the one before."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.catalogue_shapes import IndexAnswer
from ui.parts.confirming import confirmed
from ui.text import plain, words
from ui.text.speech import say, say_many
from ui.visit import shopkeeper
from ui.visit.pipeline import tell

_UNCONFIRMED: Final = "urn:complete-the-look:problem:loss-unconfirmed"
_LOSS: Final = "rollback-loses"
"""Session key: the version from which going back was refused, for the one before is much smaller."""


def show() -> None:
    """Show it."""
    st.header(say("Index"), anchor=False)
    st.markdown(say("The index is what makes the catalogue searchable by pictures and words."))
    try:
        state = shopkeeper.api().index()
    except ApiProblem as refused:
        tell(refused)
        return
    if state.generation is not None and state.current and not state.unencoded:
        st.success(
            say("All is well: everything in the catalogue can be found."), icon=":material/check:"
        )
    else:
        st.warning(plain.plain(_amiss(state), code=True), icon=":material/warning:")
    left, middle, right = st.columns(3)
    left.metric(say("Items in the catalogue"), words.count(state.items))
    middle.metric(say("Of them in the index"), words.count(state.vectors))
    number = "–" if state.generation is None else str(state.generation)
    right.metric(say("Version of the index"), number)
    if state.store:
        template = say("{store}, {dim} numbers an item, encoder {encoder}.")
        st.caption(
            plain.plain(template.format(store=state.store, dim=state.dim, encoder=state.encoder))
        )
    _back(state)


def _amiss(state: IndexAnswer) -> str:
    if state.generation is None:
        return state.note or say("There is no index yet: import a feed.")
    if state.unencoded:
        then = say("Import the feed again, or have the index built anew.")
        template = say_many(
            "One item is not in the index yet.",
            "{count} items are not in the index yet.",
            state.unencoded,
        ).format(count=words.count(state.unencoded))
        return f"{template} {then}"
    return say("The catalogue has changed since the index was made: have it built anew.")


def _back(state: IndexAnswer) -> None:
    earlier = [number for number in state.generations if number < (state.generation or 0)]
    if not earlier:
        st.caption(say("There is no earlier version to go back to."))
        return
    with st.popover(say("Back to the version before"), icon=":material/history:"):
        st.markdown(
            say(
                "Version {before} is searched again instead of {now}. The catalogue itself stays "
                "as it is; the next import makes a new version."
            ).format(before=earlier[-1], now=state.generation)
        )
        confirmed("rollback", str(earlier[-1]), say("Yes, go back"), _rollback)
        if st.session_state.get(_LOSS) == state.generation:
            st.warning(
                say(
                    "The version before holds less than half of what can be found now. Items go "
                    "missing from search until the next import."
                ),
                icon=":material/warning:",
            )
            confirmed(
                "rollback-loss", say("smaller"), say("Go back to it all the same"),
                partial(_rollback, confirmed=True),
            )  # fmt: skip


def _rollback(*, confirmed: bool = False) -> None:
    try:
        state = shopkeeper.api().rollback(confirmed=confirmed)
    except ApiProblem as refused:
        if refused.problem.type == _UNCONFIRMED and not confirmed:
            st.session_state[_LOSS] = shopkeeper.api().index().generation
            return
        st.toast(plain.problem(refused.problem), icon=":material/error:")
        return
    st.toast(say("Version {number} is searched now.").format(number=state.generation))
