"""The way to buy: what a look costs piece by piece, and each piece's page in the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from recommender.wire.shapes import Item
from ui.text import words
from ui.text.plain import plain
from ui.text.speech import say, say_many


def look(items: Sequence[Item], totals: Mapping[str, Decimal], *, key: str) -> None:
    """Show a button behind which all pieces of a look stand with their prices, and the total.

    Args:
        items: the pieces.
        totals: currency -> what they cost together.
        key: of the list.
    """
    with st.popover(say("Shop this look"), icon=":material/shopping_bag:", type="primary"):
        with st.container(key=f"shop-{key}", gap="small"):
            for item in items:
                _piece(item)
        total = say("Total: {amount}").format(amount=words.total(totals))
        st.markdown(f"**{plain(total)}**")
        bare = sum(item.asking_price is None for item in items)
        if bare:
            template = say_many(
                "One piece has no price.", "{count} pieces have no price.", bare
            )  # fmt: skip
            st.caption(template.format(count=bare))


def _piece(item: Item) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"{plain(item.title)} · **{plain(price(item))}**")
            st.caption(plain(" · ".join(filter(None, available(item)))))
        if not to_the_shop(item, key=f"buy-{item.sku}"):
            st.caption(say("Article {number}").format(number=plain(item.sku)), width="content")


def to_the_shop(item: Item, *, key: str, strong: bool = False) -> bool:
    """Show the link to an item's page in the shop; return whether there is one."""
    if not item.link.startswith(("https://", "http://")):
        return False
    label = say("Buy in the shop") if strong else say("Buy")
    hint = say("{title}: open it in the shop").format(title=item.title)
    st.link_button(
        label,
        item.link,
        icon=":material/open_in_new:",
        type="primary" if strong else "secondary",
        help=plain(hint),
        key=key,
    )
    return True


def price(item: Item) -> str:
    """Return what an item costs now; empty where it has no price."""
    return words.money(item.asking_price, item.currency)


def available(item: Item) -> tuple[str, str]:
    """Return in which sizes an item is sold, and whether it is there."""
    sizes = say("Sizes {sizes}").format(sizes=", ".join(item.sizes)) if item.sizes else ""
    return sizes, words.spoken("availability", item.availability.value)
