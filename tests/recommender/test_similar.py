from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.attribute_prompts import Family
from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import Availability, CatalogItem, Ranking
from index.stores import check_rows
from recommender.errors import RequestError
from recommender.photos.photo_analysis import analyse
from recommender.similarity.similarity_search import (
    NOTHING,
    WHOLE,
    Similar,
    SimilarRequest,
    similar_to_item,
    similar_to_photo,
    similar_to_text,
)
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from tests.fakes import FakeEncoder
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
    answer = similar_to_photo(analyse(photo(), services()), services())
    assert answer.garment is not None and answer.garment.category is Category.DRESS
    assert {SLOT_OF[hit.item.category] for hit in answer.ranking} == {Slot.ONE_PIECE}
    assert answer.note == ""
    assert list(answer.ms) == ["segment", "cutout", "encode", "search"]


def test_a_garment_can_be_chosen_by_number() -> None:
    answer = similar_to_photo(analyse(photo(), services()), services(), garment=1)
    assert {hit.item.category for hit in answer.ranking} == {Category.SHOE}


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_a_garment_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(RequestError, match="0 to 1"):
        similar_to_photo(analyse(photo(), services()), services(), garment=number)


def test_categories_choose_the_garment_too() -> None:
    request = SimilarRequest(filters=Filters(categories=frozenset({Category.SHOE})))
    answer = similar_to_photo(analyse(photo(), services()), services(), request)
    assert answer.garment is not None and answer.garment.category is Category.SHOE


def test_a_category_that_is_not_worn_compares_the_whole_picture() -> None:
    request = SimilarRequest(filters=Filters(categories=frozenset({Category.BAG})))
    answer = similar_to_photo(analyse(photo(), services()), services(), request)
    assert answer.garment is None and answer.note.startswith("No bag was found")
    assert {hit.item.category for hit in answer.ranking} == {Category.BAG}


def test_without_a_garment_the_whole_picture_is_compared_and_said_so() -> None:
    answer = similar_to_photo(analyse(photo(), services(())), services(()))
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


@dataclass
class Rail(FakeSearcher):
    """Coats along three axes: what a coat is, navy, red. It has a store's door."""

    dim: int = 3

    def nearest(self, vector_unit: NDArray[np.float32], k: int, filters: Filters) -> Ranking:
        check_rows(vector_unit[np.newaxis], self.dim)
        return super().nearest(vector_unit, k, filters)

    def _vectors(self, items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        return unit([COATS[each.sku] for each in items])


class Tailor(FakeEncoder):
    """Sees a navy coat in every picture, and knows what navy, red and coat look like."""

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        return unit([(1, 1, 0) for _ in images_rgb])

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return unit([tuple(float(word in text.split()) for word in AXES) for text in texts])


@dataclass
class Listener(Tailor):
    """Remembers what was said."""

    heard: list[str] = field(default_factory=list, init=False)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.heard += texts
        return super().encode_texts(texts)


AXES = ("coat", "navy", "red")
COATS = {"navy": (1, 1, 0), "navy-too": (0.8, 1, 0), "red": (1, 0, 1), "red-rag": (0.1, 0, 1)}


def unit(rows: Sequence[tuple[float, ...]]) -> NDArray[np.float32]:
    stacked = np.asarray(rows, np.float32).reshape(len(rows), 3)
    return np.asarray(stacked / np.linalg.norm(stacked, axis=1, keepdims=True), np.float32)


def rail() -> FakeServices:
    coats = [item(sku, Category.COAT) for sku in COATS]
    worn = FakeDetector([(Category.COAT, 0.9, (0.2, 0.1, 0.8, 0.9))])
    said = {"navy": ["navy"], "red": ["red"]}
    seen = {"temperature": 0.1, "threshold": 0.5, "answers": said}
    families = {"pattern": Family.model_validate_json(json.dumps(seen))}
    return FakeServices(Rail(coats), worn, Tailor(dim=3), families=families)


def skus(answer: Similar) -> list[str]:
    return [hit.item.sku for hit in answer.ranking]


def test_an_item_but_red_is_still_that_item() -> None:
    assert skus(similar_to_item("navy", rail())) == ["navy-too", "red", "red-rag"]
    answer = similar_to_item("navy", rail(), SimilarRequest(but=" red "))
    assert skus(answer) == ["red", "red-rag", "navy-too"]
    assert [hit.score for hit in answer.ranking] == pytest.approx([0.971, 0.663, 0.643], abs=1e-3)
    assert "encode" in answer.ms


def test_a_garment_but_red_is_described_as_it_is_worn() -> None:
    assert skus(similar_to_photo(analyse(photo(), rail()), rail()))[0] == "navy"
    answer = similar_to_photo(analyse(photo(), rail()), rail(), SimilarRequest(k=1, but="red"))
    assert skus(answer) == ["red"]
    assert answer.garment is not None and answer.garment.attributes["pattern"] == "navy"


def test_a_change_is_said_of_the_kind_that_is_asked_for() -> None:
    given = rail()
    given.encoder = asked = Listener(dim=3)
    for kinds in ({Category.BAG}, {Category.BAG, Category.COAT}, {Category.BAG, Category.HAT}):
        similar_to_item("navy", given, SimilarRequest(filters=Filters(frozenset(kinds)), but="red"))
    similar_to_item("navy", given, SimilarRequest(but="red coat"))
    assert asked.heard == ["red bag", "red coat", "red", "red coat"]


def test_a_change_filters_nothing_but_filters_hold() -> None:
    asked, given = SimilarRequest(but="red"), rail()
    similar_to_item("navy", given, asked)
    similar_to_item("navy", given)
    first, second = given.searcher.asked
    assert first == second
    cheap = replace(asked, filters=Filters(max_price=Decimal("5.00")))
    answer = similar_to_item("navy", given, cheap)
    assert skus(answer) == [] and answer.note == NOTHING


@pytest.mark.parametrize("but", ["", "  \n", "x" * 501])
def test_a_change_must_be_a_few_words(but: str) -> None:
    with pytest.raises(RequestError, match="1 to 500 characters"):
        similar_to_item("navy", rail(), SimilarRequest(but=but))


def test_words_cannot_be_changed_by_words() -> None:
    with pytest.raises(RequestError, match="a photo or an item"):
        similar_to_text("navy", rail(), SimilarRequest(but="red"))


@pytest.mark.parametrize("k", [0, 201])
def test_requests_are_validated_at_birth(k: int) -> None:
    with pytest.raises(ValueError, match="k: got"):
        SimilarRequest(k)
