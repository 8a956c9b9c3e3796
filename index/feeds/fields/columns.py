"""What feeds call their columns -> our fields, one table for all formats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

FIELDS: Final = (
    "sku", "group", "title", "description", "brand", "category", "product_type", "price",
    "currency", "sale_price", "old_price", "sale_dates", "availability", "stock", "published", "audience", "gender", "age_group",
    "colour", "second_colour", "pattern", "material", "sleeve", "length", "sizes", "image",
    "more_images", "link",
)  # fmt: skip
"""The names that a record may use; others are left alone."""
NEEDED: Final = ("sku", "title", "image")
"""Without a column for each of these no row can be read."""
_LISTS: Final = frozenset(("category", "product_type", "image", "more_images"))
"""Fields that several columns may fill, in order."""
_ALSO: Final = {
    "sku": ("id", "offer_id"),
    "group": ("item_group_id",),
    "title": ("name",),
    "description": ("summary", "content"),
    "category": ("google_product_category", "fb_product_category"),
    "sale_dates": ("sale_price_effective_date",),
    "colour": ("color",),
    "second_colour": ("second_color",),
    "sizes": ("size",),
    "image": ("image_link", "image_url"),
    "more_images": (
        "additional_image_link", "additional_image_links", "additional_image_url",
        "additional_image_urls", "images",
    ),
}  # fmt: skip
"""What Google, Meta and common exports call them; our own name wins, then the first of these."""
_RANKS: Final = {
    name: (field, rank)
    for field in FIELDS
    for rank, name in enumerate((field, *_ALSO.get(field, ())), start=1)
}
_FLATTENED: Final = re.compile(r"(.+)\[([0-9]{1,3})\](?:\.url)?")


class ColumnsRefused(ValueError):  # noqa: N818  # told as a feed's or a row's reason
    """The names contradict one another; the text says which."""


@dataclass(frozen=True)
class Layout:
    """Which positions of a row fill a field; `_LISTS` may have several."""

    places: Mapping[str, tuple[int, ...]]

    @property
    def missing(self) -> tuple[str, ...]:
        """Those of `NEEDED` that nothing fills; further pictures can stand in for the main one."""
        given = {"image" if name == "more_images" else name for name in self.places}
        return tuple(name for name in NEEDED if name not in given)

    def record(self, values: Sequence[object]) -> dict[str, object]:
        """Return a row's values by field; a list for the fields that several columns may fill."""
        return {
            field: [values[at] for at in places] if field in _LISTS else values[places[0]]
            for field, places in self.places.items()
        }


def layout(names: Sequence[str], mapped: Mapping[str, str]) -> Layout:
    """Return what the columns of these names mean.

    Args:
        names: as the feed writes them, in order.
        mapped: the feed's column -> our field; these win over every other column.

    Raises:
        ColumnsRefused: two columns claim the same field by the same name.

    >>> layout(["id", "Image Link", "image[1].url", "x"], {"x": "title"}).places
    {'sku': (0,), 'image': (1, 2), 'title': (3,)}
    """
    return _layout(tuple(names), tuple(mapped.items()))


def plain(name: str) -> str:
    """Return a column's name as it is compared.

    >>> plain(" g:Image Link"), plain("google-product-category")
    ('image_link', 'google_product_category')
    """
    return re.sub(r"[\s_-]+", "_", name.strip().lower()).removeprefix("g:")


@lru_cache(maxsize=256)
def _layout(names: tuple[str, ...], mapped: tuple[tuple[str, str], ...]) -> Layout:
    given = {**{plain(column): field for column, field in mapped}, **dict(mapped)}
    found: dict[str, list[tuple[int, int, int]]] = {}
    for at, name in enumerate(names):
        field, rank, order = _meaning(name, given)
        if field:
            found.setdefault(field, []).append((rank, order, at))
    places: dict[str, tuple[int, ...]] = {}
    for field, claims in found.items():
        first = min(rank for rank, _, _ in claims)
        best = [claim for claim in claims if claim[0] == first]
        if field not in _LISTS and len(best) > 1:
            twice = " and ".join(repr(names[at]) for _, _, at in best)
            raise ColumnsRefused(f"the columns {twice} are both {field}; expected one of them")
        chosen = claims if field in _LISTS and first > 0 else best
        in_order = sorted(chosen, key=lambda claim: (claim[1], claim[0], claim[2]))
        places[field] = tuple(at for _, _, at in in_order)
    return Layout(places)


def _meaning(name: str, given: Mapping[str, str]) -> tuple[str, int, int]:
    """Return field, rank (0 is mapped) and place in a list; no field for an unknown column."""
    told = given.get(name) or given.get(plain(name))
    if told:
        return told, 0, 0
    known = plain(name)
    flattened = _FLATTENED.fullmatch(known)
    field, rank = _RANKS.get(flattened[1] if flattened else known, ("", 0))
    if flattened is None:
        return field, rank, -1
    return (field, rank, int(flattened[2])) if field in _LISTS else ("", 0, 0)
