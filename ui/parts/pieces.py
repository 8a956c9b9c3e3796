"""Pieces as cards: those of the open look, and what may stand there instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from recommender.wire.shapes import Item, Suggestion
from segmentation.common.taxonomy import Slot
from ui import components
from ui.parts import nothing
from ui.text import words
from ui.text.speech import say
from ui.visit import service, steps, verdicts
from ui.visit.fitting import Picks
from ui.visit.state import Visit, Wishes

_SLOT: Final = "slot-shown"


def of_the_look(held: Visit, picks: Picks) -> None:
    """Show the pieces of the open look."""
    pictures = service.cards(pick.item.image for pick in picks.values())
    said = verdicts.known()
    entries = [
        card(pick.item, pictures, said, pick=pick, badge=say(words.ONE_OF[slot]))
        | {"acts": _acts(pick, held), "on": held.item is not None and held.item.sku == pick.sku}
        for slot, pick in picks.items()
    ]
    label = say("The pieces of look {number}").format(number=held.look + 1)
    components.cards(label, entries, key="pieces", chosen=_choose, acted=steps.act)


def _choose(sku: str) -> None:
    steps.act(sku, steps.LIKE_IT)


def _acts(pick: Suggestion, held: Visit) -> list[dict[str, Any]]:
    told = {"piece": pick.item.title}
    return [
        {
            "act": steps.SWAP,
            "words": say("Swap"),
            "label": say("Swap {piece} for another").format(**told),
        },
        {
            "act": steps.KEEP,
            "words": say("Keep"),
            "label": say("Keep {piece} in new looks").format(**told),
            "pressed": pick.sku in held.fitting.kept,
        },
        {
            "act": steps.OUT,
            "words": say("Leave out"),
            "label": say("Leave {piece} out").format(**told),
        },
    ]


def alternatives(held: Visit, wished: Wishes) -> None:
    """Show, slot by slot, what may stand in the open look instead."""
    fitting = held.fitting
    there = list(held.completion.slots) if held.completion is not None else []
    slots = [slot for slot in Slot if slot in there or slot in fitting.pools]
    if not slots:
        return
    st.subheader(say("More options"), anchor=False)
    if st.session_state.get(_SLOT) not in slots:
        st.session_state[_SLOT] = slots[0]
    shown = st.segmented_control(
        say("Instead of"), slots, format_func=_named, required=True, key=_SLOT,
        label_visibility="collapsed",
    )  # fmt: skip
    slot = shown or slots[0]
    pool = fitting.instead(held.look, slot)
    if pool:
        _rail(slot, pool)
        return
    notes = held.completion.notes if held.completion is not None else {}
    nothing.slot(held, wished, slot, notes.get(slot, ""))


def _named(slot: Slot) -> str:
    return say(words.SLOTS[slot])


def _rail(slot: Slot, pool: Sequence[Suggestion]) -> None:
    pictures = service.cards(each.item.image for each in pool)
    said = verdicts.known()
    entries = [
        card(each.item, pictures, said, pick=each)
        | {
            "action": say("Add to look"),
            "actionLabel": say("Add {piece} to the look").format(piece=each.item.title),
            "acts": [similar_act(each.item)],
        }
        for each in pool
    ]
    components.cards(_named(slot), entries, key="alternatives", chosen=steps.put, acted=steps.act)


def similar_act(item: Item) -> dict[str, Any]:
    """Return the action that shows what is like an item."""
    label = say("Similar items to {piece}").format(piece=item.title)
    return {"act": steps.LIKE_IT, "words": say("Similar"), "label": label}


def card(
    item: Item,
    pictures: Mapping[str, str],
    said: Mapping[str, str],
    *,
    pick: Suggestion | None = None,
    badge: str = "",
) -> dict[str, Any]:
    """Return an item as a card that shows what is like it, with a like and a dislike.

    Args:
        item: what is shown.
        pictures: address -> data URL.
        said: sku -> verdict.
        pick: why it is suggested, where it is.
        badge: what stands on the picture.
    """
    reduced = item.sale_price is not None and item.sale_price != item.price
    first, *others = words.reasons(pick) if pick is not None else [""]
    return {
        "id": item.sku,
        "image": pictures[item.image],
        "alt": "",
        "badge": badge or words.not_in_stock(item),
        "brand": item.brand,
        "title": item.title,
        "price": words.money(item.sale_price if reduced else item.price, item.currency),
        "was": words.money(item.price, item.currency) if reduced else "",
        "facts": words.item_facts(item),
        "why": first,
        "details": others,
        "marks": _marks(item, said.get(item.sku, "")),
        "action": say("Similar items"),
        "actionLabel": say("Similar items to {piece}").format(piece=item.title),
    }


def _marks(item: Item, verdict: str) -> list[dict[str, Any]]:
    named = {
        steps.DISLIKE: say("I dislike {piece}"),
        steps.LIKE: say("I like {piece}"),
    }
    return [
        {"act": act, "label": label.format(piece=item.title), "pressed": verdict == act}
        for act, label in named.items()
    ]
