"""Why a style is as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from recommender.people.feedback import Feedback
from recommender.people.profile_explanation import explain
from recommender.people.style import Style, learn
from recommender.people.usual import CatalogueAverages
from recommender.wire.terms import Verdict
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import item

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SHOES = [
    item(f"s{n}", Category.SHOE, f"{50 * (n + 1)}.00", colour=colour)
    for n, colour in enumerate(("red", "Navy", "black"))
]
BAG = item("b", Category.BAG, None, colour="red")
ITEMS = [*SHOES, BAG]


def believed(*answer: tuple[Verdict, str]) -> Style:
    events = [Feedback(verdict, tuple(skus.split()), NOW) for verdict, skus in answer]
    return learn(events, {each.sku: each for each in ITEMS}, {}, CatalogueAverages.of(ITEMS), NOW)


def test_of_a_stranger_nothing_is_believed() -> None:
    result = explain(Style())
    assert (result.feedback_count, dict(result.slots), dict(result.colours), result.prices) == (
        0,
        {},
        {},
        (),
    )


def test_each_slot_tells_its_items_the_strongest_first() -> None:
    result = explain(
        believed((Verdict.SAVE, "s1 b"), (Verdict.LIKE, "s0"), (Verdict.DISLIKE, "s2"))
    )
    shoes = [(pull.item.sku, pull.weight) for pull in result.slots[Slot.SHOES].pulls]
    assert shoes == [("s0", 1.0), ("s1", 0.5), ("s2", -0.5)]
    assert [pull.item.sku for pull in result.slots[Slot.BAG].pulls] == ["b"]
    assert result.slots[Slot.SHOES].sureness > result.slots[Slot.BAG].sureness > 0
    assert result.feedback_count == 3


def test_colours_and_kinds_sum_what_is_liked() -> None:
    result = explain(
        believed((Verdict.LIKE, "s0"), (Verdict.SAVE, "b s1"), (Verdict.DISLIKE, "s2"))
    )
    assert list(result.colours.items()) == [("red", 1.5), ("navy", 0.5)]
    assert list(result.kinds.items()) == [(Category.SHOE, 1.5), (Category.BAG, 0.5)]


def test_prices_are_around_what_is_liked_and_only_of_kinds_that_have_some() -> None:
    [shoes] = explain(believed((Verdict.LIKE, "s2"), (Verdict.LIKE, "b"))).prices
    assert (shoes.category, shoes.currency) == (Category.SHOE, "EUR")
    assert shoes.low < Decimal("150.00") < shoes.high
    [cheaper] = explain(believed((Verdict.LIKE, "s0"))).prices
    assert cheaper.low < Decimal("50.00") < cheaper.high < shoes.high


def test_items_that_are_gone_are_named() -> None:
    assert explain(believed((Verdict.LIKE, "gone"))).missing == ("gone",)
