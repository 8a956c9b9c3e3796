"""What the visitor said of items: liked, disliked, taken back. Told to the service under their id."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import streamlit as st

from recommender.client import ApiProblem
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import say
from ui.visit import person, service

Verdict: TypeAlias = Literal["like", "dislike"]
_KEY: Final = "verdicts"
_LAST: Final = "last-verdict"
_UNSAID: Final = "to-be-said"


def known() -> dict[str, str]:
    """Return what is liked and disliked: sku -> verdict, the latest of each."""
    who = person.known()
    whose, verdicts = st.session_state.get(_KEY, ("", {}))
    if whose != who:
        verdicts = _before(who) if who else {}
        st.session_state[_KEY] = (who, verdicts)
    return dict(verdicts)


def tell(sku: str, verdict: Verdict) -> bool:
    """Tell the service; return whether it heard. Where not, that is said."""
    before = known()
    who = person.identity()
    try:
        service.api().tell(who, sku, verdict)
    except ApiProblem as refused:
        refuse(refused)
        return False
    st.session_state[_KEY] = (who, {**before, sku: verdict})
    st.session_state[_LAST] = sku
    return True


def take_back() -> bool:
    """Take back the last feedback; return whether that went well. Where not, that is said."""
    who = person.known()
    try:
        service.api().undo(who)
    except ApiProblem as refused:
        refuse(refused)
        return False
    renew()
    return True


def renew() -> None:
    """Ask the service anew for the feedback: something was taken back, here or on another page."""
    st.session_state.pop(_KEY, None)
    st.session_state.pop(_LAST, None)


def unsay(sku: str) -> None:
    """Take back the feedback on an item if it was the last; else say how it is outweighed."""
    if st.session_state.get(_LAST) == sku:
        take_back()
    else:
        note(say("Only what you said last can be taken back. Say the opposite to outweigh it."))


def note(message: str) -> None:
    """Say something in passing, as soon as `speak` may."""
    _queue(message, ":material/info:")


def refuse(refused: ApiProblem) -> None:
    """Say what was refused, and what to do next, in passing, as soon as `speak` may."""
    what, then = words.problem(refused.problem)
    _queue(f"{what} {then}", ":material/error:")


def speak() -> None:
    """Say what waits to be said: called in a run that is seen through, for another drops it."""
    for message, icon in st.session_state.pop(_UNSAID, ()):
        st.toast(plain(message, code=True), icon=icon)


def _queue(message: str, icon: str) -> None:
    st.session_state[_UNSAID] = (*st.session_state.get(_UNSAID, ()), (message, icon))


def _before(who: str) -> dict[str, str]:
    """Return the feedback from before this session; nothing while the service does not say."""
    try:
        feedback = service.api().person(who).told
    except ApiProblem:
        return {}
    latest = sorted(feedback, key=lambda each: each.at)
    return {sku: each.verdict for each in latest for sku in each.skus if each.verdict != "save"}
