"""What feeds call their columns -> our fields, one table for all formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from index.feeds.fields.money import is_currency
from index.feeds.vocabularies.column_names import ALSO
from index.model.items import ATTRIBUTES

FIELDS: Final = (
    "sku", "group", "title", "description", "brand", "category", "product_type", "price",
    "currency", "sale_price", "old_price", "sale_dates", "availability", "stock", "published", "audience",
    "gender", "age_group", *ATTRIBUTES, "sizes", "image", "more_images", "link",
)  # fmt: skip
"""The names that a record may use; others are left alone."""
NEEDED: Final = ("sku", "title", "image")
"""Without a column for each of these no row can be read."""
_LISTS: Final = frozenset(("category", "product_type", "image", "more_images"))
"""Fields that several columns may fill, in order."""
_MONEY: Final = frozenset(("price", "sale_price", "old_price"))
_RANKS: Final = {
    name: (field, rank)
    for field in FIELDS
    for rank, name in enumerate((field, *ALSO.get(field, ())), start=1)
}
_FLATTENED: Final = re.compile(
    r"(.+?)(?:\[([0-9]{1,3})\](?:[._](?:url|src))?|_?(?<![0-9])([0-9]{1,2}))"
)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HINT: Final = re.compile(r"^[*#]+|_?\(.*?\)|_?\[[^\]0-9][^\]]*\]|[*#:?.!]+$")
_IN_MONEY: Final = re.compile(r"(.+?)_?[(\[]?(?:in_)?([a-z]{2,3})[)\]]?")


class ColumnsRefused(ValueError):  # noqa: N818  # becomes a feed's or a row's reason
    """The names contradict one another; the text says which."""


@dataclass(frozen=True)
class ColumnLayout:
    """Which positions of a row fill a field, best first; `_LISTS` take them all.

    Attributes:
        places: field -> positions.
        currency: of prices whose column's name tells it, such as `price_eur`; else empty.
    """

    places: Mapping[str, tuple[int, ...]]
    currency: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Those of `NEEDED` that nothing fills; further pictures can stand in for the main one."""
        given = {"image" if name == "more_images" else name for name in self.places}
        return tuple(name for name in NEEDED if name not in given)

    def record(self, values: Sequence[object]) -> dict[str, object]:
        """Return a row's values by field; a list for the fields that several columns may fill.

        Of several columns for one of the others, the first that says anything counts.
        """
        fields = {
            field: [values[at] for at in places] if field in _LISTS else _first(values, places)
            for field, places in self.places.items()
        }
        if self.currency:
            fields["currency"] = fields.get("currency") or self.currency
        return fields


def _first(values: Sequence[object], places: Sequence[int]) -> object:
    said = (values[at] for at in places)
    filled = (v for v in said if v is not None and (not isinstance(v, str) or v.strip()))
    return next(filled, values[places[0]])


def layout(names: Sequence[str], mapped: Mapping[str, str]) -> ColumnLayout:
    """Return what the columns of these names mean.

    Args:
        names: as the feed writes them, in order.
        mapped: the feed's column -> our field; these win over every other column.

    Raises:
        ColumnsRefused: two columns claim the same field by the same name.

    >>> layout(["id", "Image Link", "image[1].url", "x"], {"x": "title"}).places
    {'sku': (0,), 'image': (1, 2), 'title': (3,)}
    >>> record = layout(["Artikelnummer", "Bezeichnung", "Preis (EUR)", "Bild 1"], {})
    >>> record.places, record.currency
    ({'sku': (0,), 'title': (1,), 'price': (2,), 'image': (3,)}, 'EUR')
    """
    return _layout(tuple(names), tuple(mapped.items()))


def plain(name: str) -> str:
    """Return a column's name as it is compared.

    >>> plain(" g:Image Link"), plain("google-product-category")
    ('image_link', 'google_product_category')
    """
    return re.sub(r"[\s_-]+", "_", name.strip().lower()).removeprefix("g:")


def folded(name: str) -> str:
    """Return a column's name without case, accents, and what stands in brackets behind it.

    >>> folded("Name *"), folded("Categories (x,y,z...)"), folded("Größe"), folded("In stock?")
    ('name', 'categories', 'grosse', 'in_stock')
    """
    text = unicodedata.normalize("NFKD", _HINT.sub("", plain(name)).casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.sub(r"[\s_]+", "_", _HINT.sub("", text)).strip("_")


@lru_cache(maxsize=256)
def _layout(names: tuple[str, ...], mapped: tuple[tuple[str, str], ...]) -> ColumnLayout:
    given = {**{plain(column): field for column, field in mapped}, **dict(mapped)}
    found: dict[str, list[tuple[int, int, int]]] = {}
    currency = ""
    for at, name in enumerate(names):
        field, rank, order = _meaning(name, given)
        money = _money_in(name) if field in ("", *_MONEY) else None
        if money is not None:
            field, rank, currency = *((field, rank) if field else money[:2]), currency or money[2]
        if field:
            found.setdefault(field, []).append((rank, order, at))
    return ColumnLayout(
        {field: _chosen(field, claims, names) for field, claims in found.items()}, currency
    )


def _chosen(
    field: str, claims: list[tuple[int, int, int]], names: Sequence[str]
) -> tuple[int, ...]:
    """Return the positions that fill a field, of those that claim it."""
    first = min(rank for rank, _, _ in claims)
    best = [claim for claim in claims if claim[0] == first]
    if field not in _LISTS and len(best) > 1:
        twice = " and ".join(repr(names[at]) for _, _, at in best)
        raise ColumnsRefused(f"the columns {twice} are both {field}; expected one of them")
    if first == 0:
        claims = best
    elif field == "image":  # the same picture under two names, or numbered ones
        whole = min((rank for rank, order, _ in claims if order < 0), default=0)
        claims = [claim for claim in claims if claim[1] >= 0 or claim[0] == whole]
    return tuple(at for _, _, at in sorted(claims, key=_in_order(field)))


def _in_order(field: str):  # type: ignore[no-untyped-def]
    """Return the key that sorts claims: lists by their numbers, others by how much they are trusted."""
    if field in _LISTS:
        return lambda claim: (claim[1], claim[0], claim[2])
    return lambda claim: claim


def _meaning(name: str, given: Mapping[str, str]) -> tuple[str, int, int]:
    """Return field, rank (0 is mapped) and place in a list; no field for an unknown column."""
    meaning = given.get(name) or given.get(plain(name))
    if meaning:
        return meaning, 0, 0
    for known in (plain(name), folded(name), folded(_HUMP.sub("_", name))):
        if known in _RANKS:
            return *_RANKS[known], -1
        if (flattened := _FLATTENED.fullmatch(known)) is None:
            continue
        field, rank = _RANKS.get(flattened[1], ("", 0))
        if field in _LISTS:
            number = int(flattened[2] or flattened[3])
            if field == "image" and flattened[3] and number > 1:
                return "more_images", 50, number
            return field, rank, number
    return "", 0, 0


def _money_in(name: str) -> tuple[str, int, str] | None:
    """Return field, rank and currency of a column such as `price_eur` or `MRP (in Rs)`."""
    found = _IN_MONEY.fullmatch(re.sub(r"[^a-z0-9()\[\]_]", "", plain(name)))
    if found is None:
        return None
    code = "INR" if found[2] == "rs" else found[2].upper()
    field, rank = _RANKS.get(found[1].strip("_"), ("", 0))
    return (field, rank, code) if field in _MONEY and is_currency(code) else None
