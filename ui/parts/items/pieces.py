"""Pieces as cards: those of the open look, and what may stand there instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from recommender.wire.look_shapes import Suggestion
from recommender.wire.shapes import Item
from segmentation.common.taxonomy import Slot
from ui import components
from ui.parts import frame, nothing
from ui.parts.items import shelf
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
        card(pick.item, pictures, pick=pick, badge=say(words.ONE_OF[slot]))
        | {
            "marks": [_like(pick.item, said)],
            "menu": [*_acts(pick, held), similar_act(pick.item), _dislike(pick.item, said)],
            "on": held.item is not None and held.item.sku == pick.sku,
        }
        for slot, pick in picks.items()
    ]
    label = say("The pieces of look {number}").format(number=held.look + 1)
    components.cards(label, entries, key="pieces", chosen=frame.open_item, acted=steps.act)


def _acts(pick: Suggestion, held: Visit) -> list[dict[str, Any]]:
    names = {"piece": pick.item.title}
    return [
        {
            "act": steps.SWAP,
            "words": say("Swap for another"),
            "label": say("Swap {piece} for another").format(**names),
        },
        {
            "act": steps.KEEP,
            "words": say("Keep in new looks"),
            "label": say("Keep {piece} in new looks").format(**names),
            "pressed": pick.sku in held.fitting.kept,
        },
        {
            "act": steps.OUT,
            "words": say("Remove from look"),
            "label": say("Remove {piece} from the look").format(**names),
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
        card(each.item, pictures, pick=each)
        | {
            "acts": [add_act(each.item)],
            "menu": [similar_act(each.item), *verdict_acts(each.item, said)],
        }
        for each in pool
    ]
    components.cards(
        _named(slot), entries, key="alternatives", chosen=frame.open_item, acted=steps.act
    )


def add_act(item: Item) -> dict[str, Any]:
    """Return the action that puts an item into the open look."""
    label = say("Add {piece} to the look").format(piece=item.title)
    return {"act": steps.PUT, "words": say("Add to look"), "label": label}


def similar_act(item: Item) -> dict[str, Any]:
    """Return the action that shows what is like an item."""
    label = say("Similar items to {piece}").format(piece=item.title)
    return {"act": steps.LIKE_IT, "words": say("Show similar items"), "label": label}


def verdict_acts(item: Item, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the actions that tell what one thinks of an item."""
    return [_like(item, said), _dislike(item, said)]


def _like(item: Item, said: Mapping[str, str]) -> dict[str, Any]:
    label = say("I like {piece}").format(piece=item.title)
    pressed = said.get(item.sku) == steps.LIKE
    return {"act": steps.LIKE, "words": say("I like it"), "label": label, "pressed": pressed}


def _dislike(item: Item, said: Mapping[str, str]) -> dict[str, Any]:
    label = say("I dislike {piece}").format(piece=item.title)
    pressed = said.get(item.sku) == steps.DISLIKE
    return {"act": steps.DISLIKE, "words": say("Not for me"), "label": label, "pressed": pressed}


def card(
    item: Item, pictures: Mapping[str, str], *, pick: Suggestion | None = None, badge: str = ""
) -> dict[str, Any]:
    """Return an item as a card that opens it.

    Args:
        item: what is shown.
        pictures: address -> data URL.
        pick: why it is suggested, where it is.
        badge: what stands on the picture.
    """
    whys = words.reasons(pick) if pick is not None else ()
    made: dict[str, Any] = shelf.card(item, pictures, whys=whys, badge=badge)
    return made
