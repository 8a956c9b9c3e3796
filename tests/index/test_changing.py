"""Price and stock change without a picture being looked at."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.catalogue.records import Picture
from index.feeds.fields.field_texts import FieldRefused
from index.importing.changing import changed
from index.model.items import Availability, CatalogItem
from segmentation.common.taxonomy import Category
from tests.index.conftest import Shop


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    shop.write(*(shop.row(n) for n in range(3)))
    shop.run()
    return shop


def test_price_and_stock_change_without_encoding_or_publishing(stocked: Shop) -> None:
    before, generation = stocked.encoder.pictures, stocked.indexer().generations.numbers()
    answer = stocked.indexer().change({"s1": {"price": "8.50", "availability": "0"}, "none": {}})
    assert set(answer) == {"s1"} and answer["s1"].differs
    item = stocked.item("s1")
    assert (item.price, item.availability) == (Decimal("8.50"), Availability.OUT_OF_STOCK)
    assert (item.title, item.currency) == ("Thing 1", "EUR")
    assert stocked.encoder.pictures == before
    assert stocked.indexer().generations.numbers() == generation
    assert stocked.searcher().nearest(stocked.query(1), 1)[0].item.sku == "s1"


def test_a_change_of_nothing_and_a_dry_run_write_nothing(stocked: Shop) -> None:
    assert not stocked.indexer().change({"s1": {"price": "10.00"}})["s1"].differs
    answer = stocked.indexer().change({"s1": {"price": "3"}}, dry_run=True)
    assert answer["s1"].item.price == 3 and stocked.item("s1").price == 10


def test_an_empty_value_empties_and_a_sale_is_read_as_a_feeds_is(stocked: Shop) -> None:
    stocked.indexer().change({"s1": {"sale_price": "7", "brand": "Ada"}})
    assert (stocked.item("s1").sale_price, stocked.item("s1").brand) == (Decimal(7), "Ada")
    answer = stocked.indexer().change({"s1": {"price": "6", "brand": ""}})
    assert (stocked.item("s1").sale_price, stocked.item("s1").brand) == (None, "")
    assert "more than the price" in answer["s1"].warnings[0]


@pytest.mark.parametrize(
    "fields", [{"price": "-1"}, {"category": "hat"}, {"image": "a.png"}, {"title": ""}]
)
def test_what_cannot_be_changed_changes_nothing(stocked: Shop, fields: dict[str, object]) -> None:
    with pytest.raises(FieldRefused):
        stocked.indexer().change({"s0": {"price": "1"}, "s1": fields})
    assert stocked.item("s0").price == 10


def test_an_item_named_by_its_picture_keeps_that_name_until_it_is_given_one() -> None:
    picture = Picture("a.webp", "0" * 64, {"colour": "navy"})
    stored = picture.shown_by(CatalogItem("d-1", "", Category.DRESS, "a.jpg"))
    answer = changed(stored, {"price": "8.50", "currency": "EUR"}).item
    assert (answer.title, picture.shown_by(answer).title) == ("", "Navy dress")
    named = changed(stored, {"title": "Anna"}).item
    assert picture.shown_by(named).title == "Anna"
