"""What is like a question, and what is merely left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.encoders.relevance import UNCALIBRATED, Curve, Relevance
from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import CatalogItem, Ranking
from recommender.completion.complete import CompleteRequest, complete_item
from recommender.photos.photo_analysis import analyse
from recommender.similarity.alike import About, AnswerOptions, alike
from recommender.similarity.similarity_search import (
    GOES_WITH,
    ONLY_KNOWN,
    Similar,
    SimilarRequest,
    similar_to_item,
    similar_to_photo,
    similar_to_text,
)
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import FakeDetector, FakeSearcher, FakeServices, item, photo
from tests.recommender.test_similar import Tailor

CURVE = Curve(of_kind=8.0, cosine=4.0, intercept=-6.0, least=0.5)
"""Of another kind only from a cosine of 1.5 on, of the question's own from -0.5 on."""
CALIBRATED = Relevance(picture=CURVE, words=CURVE, identical=0.999)
NO_COPIES = CALIBRATED.model_copy(update={"identical": None})
KINDS = (Category.DRESS, Category.SHOE, Category.BAG)


@dataclass
class Showroom(FakeSearcher):
    """Every kind lies in a direction of its own; an item a little beside it, by its sku.

    Attributes:
        lost: skus that are gone when their vectors are asked for, once.
    """

    dim: int = 3
    lost: set[str] = field(default_factory=set)
    widths: list[int] = field(default_factory=list, init=False)

    def nearest(self, vector_unit: NDArray[np.float32], k: int, filters: Filters) -> Ranking:
        self.widths.append(k)
        return super().nearest(vector_unit, k, filters)

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        for sku in self.lost.intersection(skus):
            self.lost.remove(sku)
            self.items = [each for each in self.items if each.sku != sku]
            raise ItemNotFound.of(sku)
        return super().vectors_of(skus)

    def _vectors(self, items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        rows = [
            toward(each.category, 0.02 * (1 + int(each.sku.split("-")[1]) % 40)) for each in items
        ]
        return np.reshape(rows, (len(items), 3)).astype(np.float32)


def toward(kind: Category, turned: float = 0.0) -> NDArray[np.float32]:
    """Return a unit vector toward a kind, turned by an angle toward the next one."""
    first = KINDS.index(kind) if kind in KINDS else 2
    row = np.zeros(3)
    row[first], row[(first + 1) % 3] = math.cos(turned), math.sin(turned)
    return row.astype(np.float32)


def stock(per_kind: int = 12, variants: int = 1) -> list[CatalogItem]:
    """Return items of three kinds; so many neighbours in a row are variants of one product."""
    return [
        item(
            f"{kind.value}-{n}",
            kind,
            brand=f"b{n}",
            group=f"{kind.value}{n // variants}" if variants > 1 else "",
            colour=("red", "navy")[n % 2],
            sizes=("S", "M"),
        )
        for kind in KINDS
        for n in range(per_kind)
    ]


def services(items: Sequence[CatalogItem], relevance: Relevance = NO_COPIES) -> FakeServices:
    return FakeServices(Showroom(items), FakeDetector(), Tailor(dim=3), relevance=relevance)


def skus(answer: Similar) -> list[str]:
    return [hit.item.sku for hit in answer.ranking]


def asking(**fields: object) -> SimilarRequest:
    return SimilarRequest(filters=Filters(**fields))  # type: ignore[arg-type]


def test_a_filter_does_not_return_what_is_merely_left() -> None:
    shoes = [each for each in stock() if each.category is Category.SHOE]
    shop = services([*stock()[:12], *(replace(each, brand="Left") for each in shoes)])
    # "coat" is Tailor's first axis, where the dresses are
    answer = similar_to_text("coat", shop, asking(brands=frozenset({"Left"})))
    assert skus(answer) == []
    assert answer.note == "12 items pass the filters, but none is like what was asked for."
    assert len(similar_to_text("coat", shop).ranking) == 10
    alone = similar_to_text("coat", shop, asking(brands=frozenset({"b3"})))
    assert skus(alone) == ["dress-3"] and alone.note == ""


def test_one_item_is_told_as_one() -> None:
    answer = similar_to_text("coat", services(stock()[:13]), asking(categories={Category.SHOE}))
    assert answer.note == "1 item passes the filters, but none is like what was asked for."


@pytest.mark.parametrize("relevance", [NO_COPIES, UNCALIBRATED])
def test_a_kind_that_the_item_is_not_is_not_like_it(relevance: Relevance) -> None:
    shop = services(stock(), relevance)
    answer = similar_to_item("dress-0", shop, asking(categories=frozenset({Category.SHOE})))
    assert skus(answer) == [] and answer.note.endswith(GOES_WITH)
    own = similar_to_item("dress-0", shop, asking(brands=frozenset({"b7"})))
    assert skus(own) == ["dress-7"]


def test_a_kind_that_is_not_in_the_photo_is_found_where_the_picture_looks_like_it() -> None:
    looks_like_a_dress = services(stock())
    shoes = similar_to_photo(
        analyse(photo(), looks_like_a_dress), looks_like_a_dress, asking(categories={Category.SHOE})
    )
    assert skus(shoes) == [] and "the whole picture was compared" in shoes.note
    dresses = similar_to_photo(
        analyse(photo(), looks_like_a_dress),
        looks_like_a_dress,
        asking(categories={Category.DRESS}),
    )
    assert len(dresses.ranking) == 10


def test_the_only_one_of_its_kind_is_found() -> None:
    answer = similar_to_text("red", services([*stock()[:12], item("bag-0", Category.BAG)]))
    assert skus(answer)[0] == "bag-0"


@settings(max_examples=40, deadline=None)
@given(k=st.integers(1, 30), variants=st.integers(1, 12), per_kind=st.integers(1, 40))
def test_there_are_k_products_where_the_catalogue_has_them(
    k: int, variants: int, per_kind: int
) -> None:
    shop = services(stock(per_kind, variants), NO_COPIES)
    answer = similar_to_item("dress-0", shop, SimilarRequest(k=k, every_variant=False))
    products = math.ceil(per_kind / variants) - 1  # its own does not answer
    assert len(answer.ranking) == min(k, products)
    groups = [hit.item.group or hit.item.sku for hit in answer.ranking]
    assert len(set(groups)) == len(groups)


def test_an_answer_tells_its_other_variants_whatever_the_filters() -> None:
    shop = services(stock(12, 3), NO_COPIES)
    answer = similar_to_item("dress-0", shop, asking(brands=frozenset({"b3", "b7"})))
    assert skus(answer) == ["dress-3", "dress-7"]
    parts = [each.sku for each in answer.variants["dress-3"]]
    assert parts == ["dress-4", "dress-5"]


def test_every_variant_answers_where_it_is_asked_for() -> None:
    shop = services(stock(6, 3))
    answer = similar_to_item("dress-0", shop, SimilarRequest(every_variant=True))
    assert skus(answer) == ["dress-1", "dress-2", "dress-3", "dress-4", "dress-5"]
    assert answer.variants == {}


def test_copies_of_a_picture_are_one_answer_and_not_the_item_itself() -> None:
    # 0.02 radians apart is a cosine of 0.9998: all dresses are copies of the one before
    shop = services([replace(each, brand="") for each in stock(4)], CALIBRATED)
    assert skus(similar_to_item("dress-0", shop)) == ["dress-3"]  # 0.06 away
    alone = similar_to_item("dress-0", shop, asking(exclude=frozenset({"dress-3"})))
    assert skus(alone) == [] and alone.note == ONLY_KNOWN


def test_but_red_may_be_the_same_in_red() -> None:
    shop = services(stock(6, 3), NO_COPIES)
    answer = similar_to_item("dress-0", shop, SimilarRequest(but="coat"))
    assert skus(answer)[0] == "dress-1"


def test_what_cannot_be_relevant_is_not_asked_for_again() -> None:
    shop = Showroom([*stock(12), *(item(f"bag-{n}", Category.BAG) for n in range(12, 900))])
    about = About.of(toward(Category.DRESS), shop, CURVE, kind=Category.DRESS)
    bags = Filters(categories=frozenset({Category.BAG}))
    found = alike(toward(Category.DRESS), about, AnswerOptions(5, bags), shop)
    assert len(found.ranking) == 0 and found.passed == 20 and not found.all_seen
    assert shop.widths == [40, 20]


def test_an_item_that_goes_while_it_is_asked_for_does_not_answer() -> None:
    shop = services(stock(12), CALIBRATED)
    assert isinstance(shop.searcher, Showroom)
    shop.searcher.lost = {"dress-5"}
    found = skus(similar_to_text("coat", shop))
    assert "dress-5" not in found and shop.searcher.lost == set() and found


def test_a_look_has_one_variant_of_a_product_in_a_slot() -> None:
    items = [
        item(f"shoe-{n}", Category.SHOE, group=f"g{n // 4}", colour="black") for n in range(12)
    ]
    shop = services([item("dress-0", Category.DRESS, colour="black"), *items])
    answer = complete_item("dress-0", shop, CompleteRequest(k=12))
    for slot, candidates in answer.slots.items():
        groups = [each.item.group or each.item.sku for each in candidates]
        assert len(set(groups)) == len(groups), slot
    assert len([c for pool in answer.slots.values() for c in pool]) == 3
