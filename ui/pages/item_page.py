"""One item of the catalogue: its pictures, what it costs, what goes with it, what is like it."""

from __future__ import annotations

import html
from functools import partial

import streamlit as st

from recommender.client import ApiProblem, CompleteQuery, SimilarQuery
from recommender.wire.shapes import Item, SimilarAnswer
from ui.parts import frame, keeping
from ui.parts.items import shelf, shopping
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import say
from ui.visit import person, service, steps
from ui.visit.pipeline import tell
from ui.visit.state import visit
from ui.visit.wardrobe import pieces

LIKE = 10
WITH = 6


def show(sku: str) -> None:
    """Show it, or say why it is not there."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if visit().photo is not None:
            back = say("Back to your looks")
            st.page_link(frame.page(frame.LOOKS), label=back, icon=":material/arrow_back:")
        st.button(
            say("Back to the search"), icon=":material/arrow_back:", type="tertiary",
            on_click=_leave, key="whole-catalogue",
        )  # fmt: skip
    try:
        item = service.api().item(sku)
    except ApiProblem as refused:
        tell(refused)
        return
    frame.entitle(item.title)
    left, right = st.columns([5, 7], gap="large")
    with left:
        _pictures(item)
    with right:
        _facts(item)
    _goes_with(item)
    _similar(item)


def _leave() -> None:
    st.query_params.clear()


def _pictures(item: Item) -> None:
    addresses = [item.image, *item.more_images]
    urls = service.cards(addresses)
    at = 0
    if len(addresses) > 1:
        at = st.pills(
            say("Pictures"),
            range(len(addresses)),
            format_func=lambda number: str(number + 1),
            default=0,
            required=True,
            label_visibility="collapsed",
            key=f"picture-{item.sku}",
        )
    # Streamlit's own picture has no text for those who do not see it
    address = html.escape(urls[addresses[at or 0]], quote=True)
    st.html(f"<img class='portrait' src='{address}' alt='{html.escape(item.title, quote=True)}'>")


def _facts(item: Item) -> None:
    st.title(plain(item.title), anchor=False)
    if item.brand:
        st.caption(plain(item.brand))
    st.markdown(_priced(item))
    st.text(" · ".join(filter(None, shopping.available(item))))
    with st.container(horizontal=True):
        shopping.to_the_shop(item, key="to-the-shop", strong=True)
        _to_the_look(item)
        owned = say("You have it already? Its picture and facts are kept.")
        keeping.offer(f"item-{item.sku}", partial(_own, item), owned)
    if item.description:
        st.text(item.description)
    facts = {
        say("Colour and cut"): words.item_facts(item),
        say("Read from the picture"): words.begun(words.seen_facts(item)),
        say("Material"): words.begun(item.material),
        words.facet("audience"): words.spoken("audience", item.audience.value),
        words.facet("formality"): words.begun(words.spoken("formality", item.formality or "")),
        words.facet("warmth"): words.begun(words.spoken("warmth", item.warmth or "")),
        say("Article number"): item.sku,
    }
    rows = (
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>"
        for name, text in facts.items()
        if text
    )
    st.html(f"<dl class='about'>{''.join(rows)}</dl>")


def _own(item: Item) -> pieces.Piece:
    return pieces.of_item(item, service.api().picture(item.image))


def _to_the_look(item: Item) -> None:
    """Offer to put it into the open look, where it came from the looks and is not in it."""
    held = visit()
    known = held.find(item.sku) is not None and bool(held.fitting.looks)
    if not known or held.fitting.slot_of(held.look, item.sku) is not None:
        return
    if st.button(say("Add to look"), icon=":material/add:", key="into-the-look"):
        steps.act(item.sku, steps.PUT)
        st.switch_page(frame.page(frame.LOOKS))


def _priced(item: Item) -> str:
    reduced = item.sale_price is not None and item.sale_price != item.price
    now = words.money(item.sale_price if reduced else item.price, item.currency)
    was = words.money(item.price, item.currency) if reduced else ""
    text = f"**{now}** " + (say("instead of ~~{price}~~").format(price=was) if was else "")
    return text.replace("$", r"\$") if now else ""


def _goes_with(item: Item) -> None:
    st.header(say("Goes with it"), anchor=False)
    query = CompleteQuery(k=WITH, looks=1, person=person.known() or None)
    try:
        with st.spinner(say("Looking for what goes with it")):
            answer = service.api().complete_item(item.sku, query)
    except ApiProblem as refused:
        tell(refused)
        return
    picks = answer.looks[0].picks
    if not picks:
        st.caption(say("The shop has nothing that goes with this item yet."))
        return
    shelf.row(
        say("What goes with {title}").format(title=item.title),
        [pick.item for pick in picks.values()],
        key=f"with-{item.sku}",
        chosen=frame.open_item,
        whys={pick.sku: words.reasons(pick) for pick in picks.values()},
    )


def _similar(item: Item) -> None:
    st.header(say("Similar"), anchor=False)
    try:
        answer = service.api().similar_items(item.sku, SimilarQuery(k=LIKE))
    except ApiProblem as refused:
        tell(refused)
        return
    if answer.note:
        st.caption(plain(answer.note))
    if answer.hits:
        shelf.row(
            say("Items like {title}").format(title=item.title),
            [hit.item for hit in answer.hits],
            key=f"like-{item.sku}",
            chosen=frame.open_item,
            whys=_variants(answer),
        )


def _variants(answer: SimilarAnswer) -> dict[str, list[str]]:
    """Return what else each product comes in, by sku."""
    labels = {}
    for hit in answer.hits:
        colours = {v.colour for v in hit.variants if v.colour and v.colour != hit.item.colour}
        if colours:
            names = ", ".join(sorted(words.spoken("colour", each) for each in colours))
            labels[hit.sku] = [say("Also in {colours}").format(colours=names)]
    return labels
