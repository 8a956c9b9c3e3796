"""Values are counted among what passes the other filters; what hides most is told first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from time import perf_counter

from index.catalogue.catalog import DEFAULT
from index.catalogue.counting import FacetCounts, count
from index.catalogue.writing import CatalogWriter, Entry
from index.model.filters import Filters
from segmentation.common.taxonomy import Category
from tests.finer import Finer
from tests.index.conftest import Shop
from tests.index.test_catalog import FULL, PICTURE


def stocked(shop: Shop, number: int) -> None:
    colours, brands = ("red", "navy", "green"), ("A", "B")
    items = [
        replace(
            FULL,
            sku=f"s{n:05}",
            colour=colours[n % 3],
            brand=brands[n % 2],
            price=Decimal(10 + n % 90),
            sale_price=None,
            sizes=("S", "M") if n % 4 else ("L",),
            category=Category.DRESS if n % 5 else Category.SHOE,
        )
        for n in range(number)
    ]
    with shop.database.writing() as session:
        CatalogWriter(session).upsert([Entry(item, PICTURE, None) for item in items])


def counts(shop: Shop, filters: Filters) -> FacetCounts:
    with shop.database.reading() as session:
        return count(session, filters, DEFAULT)


def test_nothing_is_counted_in_an_empty_catalogue(shop: Shop) -> None:
    found = counts(shop, Filters())
    assert (found.passing, dict(found.dropped)) == (0, {})
    assert not any(found.facets.values())


def test_the_values_of_a_filter_are_counted_among_what_passes_the_others(shop: Shop) -> None:
    stocked(shop, 60)
    found = counts(shop, Filters(colours=frozenset({"red"}), brands=frozenset({"a"})))
    assert found.passing == 10
    assert found.facets["colour"] == {"green": 10, "navy": 10, "red": 10}
    assert found.facets["brand"] == {"A": 10, "B": 10}
    assert found.facets["category"] == {"dress": 8, "shoe": 2}


def test_a_currency_is_asked_for_as_people_write_it(shop: Shop) -> None:
    stocked(shop, 10)
    assert counts(shop, Filters(currencies=frozenset({"eur"}))).passing == 10
    found = counts(shop, Filters(currencies=frozenset({"CHF"})))
    assert (found.passing, found.facets["currency"]) == (0, {"EUR": 10})


def test_sizes_are_counted_one_by_one(shop: Shop) -> None:
    stocked(shop, 40)
    assert counts(shop, Filters()).facets["size"] == {"m": 30, "s": 30, "l": 10}
    assert counts(shop, Filters(sizes=frozenset({"L"}))).passing == 10


def test_the_filter_that_hides_most_comes_first(shop: Shop) -> None:
    stocked(shop, 60)
    found = counts(
        shop, Filters(colours=frozenset({"red"}), max_price=Decimal(9), sizes=frozenset({"L"}))
    )
    assert found.passing == 0
    assert list(found.dropped.items()) == [("price", 5), ("colour", 0), ("size", 0)]


def test_five_thousand_items_are_counted_quickly(shop: Shop) -> None:
    stocked(shop, 5000)
    filters = Filters(colours=frozenset({"red"}), max_price=Decimal(50))
    counts(shop, filters)
    spent = []
    for _ in range(5):
        begun = perf_counter()
        counts(shop, filters)
        spent.append(perf_counter() - begun)
    assert min(spent) < 0.5, spent  # 50 ms on a quiet machine


def test_one_more_filter_is_one_more_condition_and_count(shop: Shop) -> None:
    items = [replace(FULL, sku=name, material=name) for name in ("wool", "silk")]
    with shop.database.writing() as session:
        CatalogWriter(session).upsert([Entry(item, PICTURE, None) for item in items])
    found = counts(shop, Finer(materials=frozenset({"Wool"})))
    assert (found.passing, dict(found.dropped)) == (1, {"material": 2})
    assert found.facets["material"] == {"silk": 1, "wool": 1}
