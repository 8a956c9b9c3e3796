"""Variants and copies are one answer."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.model.items import Availability, CatalogItem, Hit, Ranking
from recommender.similarity.deduplication import ExcludedItem, Product, collapse, one_of_each
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import item

IDENTICAL = 0.99
KINDS = (Category.SHIRT, Category.TOP)


@st.composite
def shelves(draw: st.DrawFn) -> tuple[Ranking, NDArray[np.float32]]:
    """Return a ranking with the rows of its items: few groups, pictures, directions and kinds."""
    count = draw(st.integers(0, 14))
    hits = [
        Hit(
            item(
                f"s{n:02d}",
                draw(st.sampled_from(KINDS)),
                group=draw(st.sampled_from(("", "", "g1", "g2", "g3"))),
                availability=draw(st.sampled_from(list(Availability))),
            ),
            draw(st.integers(-10, 10)) / 10,
        )
        for n in range(count)
    ]
    pictures = [draw(st.sampled_from(("", "a.jpg", f"{n}.jpg"))) for n in range(count)]
    hits = [
        Hit(replace(hit.item, image=picture), hit.score)
        for hit, picture in zip(hits, pictures, strict=True)
    ]
    rows = np.eye(5, dtype=np.float32)[[draw(st.integers(0, 4)) for _ in range(count)]]
    return Ranking(tuple(hits)), rows.reshape(count, 5)


def signs(product: Product) -> set[tuple[str, str]]:
    """Return the groups and pictures of a product."""
    items = [product.hit.item, *product.others]
    parts = {("group", each.group) for each in items}
    parts |= {(each.category.value, each.image) for each in items}
    return {sign for sign in parts if sign[1]}


def everything(products: list[Product]) -> list[str]:
    return sorted(each.sku for p in products for each in (p.hit.item, *p.others))


@settings(max_examples=50, deadline=None)
@given(shelves())
def test_nothing_is_lost_and_no_two_answers_share_a_group_or_a_picture(
    shelf: tuple[Ranking, NDArray[np.float32]],
) -> None:
    ranking, rows = shelf
    products = collapse(ranking, rows, IDENTICAL)
    assert everything(products) == sorted(hit.item.sku for hit in ranking)
    parts = [sign for product in products for sign in signs(product)]
    assert len(parts) == len(set(parts))


@settings(max_examples=50, deadline=None)
@given(shelves())
def test_the_best_score_is_kept_and_orders(shelf: tuple[Ranking, NDArray[np.float32]]) -> None:
    ranking, rows = shelf
    scores = {hit.item.sku: hit.score for hit in ranking}
    products = collapse(ranking, rows, IDENTICAL)
    for product in products:
        members = [product.hit.item, *product.others]
        assert product.hit.score == max(scores[each.sku] for each in members)
    found = [product.hit.score for product in products]
    assert found == sorted(found, reverse=True)
    assert found[:1] == [hit.score for hit in ranking[:1]]


@settings(max_examples=50, deadline=None)
@given(shelves(), st.randoms())
def test_equal_rankings_give_equal_answers(
    shelf: tuple[Ranking, NDArray[np.float32]], chance: random.Random
) -> None:
    ranking, rows = shelf
    shuffled = list(ranking)
    chance.shuffle(shuffled)
    assert collapse(Ranking(tuple(shuffled)), rows, IDENTICAL) == collapse(ranking, rows, IDENTICAL)


@settings(max_examples=50, deadline=None)
@given(shelves())
def test_what_is_sold_out_stands_for_nothing_that_can_be_bought(
    shelf: tuple[Ranking, NDArray[np.float32]],
) -> None:
    ranking, rows = shelf
    out = Availability.OUT_OF_STOCK
    for product in collapse(ranking, rows, IDENTICAL):
        if product.hit.item.availability is out:
            assert all(each.availability is out for each in product.others)


@settings(max_examples=50, deadline=None)
@given(shelves())
def test_a_known_item_takes_along_what_is_its_own(
    shelf: tuple[Ranking, NDArray[np.float32]],
) -> None:
    ranking, rows = shelf
    own = item("own", Category.SHIRT, group="g1")
    known = ExcludedItem(own, np.eye(5, dtype=np.float32)[0])
    products = collapse(ranking, rows, IDENTICAL, known)
    left = [each for product in products for each in (product.hit.item, *product.others)]
    assert all(each.group != "g1" for each in left)
    number = {hit.item.sku: row for row, hit in enumerate(ranking)}
    for each in left:
        alike = rows[number[each.sku]] @ known.vector_unit >= IDENTICAL
        free = not each.group and not each.image
        assert not (alike and each.category is own.category and free)


def hits(*items: CatalogItem) -> Ranking:
    return Ranking(tuple(Hit(each, 1 - n / 10) for n, each in enumerate(items)))


def test_copies_need_vectors_a_threshold_and_one_kind() -> None:
    one, two = item("a", Category.SHIRT), item("b", Category.SHIRT)
    other = item("c", Category.TOP)
    rows = np.tile(np.eye(2, dtype=np.float32)[0], (3, 1))
    ranking = hits(one, two, other)
    assert len(collapse(ranking)) == len(collapse(ranking, rows)) == 3
    assert len(collapse(ranking, None, IDENTICAL)) == 3
    merged = collapse(ranking, rows, IDENTICAL)
    assert [(p.hit.item.sku, [o.sku for o in p.others]) for p in merged] == [
        ("a", ["b"]),
        ("c", []),
    ]


@pytest.mark.parametrize(
    ("brands", "products"),
    [(("Nord", "NORD"), 1), (("Nord", ""), 1), (("", ""), 1), (("Nord", "Süd"), 2)],
)
def test_two_brands_do_not_sell_copies_of_one_item(brands: tuple[str, str], products: int) -> None:
    both = [item(str(n), Category.SHIRT, brand=brand) for n, brand in enumerate(brands)]
    assert len(collapse(hits(*both), np.ones((2, 1), np.float32), IDENTICAL)) == products


def test_one_photo_may_show_a_dress_and_its_shoes() -> None:
    worn = [
        replace(item(str(n), kind), image="x.jpg")
        for n, kind in enumerate((Category.DRESS, Category.SHOE))
    ]
    assert len(collapse(hits(*worn))) == 2
    assert one_of_each(worn, [1, 0]) == [1, 0]


def test_a_chain_of_groups_and_pictures_is_one_product() -> None:
    first = item("a", Category.SHIRT, group="g1")
    second = replace(item("b", Category.SHIRT), image="x.jpg")
    link = replace(item("c", Category.SHIRT, group="g1"), image="x.jpg")
    [product] = collapse(hits(first, second, link))
    assert product.hit.item.sku == "a" and {each.sku for each in product.others} == {"b", "c"}


@pytest.mark.parametrize(("order", "kept"), [([0, 1, 2, 3], [0, 2]), ([3, 2, 1, 0], [3, 2])])
def test_one_of_each_group_and_picture_in_order(order: list[int], kept: list[int]) -> None:
    items = [
        item("a", Category.SHIRT, group="g"), item("b", Category.SHIRT, group="g"),
        item("c", Category.SHIRT), item("d", Category.SHIRT, group="g"),
    ]  # fmt: skip
    assert one_of_each(items, order) == kept
