"""Words that say an occasion or the weather, in search and in "this, but"."""

from __future__ import annotations

import pytest

from index.facts.words import Worded, facts_in
from index.model.items import CatalogItem
from recommender.outfits.dress.spoken import spoken
from recommender.outfits.dress.table import shipped
from recommender.similarity.similarity_search import (
    UNSUITED,
    SimilarRequest,
    similar_to_item,
    similar_to_text,
)
from recommender.wire.terms import Occasion
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import FakeSearcher, FakeServices, item

SHOES = ("Oxfords", "Loafers", "Pumps", "Flip-flops", "Sneakers", "Running shoes", "Winter boots")


@pytest.mark.parametrize(
    ("text", "rest", "occasion", "temperature"),
    [
        ("for a summer wedding", "", Occasion.CELEBRATION, 26),
        ("office", "", Occasion.WORK, None),
        ("office blouse", "blouse", Occasion.WORK, None),
        ("red dress for a Wedding", "red dress", Occasion.CELEBRATION, None),
        ("shoes for the gym", "shoes", Occasion.SPORT, None),
        ("a jacket for 5 degrees", "a jacket", None, 5),
        ("Schuhe fürs Büro bei 30°", "Schuhe", Occasion.WORK, 30),
        ("Kleid für eine Hochzeit im Sommer", "Kleid", Occasion.CELEBRATION, 26),
        ("summer dress", "summer dress", None, 26),
        ("something for winter", "", None, 3),
        ("sports bra", "sports bra", None, None),
        ("red striped shirt", "red striped shirt", None, None),
        ("", "", None, None),
    ],
)
def test_occasion_and_weather_are_read_in_words(
    text: str, rest: str, occasion: Occasion | None, temperature: float | None
) -> None:
    said = spoken(text, shipped())
    assert (said.rest, said.occasion, said.temperature_c) == (rest, occasion, temperature)
    assert (said.context is None) == (occasion is None and temperature is None)


def shop() -> FakeServices:
    """Return a shop of shoes that know what they are."""
    made: list[CatalogItem] = []
    for title in SHOES:
        facts = facts_in(Worded(Category.SHOE, title))
        made.append(item(title, Category.SHOE, facts=facts))
    return FakeServices(FakeSearcher(made))


def found(text: str) -> set[str]:
    return {hit.item.sku for hit in similar_to_text(text, shop()).ranking}


def test_a_search_for_an_occasion_finds_what_is_right_for_it() -> None:
    assert found("shoes") == set(SHOES)
    assert found("shoes for the office") == {"Oxfords", "Loafers", "Pumps"}
    assert found("shoes for the gym") >= {"Running shoes"} and not found("gym shoes") & {"Pumps"}
    assert "Winter boots" not in found("shoes for 25 degrees") and "Flip-flops" in found("30 °C")


def test_what_was_understood_is_told() -> None:
    result = similar_to_text("shoes for a summer wedding", shop())
    assert result.note == "Understood as: celebration, warm day."


def test_an_occasion_alone_finds_what_it_likes() -> None:
    answer = similar_to_text("wedding", shop())
    assert {hit.item.sku for hit in answer.ranking} <= {"Oxfords", "Pumps", "Loafers"}
    assert answer.ranking and answer.next_offset is None
    assert not similar_to_text("wedding", shop(), SimilarRequest(offset=10)).ranking


def test_this_but_for_an_occasion_keeps_what_it_is_and_leaves_out_what_is_wrong() -> None:
    answer = similar_to_item("Sneakers", shop(), SimilarRequest(but="for the office"))
    assert {hit.item.sku for hit in answer.ranking} == {"Oxfords", "Loafers", "Pumps"}
    assert answer.note == "Understood as: work."


def test_where_nothing_is_right_the_note_says_so() -> None:
    services = FakeServices(
        FakeSearcher(
            [item("a", Category.SHOE, facts=facts_in(Worded(Category.SHOE, "Flip-flops")))]
        )
    )
    answer = similar_to_text("shoes for the office", services)
    assert not answer.ranking and answer.note.endswith(UNSUITED)
