"""The page on a visitor's style: what is believed of their taste, what they saved, and forgetting."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.look_shapes import SavedLook
from recommender.wire.people_shapes import PersonAnswer
from recommender.wire.shapes import Item
from ui import components
from ui.pages import beliefs, wardrobe_page
from ui.parts import frame
from ui.parts.confirming import confirmed
from ui.parts.items import shelf, shopping
from ui.parts.sharing import address, missing
from ui.text import plain, words
from ui.text.speech import N_, say, say_many
from ui.visit import person, service, undoing, verdicts
from ui.visit.pipeline import tell

_OPEN: Final = "saved-open"
_SHARED: Final = "saved-shared"
_PART: Final = "part"
_PARTS: Final = {"style": N_("Looks and taste"), "wardrobe": N_("Wardrobe")}
_SHOWN: Final = "style-part"


def show() -> None:
    """Show it."""
    st.title(say("Your style"), anchor=False)
    if _part() == "wardrobe":
        wardrobe_page.show()
        return
    st.markdown(
        say(
            "What we learned from your likes, dislikes and saved looks. It changes the order of "
            "what suits your outfit, and nothing else."
        )
    )
    who = person.known()
    try:
        known = service.api().person(who) if who else None
        saved = service.api().saved(who) if who else []
    except ApiProblem as refused:
        tell(refused)
        return
    if known is None or not known.told:
        _nothing()
        return
    _saved(who, saved)
    beliefs.show(known.style, _items_of(known))
    _keeping(who, known)


def _part() -> str:
    """Return which part is shown: the one that was chosen, else the address's."""
    if st.session_state.get(_SHOWN) not in _PARTS:
        named = st.query_params.get(_PART, "")
        st.session_state[_SHOWN] = named if named in _PARTS else "style"
    shown = st.segmented_control(
        say("Part of your style"), list(_PARTS), format_func=lambda name: say(_PARTS[name]),
        required=True, label_visibility="collapsed", key=_SHOWN,
    )  # fmt: skip
    st.query_params[_PART] = part = str(shown or "style")
    return part


def _nothing() -> None:
    with st.container(border=True):
        st.markdown(
            say(
                "**We don’t know your style yet.** Like pieces or save a look on the Looks page: this "
                "page then shows what we learned, and looks are chosen with it."
            )
        )
        st.page_link(
            frame.page(frame.LOOKS), label=say("Begin with a photo"), icon=":material/photo_camera:"
        )
        st.caption(_where())


def _where() -> str:
    return say(
        "Your likes belong to a random number, not to a name. This browser keeps the number in its "
        "local storage from your first like or saved look on; the shop keeps the article numbers."
    )


def _items_of(known: PersonAnswer) -> dict[str, Item]:
    """Return the items with feedback, by sku, as far as the shop still has them."""
    wanted = {pull.sku for slot in known.style.slots.values() for pull in slot.items}
    found: dict[str, Item] = {}
    for sku in sorted(wanted):
        try:
            found[sku] = service.api().item(sku)
        except ApiProblem as refused:
            if refused.problem.status != 404:
                raise
    return found


def _saved(who: str, looks: list[SavedLook]) -> None:
    st.header(say("Saved looks"), anchor=False)
    if not looks:
        st.caption(say("You have saved no look yet."))
        return
    pictures = service.cards(item.image for look in looks for item in look.items)
    panels = [
        shelf.collage(words.day(look.at), look.items, look.totals, pictures, look.worn)
        for look in looks
    ]
    at = min(int(st.session_state.get(_OPEN, 0)), len(looks) - 1)
    key = "-".join(str(look.id) for look in looks)
    data = {"key": key, "label": say("Saved looks"), "open": at, "looks": panels}
    data["photo"] = shelf.marks()
    components.looks(data, key="saved-looks", opened=_open)
    _one(who, looks[at])


def _open(number: int) -> None:
    st.session_state[_OPEN] = number


def _one(who: str, look: SavedLook) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="saved-acts"):
        if look.items:
            shopping.look(look.items, look.totals, key="saved")
        st.button(
            say("Share"), icon=":material/ios_share:", key=f"share-{look.id}",
            on_click=_share, args=(look,),
            disabled=not look.items,
        )  # fmt: skip
        st.button(
            say("Delete"), icon=":material/delete:", type="tertiary", key=f"unsave-{look.id}",
            on_click=_unsave, args=(who, look.id),
        )  # fmt: skip
    shared = st.session_state.get(_SHARED)
    if shared is not None and shared[0] == look.id:
        link = address(shared[1])
        st.caption(say("Whoever has this link sees the look’s items; it expires by itself."))
        st.code(link, language=None, wrap_lines=True)
    if look.missing:
        st.caption(missing(len(look.missing)))
    if look.items:
        shelf.row(
            say("The pieces of the saved look"), look.items, key="saved-pieces",
            chosen=frame.open_item, whys=_since(look),
        )  # fmt: skip


def _since(look: SavedLook) -> dict[str, list[str]]:
    """Return sku -> that an item costs something else than when the look was saved."""
    notes: dict[str, list[str]] = {}
    for item in look.items:
        then = look.prices.get(item.sku)
        if then is None or (then.price, then.currency) == (item.asking_price, item.currency):
            continue
        amount = words.money(then.price, then.currency)
        notes[item.sku] = [say("It was {amount} when you saved it.").format(amount=amount)]
    return notes


def _share(look: SavedLook) -> None:
    try:
        answer = service.api().share([item.sku for item in look.items])
    except ApiProblem as refused:
        _refused(refused)
    else:
        st.session_state[_SHARED] = (look.id, answer.token)


def _unsave(who: str, look: int) -> None:
    try:
        service.api().unsave(who, look)
    except ApiProblem as refused:
        _refused(refused)
    else:
        _changed()
        st.toast(say("The look is no longer saved."), icon=":material/delete:")


def _keeping(who: str, known: PersonAnswer) -> None:
    st.divider()
    st.header(say("What is kept"), anchor=False)
    count = say_many("One thing that you told.", "{count} things that you told.", len(known.told))
    st.markdown(f"{count.format(count=len(known.told))} {_where()}")
    with st.container(horizontal=True):
        st.button(
            say("Undo the last"), icon=":material/undo:", on_click=_undo, args=(who,), key="undo"
        )
        with st.popover(say("Forget everything"), icon=":material/delete_forever:"):
            st.markdown(
                say(
                    "All likes, dislikes and saved looks are deleted, here and in the shop. This "
                    "cannot be undone."
                )
            )
            confirmed("forget", say("forget"), say("Yes, forget everything"), partial(_forget, who))


def _undo(who: str) -> None:
    try:
        undone = service.api().undo(who)
    except ApiProblem as refused:
        _refused(refused)
        return
    _changed()
    st.toast(say("Undone.") if undone else say("There was nothing to undo."))


def _forget(who: str) -> None:
    try:
        service.api().forget(who)
    except ApiProblem as refused:
        _refused(refused)
        return
    person.forget()
    _changed()
    st.session_state.pop(_SHARED, None)
    st.toast(say("Everything is forgotten."), icon=":material/check:")


def _changed() -> None:
    """Have the looks' page no longer offer to take back what came before."""
    undoing.forget()
    verdicts.renew()


def _refused(refused: ApiProblem) -> None:
    st.toast(plain.problem(refused.problem), icon=":material/error:")
