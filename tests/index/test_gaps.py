"""What outfits lack: counted by slot, audience, formality, days and price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from index.catalogue.entries import Entry
from index.catalogue.gaps import Gap, gaps
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter
from index.model.garment_facts import Audience, Formality, Warmth
from index.model.items import Availability, CatalogItem
from segmentation.common.taxonomy import Category, Slot
from tests.index.conftest import DATABASES, Shop


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shop" in metafunc.fixturenames:
        metafunc.parametrize("shop", DATABASES, indirect=True)


FACTS = {"audience": "women", "formality": "casual", "warmth": "mild"}


def items(
    kind: Category, count: int, price: str = "20", facts: dict[str, str] = FACTS, **more: object
) -> Iterator[tuple[CatalogItem, dict[str, str]]]:
    for n in range(count):
        sku = f"{kind}-{price}-{facts.get('audience')}-{facts.get('formality')}-{n}-{len(more)}"
        item = CatalogItem(sku, "Thing", kind, "a.png", price=Decimal(price), currency="EUR")
        yield replace(item, **more), facts  # type: ignore[arg-type]


def stock(
    shop: Shop, *groups: Iterator[tuple[CatalogItem, dict[str, str]]], least: int = 3
) -> list[Gap]:
    entries = [
        Entry(item, Picture("a.png", "0" * 64, facts)) for group in groups for item, facts in group
    ]
    with shop.database.writing() as session:
        CatalogWriter(session).upsert(entries)
    with shop.database.reading() as session:
        return gaps(session, "default", least)


def summary(found: list[Gap]) -> list[tuple[str, str, int, int]]:
    return [(gap.slot.value, gap.audience.value, gap.items, gap.wanting) for gap in found]


def test_an_empty_catalogue_has_no_gaps(shop: Shop) -> None:
    assert stock(shop) == []


def test_trousers_without_tops_shoes_and_bags(shop: Shop) -> None:
    found = stock(shop, items(Category.PANTS, 6), items(Category.TOP, 1), items(Category.BAG, 3))
    assert summary(found) == [("shoes", "women", 0, 6), ("top", "women", 1, 6)]
    assert found[0] == Gap(
        Slot.SHOES, Audience.WOMEN, Formality.CASUAL, Warmth.MILD, "low", 0, 6,
        share=1.0, above=None, up_to=Decimal(20), currency="EUR",
    )  # fmt: skip


def test_what_is_not_known_goes_with_all_and_what_is_sold_out_with_none(shop: Shop) -> None:
    gone = items(Category.TOP, 5, availability=Availability.OUT_OF_STOCK)
    unsure = items(Category.SHOE, 3, facts={"audience": "women"})
    found = stock(shop, items(Category.PANTS, 4), gone, unsure, items(Category.BAG, 3))
    assert summary(found) == [("top", "women", 0, 4)]


def test_bands_of_price_and_audiences_are_apart(shop: Shop) -> None:
    men = {**FACTS, "audience": "men"}
    found = stock(
        shop, items(Category.PANTS, 4, "10"), items(Category.TOP, 4, "50"), items(Category.SHOE, 4, "100", men)
    )  # fmt: skip
    assert {(gap.slot.value, gap.audience.value, gap.band) for gap in found} == {
        ("top", "women", "low"), ("shoes", "women", "low"), ("bag", "women", "low"),
        ("bottom", "women", "middle"), ("outer", "women", "middle"),
    }  # fmt: skip


def test_the_share_is_of_all_that_want_one_whatever_is_known_of_them(shop: Shop) -> None:
    found = stock(
        shop, items(Category.PANTS, 3, "10"), items(Category.PANTS, 3, "50"),
        items(Category.DRESS, 3, "90", {"audience": "women"}), items(Category.TOP, 3, "10"),
    )  # fmt: skip
    bags = {gap.band: gap for gap in found if gap.slot is Slot.BAG}
    assert {band: gap.share for band, gap in bags.items()} == {"low": 3 / 9, "middle": 3 / 9}
    prices = (bags["low"].up_to, bags["middle"].above, bags["middle"].up_to)
    assert prices == (Decimal(10), Decimal(10), Decimal(50))


def test_nothing_waits_for_a_coat_on_a_hot_day(shop: Shop) -> None:
    found = stock(shop, items(Category.TOP, 4, facts={**FACTS, "warmth": "hot"}))
    assert summary(found) == [("bottom", "women", 0, 4)]


def test_several_currencies_are_none(shop: Shop) -> None:
    found = stock(shop, items(Category.PANTS, 3), items(Category.SKIRT, 3, currency="USD"))
    assert {gap.currency for gap in found} == {""}


def test_fewer_than_asked_for_is_no_gap(shop: Shop) -> None:
    assert stock(shop, items(Category.PANTS, 4), least=5) == []
