"""The looks: what they keep and may cost, three collages, and the open one piece by piece."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import streamlit as st

from recommender.wire.look_shapes import LookAnswer
from recommender.wire.shapes import Garment
from recommender.wire.terms import Gain, Idea
from segmentation.common.taxonomy import Slot
from ui import components
from ui.parts import context_chips, filters, nothing, taking
from ui.parts.items import pieces, shopping
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import N_, say
from ui.visit import service, steps
from ui.visit.fitting import Picks, goes_with, totals
from ui.visit.state import Visit, Wishes, visit

_COUNTS: Final = {1: N_("One look"), 2: N_("Two looks"), 3: N_("Three looks")}
_KEEP: Final = "keep-worn"
_IDEAS: Final = {
    Idea.TONAL: N_("tone on tone"),
    Idea.CONTRAST: N_("with an accent"),
    Idea.NEUTRAL: N_("neutral"),
}
"""What a look's colours are about; to be said."""
_GAINS: Final = {
    Gain.DRESS_UP: N_("dress it up"),
    Gain.DRESS_DOWN: N_("dress it down"),
    Gain.WARMER: N_("make it warmer"),
    Gain.HOT_DAY: N_("for a hot day"),
    Gain.CHEAPER: N_("make it cheaper"),
}
"""What a look changes an outfit for; to be said."""


def show(held: Visit, wished: Wishes) -> None:
    """Show them."""
    done = held.completion
    if done is None:
        return
    fitting = held.fit()
    with st.container(horizontal=True, vertical_alignment="center", key="wanted"):
        count = _COUNTS.get(len(fitting.looks), N_("Looks"))
        st.header(say(count) if fitting.looks else say("No look"), anchor=False, width="content")
        st.space("stretch")
        _budget()
        _keeping(held)
    if not fitting.looks:
        if done.garments:
            context_chips.show(held, done.context)
        nothing.looks(held, wished, done.looks[0].reason)
        return
    context_chips.show(held, done.context)
    with st.container():
        if done.told:
            st.caption(plain(done.told))
    panels = [_panel(held, number, wished) for number in range(len(fitting.looks))]
    known = f"{held.photo_key}-{held.changes}"
    key = repr(
        [known, *((each["label"], each["note"], len(each.get("worn", ()))) for each in panels)]
    )
    data = {
        "key": key, "label": say("Looks"), "open": held.look, "looks": panels,
        "photo": _photo(held),
    }  # fmt: skip
    components.looks(data, key="looks", opened=_open)
    _opened(held, wished)


def _look(held: Visit, number: int) -> LookAnswer | None:
    """Return the look of a number as it was answered."""
    looks = [look for look in held.completion.looks if look.picks] if held.completion else []
    return looks[number] if number < len(looks) else None


def _name(held: Visit, number: int) -> str:
    """Return what a look is called: its number, and what it is about."""
    name, look = say("Look {number}").format(number=number + 1), _look(held, number)
    if look is None or (look.change is None and look.idea is None):
        return name
    about = say(_GAINS[look.change.gain]) if look.change else say(_IDEAS[look.idea or Idea.NEUTRAL])
    return f"{name}: {about}"


def _open(number: int) -> None:
    visit().look = number


def _budget() -> None:
    st.number_input(
        say("Budget for a look"), placeholder=say("Budget"), step=50.0, width=210,
        label_visibility="collapsed", **filters.AMOUNT, **filters.bound("budget"),
    )  # fmt: skip


def _keeping(held: Visit) -> None:
    """Ask what of the outfit stays on: all, unless the visitor says otherwise."""
    worn: dict[Slot, list[str]] = {}
    for garment in held.worn:
        worn.setdefault(garment.slot, []).append(words.garment_name(garment))
    slots = [slot for slot in Slot if slot in worn]
    if len(slots) < 2:
        return
    kept = [slot for slot in slots if slot in held.keep] or slots
    names = ", ".join(words.within(say(words.ONE_OF[slot])) for slot in kept)
    text = (
        say("Keep everything you wear") if kept == slots else say("Keep: {what}").format(what=names)
    )
    key = f"{_KEEP}-{held.uploads}"
    st.session_state[key] = kept
    with st.popover(text, icon=":material/checkroom:"):
        st.pills(
            say("Keep from your outfit"), slots, selection_mode="multi", key=key,
            format_func=lambda slot: ", ".join(worn[slot]), on_change=_keep, args=(key,),
            help=say("What is not kept is replaced in every look."),
        )  # fmt: skip


