"""What the visitor filters by: asked in a popover, shown as chips, and which one to drop."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.queries import FacetsQuery
from recommender.wire.shapes import Drop, FacetsAnswer
from segmentation.common.taxonomy import Slot
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import N_, say, say_many
from ui.visit import person, service
from ui.visit.state import AUDIENCES, EVERYONE, FACETS, Visit, Wishes, visit

_SET: Final = "filters"
AUDIENCE: Final = "audience"
"""The filter that stands as chips above the looks, and that the browser remembers."""
_CLEARED: Final = "filters-cleared"
"""Session key: filter -> how often it was taken away."""
_CURRENCY: Final = "currency-shown"
_PLAIN: Final[dict[str, Any]] = {
    "audience": EVERYONE,
    "min_price": None,
    "max_price": None,
    "budget": None,
    **{f"facet-{name}": [] for name in FACETS},
}
"""What can be set -> what it is where nothing is filtered by."""
_OF: Final = {"price": ("min_price", "max_price"), "audience": ("audience",)}
"""Filter, as the service calls it -> what is set for it; a facet's own for all others."""
_AUDIENCES: Final = {
    EVERYONE: N_("Everyone"), "Women": N_("Women"), "Men": N_("Men"), "Kids": N_("Kids"),
}  # fmt: skip
LONGEST: Final = 100
"""Longer values of a filter cannot be asked for."""
AMOUNT: Final[dict[str, Any]] = {
    "min_value": 0.0, "max_value": 1_000_000.0, "value": None, "format": "%.0f",
}  # fmt: skip
"""How an amount is asked for: an empty box, as 0, is no limit, and an x empties it."""
_MOST: Final = 40
"""So many values of a filter are offered: the most frequent."""


def wishes(held: Visit) -> Wishes:
    """Return what is filtered by, and what looks are to be made of."""
    least, most = now("min_price"), now("max_price")
    if least is not None and most is not None and least > most:
        least, most = most, least  # said the other way round
    facets = {name: tuple(now(f"facet-{name}")) for name in FACETS if now(f"facet-{name}")}
    worn = {garment.slot for garment in held.worn}
    keep = tuple(slot for slot in Slot if slot in held.keep and slot in worn)
    fitting = held.fitting
    return Wishes(
        audience=now("audience"),
        max_price=most,
        budget=now("budget"),
        facets=facets,
        min_price=least,
        keep=keep if len(keep) < len(worn) else (),
        wearer=held.wearer if held.everyone else None,
        occasion=held.occasion,
        weather=held.weather,
        picked=tuple(sorted(fitting.kept)),
        exclude=fitting.away,
        person=person.known(),
    )


def ask(held: Visit) -> None:
    """Show the filters' button, with all of them behind it."""
    left = _facets(held, None)
    count = len(_chips())
    label = say_many("{count} filter", "{count} filters", count).format(count=count)
    with st.popover(label if count else say("Filters"), icon=":material/tune:"):
        _audience(left)
        with st.container(horizontal=True):
            for name, label in (("min_price", say("Costs from")), ("max_price", say("to"))):
                st.number_input(
                    label, placeholder=say("any price"), step=10.0, width=150, **AMOUNT,
                    **bound(name),
                )  # fmt: skip
        for name in FACETS:
            _facet(name, left.facets.get(name, {}) if left else {})
        if left:
            matches = say_many("{count} match", "{count} matches", left.passing)
            st.caption(matches.format(count=words.count(left.passing)))


def chips() -> None:
    """Show what is filtered by, each to be taken away; whom it is for has chips of its own."""
    active = [each for each in _chips() if each[1] != (AUDIENCE,)]
    if not active:
        return
    with st.container(horizontal=True, gap="small", key="filter-chips"):
        for number, (label, widgets) in enumerate(active):
            st.button(
                plain(label), icon=":material/close:", icon_position="right", key=f"chip-{number}",
                help=say("Remove this filter"), on_click=clear, args=widgets,
            )  # fmt: skip
        if len(active) > 1:
            st.button(
                say("Clear all"), type="tertiary", key="chips-clear", on_click=clear,
                args=[widget for _, widgets in active for widget in widgets],
            )  # fmt: skip


def for_whom() -> None:
    """Show whom the looks are for, as chips; none chosen is everyone. The browser remembers it."""
    chosen, names = now(AUDIENCE), [say(_AUDIENCES[each]) for each in AUDIENCES[1:]]
    wired = bound(AUDIENCE, names)
    st.session_state[wired["key"]] = None if chosen == EVERYONE else chosen
    st.pills(
        say("For whom?"), AUDIENCES[1:], label_visibility="collapsed", width="content",
        format_func=lambda each: say(_AUDIENCES[each]), **wired,
    )  # fmt: skip


def remembered() -> str:
    """Return whom the browser is to remember; empty for everyone."""
    return "" if now(AUDIENCE) == EVERYONE else str(now(AUDIENCE))


def recall(kept: str) -> None:
    """Take up whom the browser remembered, unless somebody is chosen by now."""
    if kept in AUDIENCES[1:] and not remembered():
        _set({AUDIENCE: kept})


def in_words() -> tuple[str, ...]:
    """Return what is filtered by, in words."""
    return tuple(label for label, _ in _chips())


def offer_to_drop(held: Visit, slot: Slot | None) -> None:
    """Where filters leave nothing, say which one to drop, the one that hides most first."""
    left = _facets(held, slot)
    if left is None:
        return
    useful = [each for each in left.drop if each.passing > left.passing and _widgets(each.filter)]
    with st.container(horizontal=True, gap="small"):
        for number, each in enumerate(useful[:3]):
            st.button(
                plain(_dropping(each, left.passing)), icon=":material/filter_alt_off:",
                key=f"drop-{slot}-{number}", on_click=clear, args=_widgets(each.filter),
            )  # fmt: skip


