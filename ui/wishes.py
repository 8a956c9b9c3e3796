"""What the visitor filters by: asked in a popover, told by its button."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from recommender.client import ApiProblem
from ui import service, words
from ui.state import AUDIENCES, EVERYONE, FACETS, Visit, Wishes


def ask(held: Visit) -> Wishes:
    """Show the filters and return what they are set to."""
    offered = _offered(held)
    with st.popover(_told(offered), icon=":material/tune:"):
        audience = st.segmented_control(
            "Cut for", AUDIENCES, default=EVERYONE, required=True, key="audience"
        )
        max_price = st.number_input(
            "A piece costs at most", min_value=0.0, value=None, step=10.0, format="%.0f",
            placeholder="any price", key="max_price",
        )  # fmt: skip
        budget = st.number_input(
            "A whole look costs at most", min_value=0.0, value=None, step=50.0, format="%.0f",
            placeholder="any price", key="budget",
        )  # fmt: skip
        facets = {name: _facet(name, tuple(values)) for name, values in offered.items()}
    chosen = {name: values for name, values in facets.items() if values}
    return Wishes(audience, max_price, budget, chosen)


def _facet(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    said = partial(words.spoken, name)
    chosen = st.multiselect(
        words.FACETS[name], values, format_func=said, placeholder="any", key=f"facet-{name}"
    )
    return tuple(chosen)


def _offered(held: Visit) -> Mapping[str, Mapping[str, int]]:
    """Return what the shop's items can be filtered by; nothing while it does not say."""
    if held.facets is None:
        try:
            told = service.api().facets().facets
        except ApiProblem:
            return {}
        held.facets = {name: told[name] for name in FACETS if told.get(name)}
    return held.facets


def _told(offered: Mapping[str, object]) -> str:
    """Return the name of the filters' button: it says what is filtered by."""
    state = st.session_state
    audience, most, budget = (state.get(name) for name in ("audience", "max_price", "budget"))
    told = [audience] if audience not in (None, EVERYONE) else []
    told += [f"pieces up to {most:g}"] if most is not None else []
    told += [f"looks up to {budget:g}"] if budget is not None else []
    for name in offered:
        values = state.get(f"facet-{name}") or ()
        told += [" or ".join(words.spoken(name, value) for value in values)] if values else []
    return " · ".join(told) or "Filters"
