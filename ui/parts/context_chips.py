"""Whom looks are for, what for and for which weather: chips, what was read off the photo chosen already."""

from __future__ import annotations

from typing import Final

import streamlit as st

from recommender.wire.look_shapes import ContextAnswer
from recommender.wire.terms import Occasion
from ui.parts import filters
from ui.text.speech import N_, say
from ui.visit.state import WEATHER, Visit, visit

_OCCASIONS: Final = {
    Occasion.EVERYDAY: N_("Everyday"),
    Occasion.WORK: N_("Work"),
    Occasion.EVENING: N_("Evening"),
    Occasion.CELEBRATION: N_("Celebration"),
    Occasion.SPORT: N_("Sport"),
}
_WEATHER: Final = {"cold": N_("Cold"), "mild": N_("Mild"), "hot": N_("Hot")}
_UP_TO: Final = ((0.5, Occasion.SPORT), (1.35, Occasion.EVERYDAY), (1.95, Occasion.WORK))
"""Grade of dress that an outfit is read as, at most -> what such outfits are worn for."""


def show(held: Visit, read: ContextAnswer | None) -> None:
    """Show them; occasion and weather hold for this photo, and taking them back brings what was read.

    Args:
        held: the visit.
        read: what the outfit was read as being for, or was said to be; None shows nothing.
    """
    if read is None:
        return
    with st.container(horizontal=True, gap="small", key="context"):
        filters.for_whom()
        key = f"occasion-{held.uploads}"
        st.session_state[key] = held.occasion or occasion_of(read)
        st.pills(
            say("What is it for?"), list(_OCCASIONS), key=key, on_change=_take,
            args=("occasion", key), label_visibility="collapsed",
            format_func=lambda each: say(_OCCASIONS[each]), width="content",
        )  # fmt: skip
        key = f"weather-{held.uploads}"
        st.session_state[key] = held.weather or weather_of(read)
        st.pills(
            say("Weather"), list(_WEATHER), key=key, on_change=_take, args=("weather", key),
            label_visibility="collapsed", format_func=lambda each: say(_WEATHER[each]),
            width="content",
        )  # fmt: skip


def occasion_of(read: ContextAnswer) -> Occasion:
    """Return what an outfit is for: as was said, else what its grade of dress is worn for."""
    if read.occasion is not None:
        return read.occasion
    return next((each for most, each in _UP_TO if read.formality <= most), Occasion.EVENING)


def weather_of(read: ContextAnswer) -> str:
    """Return the weather that comes nearest to the day's temperature."""
    return min(WEATHER, key=lambda each: abs(WEATHER[each] - read.temperature_c))


def _take(name: str, key: str) -> None:
    setattr(visit(), name, st.session_state[key])