def offer_without_budget() -> None:
    """Offer to look without a budget."""
    st.button(
        say("No budget limit"), icon=":material/close:", key="drop-budget", on_click=clear,
        args=("budget",),
    )  # fmt: skip


def bound(
    name: str, labels: Iterable[str] = (), then: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Return how a widget sets a filter: it begins with what is set, and tells of changes.

    A widget with labels that count is another one when they change: what it holds are labels.

    Args:
        name: of the filter.
        labels: of what can be chosen.
        then: called after a change.
    """
    text = "\n".join(labels)
    key = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}" if text else name
    # in a popover that is shut, a widget would tell once more what was taken away: it is another
    cleared = st.session_state.get(_CLEARED, {}).get(name, 0)
    key = f"{key}-{cleared}" if cleared else key
    st.session_state[key] = now(name)
    return {"key": key, "on_change": _take, "args": (name, key, then)}


def _take(name: str, key: str, then: Callable[[], None] | None) -> None:
    _set({name: st.session_state[key] or _PLAIN.get(name, [])})
    if then is not None:
        then()


def _set(changes: Mapping[str, Any]) -> None:
    st.session_state[_SET] = {**st.session_state.get(_SET, {}), **changes}


def now(name: str) -> Any:
    """Return what a filter is set to; nothing of a facet that nobody set."""
    return st.session_state.get(_SET, {}).get(name, _PLAIN.get(name, []))


def clear(*names: str) -> None:
    """Take filters away."""
    _set({name: _PLAIN.get(name, []) for name in names})
    before = st.session_state.get(_CLEARED, {})
    st.session_state[_CLEARED] = before | {name: before.get(name, 0) + 1 for name in names}


def _widgets(name: str) -> tuple[str, ...]:
    facet = (f"facet-{name}",) if name in FACETS else ()
    return _OF.get(name, facet)


def _dropping(each: Drop, passing: int) -> str:
    more = each.passing - passing
    count = words.count(more)
    if each.filter == "price":
        return say("Without the price limit: {count} more").format(count=count)
    template = say("Without the filter “{filter}”: {count} more")
    return template.format(filter=words.facet(each.filter), count=count)


def _audience(facets: FacetsAnswer | None) -> None:
    counts = facets.facets.get("audience", {}) if facets else {}
    open_to_all = counts.get("unisex", 0) + counts.get("unknown", 0)

    def named(value: str) -> str:
        count = counts.get(value.lower(), 0) + (open_to_all if value != "Kids" else 0)
        label = say(_AUDIENCES[value])
        return label if value == EVERYONE or not counts else f"{label} ({words.count(count)})"

    st.segmented_control(
        words.facet("audience"), AUDIENCES, required=True, format_func=named,
        **bound("audience", map(named, AUDIENCES)),
    )  # fmt: skip


def _facet(name: str, counts: Mapping[str, int]) -> None:
    # what was chosen stays to be taken back, though nothing of it is left
    chosen = now(f"facet-{name}")
    offered = [value for value in counts if len(value) <= LONGEST][:_MOST]
    values = [*offered, *(value for value in chosen if value not in offered)]
    if len(values) > 1 or chosen:
        named = partial(_named, name, counts)
        st.multiselect(
            words.facet(name), values, format_func=named, placeholder=say("any"),
            **bound(f"facet-{name}", map(named, values)),
        )  # fmt: skip


def _named(name: str, counts: Mapping[str, int], value: str) -> str:
    return f"{words.begun(words.spoken(name, value))} ({words.count(counts.get(value, 0))})"


def _facets(held: Visit, slot: Slot | None) -> FacetsAnswer | None:
    """Return what is left to filter by; None while the service does not say."""
    fields = wishes(held).fields(whole_looks=False)
    fields |= {"slot": [slot]} if slot is not None else {}
    asked = FacetsQuery(**fields, proposable=True)
    key = asked.model_dump_json()
    if key not in held.counts:
        try:
            held.counts[key] = service.api().facets(asked)
        except ApiProblem:
            return None
    return held.counts[key]


def _amount(price: float) -> str:
    """Return a price that is filtered by, in the currency of all that was shown if it is one."""
    pools = visit().fitting.pools.values()
    shown = {each.item.currency for pool in pools for each in pool} - {""}
    if shown:
        st.session_state[_CURRENCY] = shown.pop() if len(shown) == 1 else ""
    currency = st.session_state.get(_CURRENCY, "")
    return words.money(Decimal(str(price)), currency) if currency else words.count(price)


def _chips() -> list[tuple[str, tuple[str, ...]]]:
    """Return what is filtered by: its words, and what is set for it."""
    chips: list[tuple[str, tuple[str, ...]]] = []
    if now("audience") != EVERYONE:
        chips.append((say(_AUDIENCES[now("audience")]), ("audience",)))
    least, most = now("min_price"), now("max_price")
    if least is not None:
        chips.append((say("From {price}").format(price=_amount(least)), ("min_price",)))
    if most is not None:
        chips.append((say("Up to {price}").format(price=_amount(most)), ("max_price",)))
    for name in FACETS:
        values = now(f"facet-{name}")
        if values:
            spoken = say(" or ").join(words.spoken(name, value) for value in values)
            chips.append((words.begun(spoken), (f"facet-{name}",)))
    return chips
