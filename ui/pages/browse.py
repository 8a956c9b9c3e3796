"""The catalogue as a grid: searched by words, filtered, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from recommender.client import ApiProblem, Filtering, ItemsQuery
from recommender.wire.catalogue_shapes import ItemsAnswer
from ui.parts import filters, frame
from ui.parts.items import shelf
from ui.text import words
from ui.text.english import english
from ui.text.plain import plain
from ui.text.speech import say, say_many
from ui.text.stated import Stated, stated
from ui.visit import service
from ui.visit.pipeline import tell

FACETS: Final = ("category", "brand", "audience", "availability")
PAGE: Final = 24


def show() -> None:
    """Show it."""
    try:
        chosen, stated = _ask()
        offset = int(st.session_state.get(frame.OFFSET, 0))
        page, left_out = _found(chosen, stated, offset)
    except ApiProblem as refused:
        tell(refused)
        return
    if stated.unknown:
        unknown = say("Nothing known about: {words}").format(words=", ".join(stated.unknown))
        st.caption(plain(unknown))
    if left_out and page.items:
        st.caption(
            plain(say("Nothing matches all of it. Left out: {words}").format(words=left_out))
        )
    st.caption(_counted(page, offset))
    if not page.items:
        _nothing(chosen or stated.known or stated.unknown)
        return
    shelf.row(
        say("Items of the catalogue"), page.items, key="browse", chosen=frame.open_item, kind="grid"
    )
    _pager(page, offset)


def _found(chosen: dict[str, Any], stated: Stated, offset: int) -> tuple[ItemsAnswer, str]:
    """Return a page of what is wanted, else of the nearest, and what was left out for it.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    filters_ = {name: list(values) for name, values in stated.filters.items()}
    text = {"text": stated.known} if stated.known and (stated.describes or not filters_) else {}
    tries: list[tuple[dict[str, Any], str]] = [(filters_ | text, "")]
    if filters_ and text:
        tries += [(text, stated.in_words()), (filters_, stated.known)]
    for wanted, left_out in tries:
        asked = {**chosen, **wanted, "k": PAGE, "offset": offset}
        page = service.api().items(ItemsQuery.model_validate(asked))
        if page.items:
            return page, left_out
    return page, ""


def _ask() -> tuple[dict[str, Any], Stated]:
    """Show words and filters; return these as the API's parameters, and what the words state.

    Raises:
        ApiProblem: the catalogue does not say what it can be filtered by.
    """
    wanted = {name: list(filters.now(f"browse-{name}")) for name in FACETS}
    facets = service.api().facets(Filtering.model_validate(wanted)).facets
    with st.container(horizontal=True, vertical_alignment="bottom", key="browse-bar"):
        said = st.text_input(
            say("Search by words"),
            placeholder=say("navy striped shirt"),
            max_chars=100,
            key="browse-text",
            on_change=_from_the_start,
        )
        with st.popover(plain(_filter_label(wanted)), icon=":material/tune:"):
            for name in FACETS:
                _facet(name, facets.get(name, {}), wanted[name])
    chosen: dict[str, Any] = {name: values for name, values in wanted.items() if values}
    return chosen, stated(english((said or "").strip()))


def _facet(name: str, counts: Mapping[str, int], chosen: list[str]) -> None:
    # what was chosen stays to be taken back, though nothing of it is left
    offered = [value for value in counts if len(value) <= filters.LONGEST]
    values = [*offered, *(value for value in chosen if value not in offered)]
    if values:
        named = partial(_named, name, counts)
        st.multiselect(
            words.facet(name),
            values,
            format_func=named,
            placeholder=say("any"),
            **filters.bound(f"browse-{name}", map(named, values), _from_the_start),
        )


def _named(name: str, counts: Mapping[str, int], value: str) -> str:
    label = words.begun(words.spoken(name, value))
    return f"{label} ({counts.get(value, 0)})"


def _filter_label(wanted: Mapping[str, list[str]]) -> str:
    parts = [
        say(" or ").join(words.begun(words.spoken(name, value)) for value in values)
        for name, values in wanted.items()
        if values
    ]
    return " · ".join(parts) or say("Filters")


def _counted(page: ItemsAnswer, offset: int) -> str:
    first, last = offset + 1, offset + len(page.items)
    if page.total is None:
        template = say("Nearest to your words first: {first} to {last}") if page.items else ""
        return template.format(first=first, last=last)
    if not page.items:
        return ""
    return say_many("{total} item", "{first} to {last} of {total} items", page.total).format(
        first=first, last=last, total=words.count(page.total)
    )


def _nothing(chosen: object) -> None:
    if chosen:
        st.info(
            say("Nothing in the catalogue matches. Try other words, or remove a filter."),
            icon=":material/search_off:",
        )
        st.button(
            say("Show everything"), icon=":material/close:", key="browse-clear", on_click=_clear
        )
    else:
        st.info(say("There is nothing in the shop yet."), icon=":material/inventory_2:")


def _clear() -> None:
    filters.clear(*(f"browse-{name}" for name in FACETS))
    st.session_state["browse-text"] = ""
    _from_the_start()


def _pager(page: ItemsAnswer, offset: int) -> None:
    if not offset and page.next_offset is None:
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button(
            say("Previous"), icon=":material/arrow_back:", disabled=offset == 0, key="previous",
            on_click=_go, args=(max(0, offset - PAGE),),
        )  # fmt: skip
        st.button(
            say("Next"), icon=":material/arrow_forward:", icon_position="right", key="next",
            disabled=page.next_offset is None, on_click=_go, args=(page.next_offset or 0,),
        )  # fmt: skip


def _go(offset: int) -> None:
    st.session_state[frame.OFFSET] = offset


def _from_the_start() -> None:
    _go(0)
