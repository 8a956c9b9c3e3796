"""Hits -> products: the variants of one product, and pictures of the same thing, are one answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.items import Availability, CatalogItem, Hit, Ranking

_BLOCK: Final = 256
"""Rows that are compared with all before them at once."""


@dataclass(frozen=True)
class Product:
    """One answer.

    Attributes:
        hit: what stands for it, an item that can be bought where one of them can; its score is the
            best of them all.
        others: the items that it stands for as well, nearest first.
    """

    hit: Hit
    others: tuple[CatalogItem, ...] = ()


@dataclass(frozen=True, eq=False)
class ExcludedItem:
    """An item whose products are no answers: those who ask look at it already.

    Attributes:
        item: the item.
        vector_unit: (d,) float32.
    """

    item: CatalogItem
    vector_unit: NDArray[np.float32]


class _Looks:
    """What tells that two items look like the same thing, and that no two brands say otherwise."""

    def __init__(
        self, items: Sequence[CatalogItem], rows: NDArray[np.float32], identical: float
    ) -> None:
        """Take n items, their (n, d) unit rows, and the least cosine of pictures of the same."""
        self._items, self._rows, self._identical = items, rows, identical
        self._near = np.zeros((0, 0), np.bool_)

    def first_like(self, row: int, beginnings: NDArray[np.bool_]) -> int:
        """Return the first of the (n,) marked rows that a row looks like; itself if there is none.

        Rows are asked for in order.
        """
        place = row % _BLOCK
        if place == 0:
            end = min(row + _BLOCK, len(self._rows))
            self._near = self._rows[row:end] @ self._rows[:end].T >= self._identical
        near = self._near[place]
        like = np.flatnonzero(near & beginnings[: len(near)])
        return next((int(other) for other in like if self._one_thing(row, int(other))), row)

    def _one_thing(self, row: int, other: int) -> bool:
        one, two = self._items[row], self._items[other]
        brands = {one.brand.casefold(), two.brand.casefold()} - {""}
        return one.category is two.category and len(brands) < 2


def collapse(
    ranking: Ranking,
    vectors_unit: NDArray[np.float32] | None = None,
    identical: float | None = None,
    known: ExcludedItem | None = None,
) -> list[Product]:
    """Return the products of a ranking, best first: no two share a group or a picture.

    Items belong together that share a group that is not empty, or their kind and picture, or that
    are of one kind, not of two brands, and have a cosine of `identical` or more to what began the
    product. Equal rankings give equal answers.

    Args:
        ranking: n hits, nearest first.
        vectors_unit: (n, d) rows of their items; None compares none.
        identical: the least cosine of pictures of the same; None compares none.
        known: an item; it and what belongs to it is no answer.
    """
    items = [hit.item for hit in ranking]
    rows = np.zeros((0, 0), np.float32) if vectors_unit is None else vectors_unit
    if known is not None:  # first of all, so that whatever looks like it joins it
        items.insert(0, known.item)
        rows = rows if vectors_unit is None else np.vstack([known.vector_unit, rows])
    begin = len(items) - len(ranking)
    looks = None if identical is None or len(rows) == 0 else _Looks(items, rows, identical)
    products = [
        _product([ranking[row - begin] for row in sorted(each)])
        for each in _members(items, looks)
        if min(each) >= begin
    ]
    return sorted(products, key=lambda product: (-product.hit.score, product.hit.item.sku))


def _members(items: Sequence[CatalogItem], looks: _Looks | None) -> list[list[int]]:
    """Return the rows of each product.

    What shares a group or a picture is one, however long the chain; what merely looks alike joins the
    first that it looks like, and chains nothing.
    """
    signs = [_signs(item) for item in items]
    owner: dict[tuple[str, str], int] = {}
    members: dict[int, list[int]] = {}
    beginnings = np.zeros(len(items), np.bool_)
    for row in range(len(items)):
        like = row if looks is None else looks.first_like(row, beginnings)
        first, *more = sorted({owner[sign] for sign in signs[row] if sign in owner}) or [like]
        members.setdefault(first, []).append(row)
        beginnings[first] = True
        owner |= dict.fromkeys(signs[row], first)
        for other in more:
            joined = members.pop(other)
            beginnings[other] = False
            members[first] += joined
            owner |= {sign: first for member in joined for sign in signs[member]}
    return list(members.values())


def _signs(item: CatalogItem) -> list[tuple[str, str]]:
    """Return what tells that two items are one product: the group, or the picture of one kind.

    One photo may show a dress and the shoes to it.
    """
    parts = (("group", item.group), (item.category.value, item.image))
    return [sign for sign in parts if sign[1]]


def _product(hits: Sequence[Hit]) -> Product:
    """Return hits, nearest first, as one answer."""
    chosen = next((hit for hit in hits if _buyable(hit.item)), hits[0])
    others = tuple(hit.item for hit in hits if hit is not chosen)
    return Product(Hit(chosen.item, hits[0].score), others)


def one_of_each(items: Sequence[CatalogItem], rows: Iterable[int]) -> list[int]:
    """Return the rows of items that share neither group nor picture with an earlier one, in order."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for row in rows:
        signs = _signs(items[row])
        if seen.isdisjoint(signs):
            kept.append(row)
        seen.update(signs)
    return kept


def _buyable(item: CatalogItem) -> bool:
    return item.availability is not Availability.OUT_OF_STOCK
