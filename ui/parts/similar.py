"""Items like the selection: refined by words, page by page."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from recommender.client import ApiProblem, SimilarQuery
from recommender.wire.shapes import SimilarAnswer
from segmentation.common.taxonomy import Category, Slot
from ui import components
from ui.parts import filters, frame, keeping
from ui.parts.items import pieces
from ui.text import words
from ui.text.english import english
from ui.text.plain import plain
from ui.text.speech import say
from ui.text.stated import stated
from ui.visit import pipeline, service, steps, verdicts
from ui.visit.state import Visit, Wishes, visit
from ui.visit.wardrobe import pieces as pieces_owned

PAGE: Final = 10
_MOST: Final = 1000
"""No page begins later."""
_LONG: Final = frozenset(
    {Category.COAT, Category.DRESS, Category.SKIRT, Category.PANTS, Category.SHORTS, Category.CAPE}
)
_CUT: Final = frozenset({Slot.TOP, Slot.OUTER, Slot.BOTTOM, Slot.ONE_PIECE})


def show(held: Visit, wished: Wishes) -> None:
    """Show them, where something is selected."""
    chosen = _selection(held)
    if not chosen:
        return
    with st.container(border=True, key="similar"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.header(plain(say("Similar to {thing}").format(thing=chosen)), anchor=False)
            st.button(
                say("Close"), icon=":material/close:", type="tertiary", key="similar-close",
                on_click=_close,
            )  # fmt: skip
        _keep(held)
        _refine(held)
        if held.similar is None and not _ask(held, wished):
            return
        _hits(held, chosen)


def _keep(held: Visit) -> None:
    """Offer to keep a garment of the visitor's photo; what comes from the wardrobe is there."""
    if held.garments is None or held.garment is None or held.photo is None or held.is_own:
        return
    make = partial(pieces_owned.of_garment, held.photo, held.garments.garments[held.garment])
    notice = say("Only the cut-out of this garment and its facts are kept, never your photo.")
    keeping.offer(f"{held.photo_key}-{held.changes}-{held.garment}", make, notice)


def _close() -> None:
    visit().select_garment(None)


def _selection(held: Visit) -> str:
    if held.item is not None:
        return held.item.title
    if held.garment is None or held.garments is None:
        return ""
    name = words.garment_name(held.garments.garments[held.garment])
    return say("your {garment}").format(garment=words.within(name))


def _key(held: Visit) -> str:
    # the key is the selection's: each begins with an empty box
    return f"but-{held.item.sku if held.item else held.garment}"


def _refine(held: Visit) -> None:
    """Ask what is to be otherwise; what is said stands there to be taken back."""
    key = _key(held)
    with st.container(horizontal=True, vertical_alignment="bottom", key="refine", gap="small"):
        said = st.text_input(
            say("But…"), placeholder=say("in navy, longer, without stripes"), max_chars=100,
            width=280, key=key,
        )  # fmt: skip
        held.refine((said or "").strip())
        wish = stated(english(held.but))
        if wish.known:
            st.button(
                plain(wish.without_unknown(held.but)), icon=":material/close:", icon_position="right", key="refined",
                help=say("Remove"), on_click=_say, args=(key, ""),
            )  # fmt: skip
    if wish.unknown:
        unknown = say("Nothing known about: {words}").format(words=", ".join(wish.unknown))
        st.caption(plain(unknown))
    with st.container(horizontal=True, gap="small", key="suggestions"):
        for number, words_ in enumerate(_suggested(held)):
            if words_ != held.but:
                st.button(
                    words_, type="tertiary", icon=":material/add:", key=f"suggested-{number}",
                    on_click=_say, args=(key, words_),
                )  # fmt: skip


def _say(key: str, text: str) -> None:
    st.session_state[key] = text