def _keep(key: str) -> None:
    visit().keep = tuple(st.session_state[key])


def _panel(held: Visit, number: int, wished: Wishes) -> dict[str, Any]:
    picks = held.fitting.picks(number)
    pictures = service.cards(pick.item.image for pick in picks.values())
    name, total = _name(held, number), words.total(totals(picks))
    titles = ", ".join(pick.item.title for pick in picks.values())
    note, over = _left(picks, wished.budget)
    return {
        "name": name,
        "total": total,
        "label": f"{name}, {total}: {titles}" + (f". {note}" if note else ""),
        "note": note,
        "over": over,
        "pieces": [
            {
                "image": pictures[pick.item.image],
                "slot": say(words.ONE_OF[slot]),
                "place": slot.value,
            }
            for slot, pick in picks.items()
        ],
        **_worn(held, number, picks),
    }


def _photo(held: Visit) -> dict[str, Any] | None:
    """Return the photo that worn garments are cut from; it is in the page already."""
    if held.garments is None or not held.preview:
        return None
    size = {"width": held.garments.width, "height": held.garments.height}
    return {"image": held.preview, **size, "fresh": say("New"), "before": say("Before")}


def _worn(held: Visit, number: int, picks: Picks) -> dict[str, list[dict[str, Any]]]:
    """Return what of the outfit stays on in a look, and what the look replaces."""
    look, garments = _look(held, number), held.completion.garments if held.completion else []
    if look is None:
        return {}
    there = range(len(garments))
    stay = [at for at in look.worn if at in there]
    gone = look.change.replaced if look.change is not None else []
    return {
        "worn": [_cut(garments[at]) for at in stay if goes_with(garments[at], picks)],
        "instead": [_cut(garments[at]) for at in gone if at in there and garments[at].cutout],
    }


def _cut(garment: Garment) -> dict[str, Any]:
    across = [at for piece in garment.cutout for at in piece[::2]]
    down = [at for piece in garment.cutout for at in piece[1::2]]
    box = [min(across), min(down), max(across), max(down)]
    return {"outline": garment.cutout, "box": box, "place": garment.slot.value}


def _left(picks: Picks, budget: float | None) -> tuple[str, bool]:
    """Return what is left of the budget, in words, and whether it is overdrawn."""
    sums = totals(picks)
    if budget is None or len(sums) != 1:
        return "", False
    ((currency, amount),) = sums.items()
    left = Decimal(str(budget)) - amount
    template = say("{amount} of the budget left") if left >= 0 else say("{amount} over the budget")
    return template.format(amount=words.money(abs(left), currency)), left < 0


def _opened(held: Visit, wished: Wishes) -> None:
    picks = held.fitting.picks(held.look)
    with st.container(horizontal=True, vertical_alignment="center", key="opened", gap="small"):
        st.subheader(_name(held, held.look), anchor=False, width="content")
        note, _ = _left(picks, wished.budget)
        st.text(" · ".join(filter(None, (words.total(totals(picks)), note))), width="content")
        st.space("stretch")
        if picks:
            shopping.look([each.item for each in picks.values()], totals(picks), key="open")
            taking.show(held, picks)
    look = _look(held, held.look)
    with st.container():
        if look is not None and look.change is not None:
            st.text(look.change.text)
        if picks:
            taking.agree(held, picks)
            taking.link(held, picks)
    if picks:
        pieces.of_the_look(held, picks)
    _redo(held, picks)
    pieces.alternatives(held, wished)


def _redo(held: Visit, picks: Picks) -> None:
    """Offer new looks around what is kept, and what was left out."""
    with st.container(horizontal=True, vertical_alignment="center", key="redo", gap="small"):
        kept = [pick.item.title for pick in picks.values() if pick.sku in held.fitting.kept]
        label = say("New looks with what you keep") if kept else say("Show other looks")
        st.button(label, icon=":material/refresh:", key="anew", on_click=steps.anew)
        for slot in Slot:
            if (held.look, slot) in held.fitting.out:
                st.button(
                    say("Bring back: {slot}").format(slot=say(words.ONE_OF[slot])),
                    icon=":material/add:", type="tertiary", key=f"back-{slot}",
                    on_click=steps.bring_back, args=(slot,),
                )  # fmt: skip
