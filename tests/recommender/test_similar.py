from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.errors import ItemNotFound
from index.items import Availability, Filters
from recommender.errors import RequestError
from recommender.similar import (
    NOTHING,
    WHOLE,
    SimilarRequest,
    similar_to_item,
    similar_to_photo,
    similar_to_text,
)
from segmentation.taxonomy import SLOT_OF, Category, Slot
from tests.recommender.fakes import (
    DRESSED,
    FakeDetector,
    FakeSearcher,
    FakeServices,
    Found,
    item,
    photo,
    shop,
)


def services(found: Sequence[Found] = DRESSED) -> FakeServices:
    return FakeServices(shop(), FakeDetector(found))


def test_the_largest_garment_is_compared_within_its_slot() -> None:
    answer = similar_to_photo(photo(), services())
    assert answer.garment is not None and answer.garment.category is Category.DRESS
    assert {SLOT_OF[hit.item.category] for hit in answer.ranking} == {Slot.ONE_PIECE}
    assert answer.note == ""
    assert list(answer.ms) == ["segment", "cutout", "encode", "search"]


def test_a_garment_can_be_chosen_by_number() -> None:
    answer = similar_to_photo(photo(), services(), garment=1)
    assert {hit.item.category for hit in answer.ranking} == {Category.SHOE}


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_a_garment_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(RequestError, match="0 to 1"):
        similar_to_photo(photo(), services(), garment=number)


def test_categories_choose_the_garment_too() -> None:
    request = SimilarRequest(filters=Filters(categories=frozenset({Category.SHOE})))
    answer = similar_to_photo(photo(), services(), request)
    assert answer.garment is not None and answer.garment.category is Category.SHOE


def test_a_category_that_is_not_worn_compares_the_whole_picture() -> None:
    request = SimilarRequest(filters=Filters(categories=frozenset({Category.BAG})))
    answer = similar_to_photo(photo(), services(), request)
    assert answer.garment is None and answer.note.startswith("No bag was found")
    assert {hit.item.category for hit in answer.ranking} == {Category.BAG}


def test_without_a_garment_the_whole_picture_is_compared_and_said_so() -> None:
    answer = similar_to_photo(photo(), services(()))
    assert answer.note == WHOLE and len(answer.ranking) == 10


def test_an_item_is_not_its_own_answer() -> None:
    answer = similar_to_item("dress-2", services())
    found = [hit.item.sku for hit in answer.ranking]
    assert "dress-2" not in found and found
    assert {SLOT_OF[hit.item.category] for hit in answer.ranking} == {Slot.ONE_PIECE}


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(ItemNotFound):
        similar_to_item("nothing", services())


def test_words_search_every_kind() -> None:
    answer = similar_to_text("  red dress ", services(), SimilarRequest(k=150))
    assert len({hit.item.category for hit in answer.ranking}) == len(Category)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501])
def test_words_must_be_words(text: str) -> None:
    with pytest.raises(RequestError, match="1 to 500 characters"):
        similar_to_text(text, services())


def test_sold_out_items_do_not_answer_and_an_empty_answer_says_why() -> None:
    sold = item("a", Category.BAG, availability=Availability.OUT_OF_STOCK)
    answer = similar_to_text("bag", FakeServices(FakeSearcher([sold])))
    assert len(answer.ranking) == 0 and answer.note == NOTHING


@pytest.mark.parametrize("k", [0, 201])
def test_requests_are_validated_at_birth(k: int) -> None:
    with pytest.raises(ValueError, match="k: got"):
        SimilarRequest(k)