def _suggested(held: Visit) -> list[str]:
    """Return refinements that fit the selection."""
    if held.item is not None:
        category, slot, pattern = held.item.category, held.item.slot, held.item.pattern
        colour, sleeve = held.item.colour, held.item.sleeve
    elif held.garments is not None and held.garment is not None:
        garment = held.garments.garments[held.garment]
        category, slot = garment.category, garment.slot
        pattern, colour, sleeve = (
            garment.attributes.get(name, "") for name in ("pattern", "colour", "sleeve")
        )
    else:
        return []
    suggestions = [say("in black") if colour == "navy" else say("in navy")]
    suggestions.append(say("in white") if colour in {"red", "burgundy"} else say("in red"))
    if category in _LONG:
        suggestions += [say("longer"), say("shorter")]
    elif slot in {Slot.TOP, Slot.OUTER}:
        suggestions.append(
            say("with short sleeves") if sleeve == "long" else say("with long sleeves")
        )
    if slot in _CUT:
        patterned = pattern not in {"", "plain"}
        suggestions.append(say("without a pattern") if patterned else say("with stripes"))
    return suggestions


def _ask(held: Visit, wished: Wishes) -> bool:
    """Ask for the first page; tell what went wrong, if so."""
    try:
        with st.spinner(say("Looking for similar items")):
            held.left_out = ""
            held.similar = _page(held, wished, 0)
            wish = stated(english(held.but))
            if wish.filters and not held.similar.hits:  # the nearest, and that it is not as wished
                held.left_out = wish.in_words()
                held.similar = _page(held, wished, 0)
    except ApiProblem as refused:
        pipeline.tell(refused)
        return False
    return True


def _page(held: Visit, wished: Wishes, offset: int) -> SimilarAnswer:
    fields = {**wished.fields(whole_looks=False), "k": PAGE, "offset": offset}
    wish = stated(english(held.but))
    if not held.left_out:
        fields |= {name: list(values) for name, values in wish.filters.items()}
    fields |= {"but": wish.known} if wish.known else {}
    return pipeline.similar(held, SimilarQuery(**fields))


def _joined(before: SimilarAnswer | None, answer: SimilarAnswer) -> SimilarAnswer:
    if before is None:
        return answer
    known = {hit.sku for hit in before.hits}
    hits = [*before.hits, *(hit for hit in answer.hits if hit.sku not in known)]
    return answer.model_copy(update={"hits": hits})


def _hits(held: Visit, chosen: str) -> None:
    answer = held.similar
    if answer is None:
        return
    if held.left_out:
        none = say("Nothing similar is {wish}. These are the nearest.").format(wish=held.left_out)
        st.caption(plain(none))
    elif answer.note:
        st.caption(plain(answer.note))
    said = verdicts.known()
    shown = [hit.item for hit in answer.hits if said.get(hit.sku) != steps.DISLIKE]
    if not shown:
        filters.offer_to_drop(held, held.item.slot if held.item else None)
        return
    pictures = service.cards(item.image for item in shown)
    entries = []
    for item in shown:
        entry = pieces.card(item, pictures)
        entry["acts"] = [pieces.add_act(item)] if held.fitting.looks else []
        entry["menu"] = [pieces.similar_act(item), *pieces.verdict_acts(item, said)]
        entries.append(entry)
    heading = say("Items like {thing}").format(thing=chosen)
    components.cards(
        heading,
        entries,
        key="hits",
        chosen=frame.open_item,
        acted=steps.act,
        reveal=f"{chosen}{held.garment}",
    )
    if answer.next_offset is not None and answer.next_offset <= _MOST:
        st.button(
            say("More"), icon=":material/expand_more:", key="more-similar",
            on_click=_more, args=(answer.next_offset,),
        )  # fmt: skip


def _more(offset: int) -> None:
    """Put the next page behind those before."""
    held = visit()
    try:
        held.similar = _joined(held.similar, _page(held, filters.wishes(held), offset))
    except ApiProblem as refused:
        verdicts.refuse(refused)
