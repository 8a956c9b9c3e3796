"""Hits -> products: the variants of one product, and pictures of the same thing, are one answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.items import Availability, CatalogItem, Hit, Ranking


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
class Known:
    """An item whose products are no answers: those who ask look at it already.

    Attributes:
        item: the item.
        vector_unit: (d,) float32.
    """

    item: CatalogItem
    vector_unit: NDArray[np.float32]


def collapse(
    ranking: Ranking,
    vectors_unit: NDArray[np.float32] | None = None,
    identical: float | None = None,
    known: Known | None = None,
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
    products = [
        _product([ranking[row - begin] for row in sorted(each)])
        for each in _members(items, _alike(items, rows, identical))
        if min(each) >= begin
    ]
    return sorted(products, key=lambda product: (-product.hit.score, product.hit.item.sku))


def _members(items: Sequence[CatalogItem], alike: NDArray[np.bool_]) -> list[list[int]]:
    """Return the rows of each product.

    What shares a group or a picture is one, however long the chain; what merely looks alike joins the
    first that it looks like, and chains nothing.
    """
    signs = [_signs(item) for item in items]
    owner: dict[tuple[str, str], int] = {}
    members: dict[int, list[int]] = {}
    for row in range(len(items)):
        begun = sorted({owner[sign] for sign in signs[row] if sign in owner})
        first, *more = begun or [next((at for at in members if alike[row, at]), row)]
        members.setdefault(first, []).append(row)
        for other in more:
            members[first] += members.pop(other)
        owner |= {sign: first for member in members[first] for sign in signs[member]}
    return list(members.values())


def _signs(item: CatalogItem) -> list[tuple[str, str]]:
    """Return what tells that two items are one product: the group, or the picture of one kind.

    One photo may show a dress and the shoes to it.
    """
    told = (("group", item.group), (item.category.value, item.image))
    return [sign for sign in told if sign[1]]


def _alike(
    items: Sequence[CatalogItem], rows: NDArray[np.float32], identical: float | None
) -> NDArray[np.bool_]:
    """Return (n, n): whether two items look like the same thing, and no two brands say otherwise."""
    if identical is None or len(rows) == 0:
        return np.zeros((len(items), len(items)), np.bool_)
    kinds = np.array([item.category.value for item in items])
    brands = np.array([item.brand.casefold() for item in items])
    same = (brands[:, None] == brands[None]) | (brands == "")[:, None] | (brands == "")[None]
    return np.asarray((rows @ rows.T >= identical) & (kinds[:, None] == kinds[None]) & same)


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
