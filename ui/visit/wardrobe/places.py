"""Where a visitor's pieces are kept: nowhere, until they say where.

What the browser keeps is read, written and deleted by a component in the page; what was asked of it
waits in the session until it says that it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from segmentation.common.errors import Refusal
from ui import components
from ui.text import words
from ui.text.speech import say
from ui.visit import verdicts
from ui.visit.wardrobe import home_store, pieces
from ui.visit.wardrobe.pieces import Piece

_KEY: Final = "own-pieces"


@dataclass(frozen=True)
class _Orders:
    """What is asked of the browser.

    Attributes:
        turn: counts what was asked: the browser does each once.
        put: pieces to be kept.
        drop: ids of pieces to be deleted.
        clear: everything is to be deleted.
        read: what is kept is to be read.
    """

    turn: int = 0
    put: tuple[Piece, ...] = ()
    drop: tuple[str, ...] = ()
    clear: bool = False
    read: bool = False

    @property
    def wait(self) -> bool:
        """Whether something is still to be done."""
        return bool(self.put or self.drop or self.clear or self.read)


@dataclass
class Wardrobe:
    """What is known of one visitor's pieces in this session.

    Attributes:
        here: what this browser keeps; None while it was not asked.
        orders: what is asked of it.
        mounted: the turn that the browser has before it.
        chosen: ids of the pieces that looks are to be made with.
    """

    here: list[Piece] | None = None
    orders: _Orders = field(default_factory=_Orders)
    mounted: int = 0
    chosen: tuple[str, ...] = ()


def wardrobe() -> Wardrobe:
    """Return this session's."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Wardrobe()
    held: Wardrobe = st.session_state[_KEY]
    return held


def known() -> list[Piece]:
    """Return all pieces, the newest of each place first; the browser is asked for its own if it was not."""
    held = wardrobe()
    if held.here is None and not held.orders.read:
        _ask(read=True)
    here = held.here or []
    found = {each.id: each for each in (*reversed(here), *reversed(home_store.read()))}
    return list(found.values())


def keep_home(piece: Piece) -> bool:
    """Have the home's own store keep a piece; return whether it does. Where not, that is said."""
    try:
        home_store.keep(piece)
    except Refusal as refused:
        verdicts.note(f"{words.begun(refused.what)}. {refused.next_step}")
        return False
    verdicts.note(say("Kept in your wardrobe; it is on the page Your style."))
    return True


def keep_here(piece: Piece) -> bool:
    """Have this browser keep a piece; return that it was asked to."""
    _ask(put=(*wardrobe().orders.put, piece))
    return True


def bring_back(archive: bytes) -> None:
    """Have this browser keep the pieces of an exported wardrobe that are not there; say what came of it."""
    try:
        found = pieces.unpacked(archive)
    except Refusal:
        verdicts.note(
            say("This is no exported wardrobe: choose the file wardrobe.zip that “Export” made.")
        )
        return
    there = {each.id for each in known()}
    missing = tuple(each for each in found if each.id not in there)
    if not missing:
        verdicts.note(say("All of its pieces are in your wardrobe already."))
        return
    _ask(put=(*wardrobe().orders.put, *missing))


def drop(piece: Piece) -> None:
    """Delete a piece."""
    home_store.drop(piece)
    held = wardrobe()
    held.chosen = tuple(each for each in held.chosen if each != piece.id)
    if piece in (held.here or []):
        held.here = [each for each in held.here or [] if each.id != piece.id]
        _ask(drop=(*held.orders.drop, piece.id))


def clear() -> None:
    """Delete all pieces at once, wherever they are kept."""
    home_store.clear()
    held = wardrobe()
    held.here, held.chosen, held.orders = [], (), replace(held.orders, put=(), drop=())
    _ask(clear=True)


def choose(name: str) -> None:
    """Take a piece for looks, or no longer."""
    held = wardrobe()
    held.chosen = (
        tuple(each for each in held.chosen if each != name)
        if name in held.chosen
        else (*held.chosen, name)
    )


def is_unheard() -> bool:
    """Return whether the browser does not know yet what is asked of it: the whole page has to run."""
    held = wardrobe()
    return held.orders.wait and held.mounted != held.orders.turn


def mount() -> None:
    """Have the browser do what is asked of it, where something is; once in a run of the whole page."""
    orders = wardrobe().orders
    if not orders.wait:
        return
    wardrobe().mounted = orders.turn
    data = {
        "turn": orders.turn,
        "put": [each.model_dump(mode="json") for each in orders.put],
        "drop": list(orders.drop),
        "clear": orders.clear,
        "read": orders.read,
        "most": pieces.MOST,
    }
    components.wardrobe(data, key="wardrobe-keeper", done=_done)


def _ask(**more: Any) -> None:
    held = wardrobe()
    held.orders = replace(held.orders, turn=held.orders.turn + 1, **more)


def _done(event: dict[str, Any]) -> None:
    """Take up what the browser did; an answer to what was asked before is none."""
    held = wardrobe()
    if event.get("turn") != held.orders.turn:
        return
    put, held.orders = held.orders.put, _Orders(held.orders.turn)
    if event.get("failed"):
        verdicts.note(
            say("This browser keeps nothing here, as in a private window, or it is full.")
        )
        held.here = held.here or []
        return
    if event.get("pieces") is not None:
        held.here = pieces.read(event["pieces"][: pieces.MOST])
    elif held.here is not None:
        held.here = [*held.here, *put]
    if put:
        verdicts.note(say("Kept in your wardrobe; it is on the page Your style."))


def chosen(among: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that looks are to be made with, in the order of an outfit."""
    order = list(type(among[0].slot)) if among else []
    picked = [each for each in among if each.id in wardrobe().chosen]
    return sorted(picked, key=lambda each: order.index(each.slot))
