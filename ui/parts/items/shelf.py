"""Items as cards and collages, as every page but the looks' own shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from recommender.wire.shapes import Item
from recommender.wire.worn_shapes import WornPiece
from ui import components
from ui.text import words
from ui.text.speech import say
from ui.visit import service


def card(
    item: Item, pictures: Mapping[str, str], *, whys: Sequence[str] = (), badge: str = ""
) -> Any:
    """Return an item as a card that opens it in the catalogue; of `whys` the first stands open."""
    reduced = item.sale_price is not None and item.sale_price != item.price
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
        "why": "".join(whys[:1]),
        "details": list(whys[1:]),
        "menuLabel": say("More about {piece}").format(piece=item.title),
        "actionLabel": say("View {title}").format(title=item.title),
    }


def row(
    label: str,
    items: Sequence[Item],
    *,
    key: str,
    chosen: Callable[[str], None],
    kind: str = "rail",
    whys: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Show items as a row, or as a `grid`.

    Args:
        label: what they are, for those who do not see it.
        items: what is shown, each once.
        key: of the widget.
        chosen: called with the sku of the one that was chosen.
        kind: `rail` or `grid`.
        whys: sku -> what is said of it, what says most first.
    """
    pictures = service.cards(item.image for item in items)
    reasons = whys or {}
    entries = [card(item, pictures, whys=reasons.get(item.sku, ())) for item in items]
    components.cards(label, entries, key=key, chosen=chosen, kind=kind)


def collage(
    name: str,
    items: Iterable[Item],
    totals: Mapping[str, Decimal],
    pictures: Mapping[str, str],
    worn: Sequence[WornPiece] = (),
) -> dict[str, Any]:
    """Return a look as a panel of `components.looks`; see `marks`.

    Args:
        name: of the look.
        items: of the look.
        totals: currency -> what they cost.
        pictures: its items' pictures by their names.
        worn: what is worn with it.
    """
    shown = list(items)
    total = words.total(totals)
    names = ", ".join(item.title for item in shown)
    return {
        "name": name,
        "total": total,
        "label": f"{name}, {total}: {names}",
        "pieces": [
            {
                "image": pictures[item.image],
                "slot": say(words.ONE_OF[item.slot]),
                "place": item.slot.value,
            }
            for item in shown
        ],
        "worn": [{"image": each.image, "place": each.slot.value} for each in worn],
    }


def marks() -> dict[str, str]:
    """Return what the pieces of a look are marked with that holds what is worn, for `photo` of the looks."""
    return {"fresh": say("New"), "before": say("Before")}
