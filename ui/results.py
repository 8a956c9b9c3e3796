"""The second screen: the photo with its garments, the looks, the pieces, what is similar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from recommender.api.shapes import Garment, Item, LookAnswer, Suggestion
from segmentation.taxonomy import Slot
from ui import components, pipeline, service, wishes, words
from ui.state import Visit, Wishes, leave, visit


def show(held: Visit) -> None:
    """Show it; what is not known yet is asked for on the way."""
    st.html("<h1 class='unseen'>Complete the look</h1>")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Another photo", icon=":material/arrow_back:", type="tertiary", on_click=leave)
        st.space("stretch")
        wished = wishes.ask(held)
    left, right = st.columns([5, 9], gap="large")
    with left:
        photo = st.empty()
        _photo(held, photo)
    with right:
        if not pipeline.run(held, wished, lambda: _photo(held, photo)):
            st.rerun()
        _similar(held, wished)
        _looks(held)
        if held.completion is not None:
            told = f"{pipeline.found(held.garments)}, {pipeline.chosen(held.completion)}."
            st.caption(told)
    _pieces(held)


def _photo(held: Visit, place: Any) -> None:
    if not held.preview:
        return
    found = held.garments.garments if held.garments else []
    with place.container():
        data = {
            "key": f"{held.photo_key}-{len(found)}",
            "photo": held.preview,
            "alt": held.title,
            "label": "Garments in the photo: choose one to see similar items",
            "width": held.garments.width if held.garments else 1,
            "height": held.garments.height if held.garments else 1,
            "selected": held.garment,
            "garments": [_outlined(garment) for garment in found],
        }
        # the key changes when garments arrive: until then the photo stands alone
        key = f"photo-{data['key']}-{held.garments is not None}"
        components.picker(data, key=key, picked=lambda number: visit().select_garment(number))


def _outlined(garment: Garment) -> dict[str, Any]:
    name, details = words.garment_name(garment), words.garment_details(garment)
    return {
        "name": name,
        "details": details,
        "label": ", ".join(filter(None, (name, details, f"{garment.score:.0%} sure"))),
        "box": garment.box,
        "outline": garment.outline,
    }


def _similar(held: Visit, wished: Wishes) -> None:
    chosen = _selection(held)
    if not chosen:
        return
    with st.container(border=True, key="similar"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.header(f"Like {chosen}", anchor=False)
            st.button(
                "Close", icon=":material/close:", type="tertiary",
                on_click=lambda: visit().select_garment(None),
            )  # fmt: skip
        held.refine(_but(held))
        if not pipeline.find_similar(held, wished) or held.similar is None:
            return
        if held.similar.note:
            st.caption(held.similar.note)
        hits = held.similar.hits
        pictures = service.cards(hit.item.image for hit in hits)
        entries = [_card(hit.item, pictures) for hit in hits]
        if entries:
            components.cards(
                f"Items like {chosen}", entries, key="hits", chosen=_choose, reveal=chosen
            )


def _but(held: Visit) -> str:
    # the key is the selection's: each begins with an empty box
    key = f"but-{held.item.sku if held.item else held.garment}"
    said = st.text_input("But…", placeholder="red, striped", max_chars=100, width=280, key=key)
    return (said or "").strip()


def _selection(held: Visit) -> str:
    if held.item is not None:
        return held.item.title
    if held.garment is None or held.garments is None:
        return ""
    name = words.garment_name(held.garments.garments[held.garment])
    return f"your {name[0].lower()}{name[1:]}"


def _looks(held: Visit) -> None:
    done = held.completion
    if done is None:
        return
    looks = [look for look in done.looks if look.picks]
    if not looks:
        st.info(done.looks[0].reason, icon=":material/search_off:")
        return
    st.header(_COUNTS.get(len(looks), "Looks"), anchor=False)
    pictures = service.cards(p.item.image for look in looks for p in look.picks.values())
    panels = [_panel(number, look, pictures) for number, look in enumerate(looks)]
    held.look = min(held.look, len(looks) - 1)
    key = f"{held.photo_key}-{held.completed_for}"
    data = {"key": key, "label": "Looks", "open": held.look, "looks": panels}
    components.looks(data, key="looks", opened=lambda number: setattr(visit(), "look", number))
    picks = looks[held.look].picks
    entries = [
        _card(pick.item, pictures, why=words.reason(pick), badge=words.ONE_OF[slot])
        for slot, pick in picks.items()
    ]
    components.cards(f"The pieces of look {held.look + 1}", entries, key="pieces", chosen=_choose)


_COUNTS: Final = {1: "One look", 2: "Two looks", 3: "Three looks"}


def _panel(number: int, look: LookAnswer, pictures: dict[str, str]) -> dict[str, Any]:
    total = words.total(look.totals)
    names = ", ".join(pick.item.title for pick in look.picks.values())
    return {
        "name": f"Look {number + 1}",
        "total": total,
        "label": f"Look {number + 1}, {total}: {names}",
        "pieces": [pictures[pick.item.image] for pick in look.picks.values()],
    }


def _pieces(held: Visit) -> None:
    done = held.completion
    if done is None or not done.slots:
        return
    st.divider()
    st.header("Piece by piece", anchor=False)
    pictures = service.cards(p.item.image for pool in done.slots.values() for p in pool)
    for slot, pool in done.slots.items():
        st.subheader(words.SLOTS[slot], anchor=False)
        if pool:
            _rail(slot, pool, pictures)
        else:
            st.caption(words.sentence(done.notes.get(slot, "Nothing fits")))


def _rail(slot: Slot, pool: Sequence[Suggestion], pictures: dict[str, str]) -> None:
    entries = [_card(each.item, pictures, why=words.reason(each)) for each in pool]
    components.cards(words.SLOTS[slot], entries, key=f"slot-{slot}", chosen=_choose)


def _card(
    item: Item, pictures: dict[str, str], *, why: str = "", badge: str = ""
) -> dict[str, Any]:
    reduced = item.sale_price is not None and item.sale_price != item.price
    selected = visit().item
    return {
        "id": item.sku,
        "image": pictures[item.image],
        "alt": "",
        "badge": badge,
        "brand": item.brand,
        "title": item.title,
        "price": words.money(item.sale_price if reduced else item.price, item.currency),
        "was": words.money(item.price, item.currency) if reduced else "",
        "facts": words.item_facts(item),
        "why": why,
        "action": "Similar items",
        "actionLabel": f"Similar items to {item.title}",
        "on": selected is not None and selected.sku == item.sku,
    }


def _choose(sku: str) -> None:
    held = visit()
    item = held.find(sku)
    if item is not None:
        held.select_item(item)
