"""A question -> the products of the catalogue that are like it, each once, and nothing else.

What passes a filter is not like the question for that alone. Whether it is, the encoder's calibration
says (`index.encoders.relevance`): from its kind's share of the catalogue's nearest items, whatever the
filters, and from its cosine. Of the nearest that are, those come first that the facts' network takes for the same
sort of thing (`recommender.similarity.likeness`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.encoders.relevance import NEIGHBOURS, Curve, shares_of_kinds
from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import CatalogItem, Hit, Ranking
from recommender.ports import Searcher
from recommender.similarity.deduplication import ExcludedItem, Product, collapse
from recommender.similarity.likeness import Likeness
from segmentation.common.taxonomy import Category

Suits: TypeAlias = Callable[[Sequence[CatalogItem]], NDArray[np.bool_]]
"""m items -> (m,) which of them are right for what was said they are for."""
_VARIANTS: Final = 4
"""Variants of a product that are expected when its neighbours are asked for."""
_WIDER: Final = 4
CONSIDERED: Final = 32
"""Number of the nearest items that are ordered by how alike they are; what is further away follows them. So many are
read from the database for ten answers in any case."""
MOST: Final = 5_000
"""Maximum number of items that are looked at for one answer: a thousand rows of one product may hide the others, and
what comes behind is answered in part rather than after seconds."""


@dataclass(frozen=True)
class About:
    """What a question is about in its catalogue.

    Attributes:
        curve: what tells relevant from irrelevant.
        shares: kind -> its share of what is nearest, 0 to 1; kinds that are not there have none.
    """

    curve: Curve
    shares: Mapping[Category, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        vector_unit: NDArray[np.float32],
        searcher: Searcher,
        curve: Curve,
        *,
        kind: Category | None = None,
        exclude: frozenset[str] = frozenset(),
    ) -> About:
        """Return what a question is about: the kinds of the nearest products of the whole catalogue.

        Args:
            vector_unit: (d,) float32.
            searcher: the catalogue.
            curve: for questions of this sort.
            kind: what it is about for certain.
            exclude: skus that tell nothing, such as the one that asks.
        """
        if curve.least <= 0:  # nothing is cut off
            return cls(curve)
        wide = NEIGHBOURS * _VARIANTS
        while True:  # one product's many variants are one neighbour
            near = searcher.nearest(vector_unit, wide, Filters())
            others = Ranking(tuple(hit for hit in near if hit.item.sku not in exclude))
            products = collapse(others)
            if len(products) >= NEIGHBOURS or len(near) < wide or wide >= MOST:
                break
            wide = min(_WIDER * wide, MOST)
        kinds = [product.hit.item.category for product in products[:NEIGHBOURS]]
        shares = shares_of_kinds(kinds, searcher.kinds())
        return cls(curve, shares if kind is None else {**shares, kind: 1.0})

    def least_cosine(self, kind: Category) -> float:
        """Return from which cosine on an item of a kind is relevant; infinite where none is enough."""
        return self.curve.least_cosine(self.shares.get(kind, 0.0))

    def holds(self, hit: Hit) -> bool:
        """Return whether a hit is relevant."""
        return hit.score >= self.least_cosine(hit.item.category)

    def within(self, kinds: Collection[Category], cosine: float) -> frozenset[Category]:
        """Return the kinds of which something no nearer than a cosine could be relevant."""
        return frozenset(kind for kind in kinds if self.least_cosine(kind) <= cosine)


@dataclass(frozen=True, eq=False)
class AnswerOptions:
    """What answers are wanted.

    Attributes:
        k: maximum number of answers.
        filters: what may answer.
        identical: as in `index.encoders.relevance.Relevance`.
        every_variant: each variant is an answer of its own.
        known: what those who ask look at; its own variants and copies do not answer. None for all.
        suits: of m items, (m,) which are right for what was said they are for; None for all.
        likeness: what tells more of how alike items are than their cosines; None where nothing does.
    """

    k: int
    filters: Filters
    identical: float | None = None
    every_variant: bool = False
    known: ExcludedItem | None = None
    suits: Suits | None = None
    likeness: Likeness | None = None


@dataclass(frozen=True)
class Alike:
    """The answer.

    Attributes:
        ranking: an item of each product, best first; scores are cosines, less what makes an item less alike.
        variants: sku of an answer -> the other items of its product in the catalogue, by sku,
            whatever the filters; products of one item are left out.
        relevant: how many of those that were looked at are like the question.
        passed: how many items passed the filters, as far as was looked.
        all_seen: whether no more pass.
    """

    ranking: Ranking
    variants: Mapping[str, tuple[CatalogItem, ...]]
    relevant: int
    passed: int
    all_seen: bool


def alike(
    vector_unit: NDArray[np.float32], about: About, wanted: AnswerOptions, searcher: Searcher
) -> Alike:
    """Return the products that are like a question: `k` of them at most.

    Raises:
        index.errors.IndexRefusal: there is no index to answer from.
    """
    try:
        return _alike(vector_unit, about, wanted, searcher)
    except ItemNotFound:  # taken out of the catalogue between being found and being looked up
        return _alike(vector_unit, about, wanted, searcher)


def _alike(
    vector_unit: NDArray[np.float32], about: About, wanted: AnswerOptions, searcher: Searcher
) -> Alike:
    wide, filters = 2 * wanted.k + NEIGHBOURS, wanted.filters
    if wanted.likeness is not None:
        wide = max(wide, CONSIDERED)
    found = searcher.nearest(vector_unit, wide, filters)
    passed, complete = len(found), len(found) < wide
    # the same for every page of an answer, so that none repeats another
    edge = found[CONSIDERED - 1].score if len(found) >= CONSIDERED else -np.inf
    products = _products(found, about, wanted, searcher, edge)
    while len(products) < wanted.k and len(found) == wide < MOST:
        # what cannot be relevant is not asked for again: there may be a million of it
        kinds = about.within(filters.categories or frozenset(Category), found[0].score)
        if not about.within(kinds, found[-1].score):
            break
        wide, filters = min(wide * _WIDER, MOST), replace(filters, categories=kinds)
        found = searcher.nearest(vector_unit, wide, filters)
        if not found:
            break
        products = _products(found, about, wanted, searcher, edge)
    products = products[: wanted.k]
    ranking = Ranking(tuple(product.hit for product in products))
    relevant = sum(about.holds(hit) for hit in found)
    return Alike(ranking, _variants(products, wanted, searcher), relevant, passed, complete)


def _products(
    found: Ranking, about: About, wanted: AnswerOptions, searcher: Searcher, edge: float
) -> list[Product]:
    hits = [hit for hit in found if about.holds(hit)]
    if wanted.suits is not None and hits:
        right = wanted.suits([hit.item for hit in hits])
        hits = [hit for hit, is_right in zip(hits, right, strict=True) if is_right]
    rows = np.zeros((0, 0), np.float32)
    if hits and (wanted.likeness is not None or wanted.identical is not None):
        rows = searcher.vectors_of([hit.item.sku for hit in hits])
    if wanted.likeness is not None:
        hits, rows = _ordered(hits, rows, wanted.likeness, edge)
    kept = Ranking(tuple(hits))
    if wanted.every_variant:
        return [Product(hit) for hit in kept]
    if wanted.identical is None or not kept:
        return collapse(kept, known=wanted.known)
    return collapse(kept, rows, wanted.identical, wanted.known)


def _ordered(
    hits: Sequence[Hit], rows: NDArray[np.float32], likeness: Likeness, edge: float
) -> tuple[list[Hit], NDArray[np.float32]]:
    """Return hits and their rows, the most alike first; those below a cosine follow, the nearest first.

    So what comes first is the same however many were asked for.
    """
    near = sum(hit.score >= edge for hit in hits)  # they come nearest first
    lost = likeness.differences([hit.item for hit in hits[:near]], rows[:near])
    scores = [hit.score - float(less) for hit, less in zip(hits[:near], lost, strict=True)]
    below = min(scores, default=edge) - edge
    scores += [hit.score + below for hit in hits[near:]]
    moved = [Hit(hit.item, max(-1.0, score)) for hit, score in zip(hits, scores, strict=True)]
    order = sorted(range(len(moved)), key=lambda at: (-moved[at].score, moved[at].item.sku))
    return [moved[at] for at in order], rows[order]


def _variants(
    products: Collection[Product], wanted: AnswerOptions, searcher: Searcher
) -> dict[str, tuple[CatalogItem, ...]]:
    if wanted.every_variant:
        return {}
    members = {product.hit.item.sku: (product.hit.item, *product.others) for product in products}
    groups = {item.group for items in members.values() for item in items} - {""}
    of_group: dict[str, list[CatalogItem]] = {}
    for item in searcher.of_groups(groups) if groups else ():
        of_group.setdefault(item.group, []).append(item)
    record = {}
    for sku, items in members.items():
        others = {each.sku: each for one in items for each in (one, *of_group.get(one.group, ()))}
        left_out = wanted.filters.exclude | {sku}
        record[sku] = tuple(others[each] for each in sorted(others) if each not in left_out)
    return {sku: others for sku, others in record.items() if others}
