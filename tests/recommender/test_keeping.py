"""Completing with garments that stay, and with items that are picked already."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from index.errors import ItemNotFound
from index.model.filters import Filters
from recommender.completion.complete import CompleteRequest, complete, complete_item
from recommender.errors import RequestError
from recommender.outfits.explain import sentence
from recommender.outfits.look import Completion
from recommender.photos.photo_analysis import analyse
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import (
    DRESSED,
    FakeDetector,
    FakeSearcher,
    FakeServices,
    item,
    photo,
    shop,
)

HATTED = (*DRESSED, (Category.HAT, 0.6, (0.4, 0.0, 0.6, 0.08)))


def asked(*, found: object = DRESSED, searcher: FakeSearcher | None = None, **how: Any) -> Completion:  # fmt: skip
    services = FakeServices(searcher or shop(), FakeDetector(found))  # type: ignore[arg-type]
    return complete(analyse(photo(), services), services, CompleteRequest(**how))


def refused(**how: Any) -> str:
    with pytest.raises(RequestError) as refusal:
        asked(**how)
    return str(refusal.value)


def picks(answer: Completion) -> list[dict[Slot, str]]:
    return [{slot: pick.item.sku for slot, pick in look.picks.items()} for look in answer.looks]


def test_keeping_the_shoes_replaces_the_dress() -> None:
    answer = asked(keep=(Slot.SHOES,))
    assert {Slot.TOP, Slot.BOTTOM} < set(answer.slots) and Slot.SHOES not in answer.slots
    assert len(answer.garments) == 2  # what the photo shows is told all the same
    text = " ".join(sentence(c.why) for pool in answer.slots.values() for c in pool)
    assert "your red shoes" in text and "dress" not in text


def test_keeping_all_is_keeping_nothing_in_particular() -> None:
    all_of_it = asked(keep=(Slot.SHOES, Slot.ONE_PIECE))
    assert all_of_it.looks == asked().looks and all_of_it.slots == asked().slots


def test_keeping_what_is_not_worn_is_refused_with_what_is() -> None:
    said = refused(keep=(Slot.SHOES, Slot.BAG))
    assert "got bag; expected slots of what is worn: one-piece (dress), shoes (shoe)" in said


def test_an_item_can_be_kept_too() -> None:
    services = FakeServices(shop())
    kept = complete_item("skirt-1", services, CompleteRequest(keep=(Slot.BOTTOM,)))
    assert kept.looks == complete_item("skirt-1", services).looks
    with pytest.raises(RequestError, match=r"bottom \(skirt\)"):
        complete_item("skirt-1", services, CompleteRequest(keep=(Slot.TOP,)))


def test_what_is_picked_stands_in_every_look_and_is_worn_by_the_others() -> None:
    answer = asked(picked=("bag-3",))
    assert len(answer.looks) == 3
    assert all(look[Slot.BAG] == "bag-3" for look in picks(answer))
    assert Slot.BAG not in answer.slots  # nothing else is looked for there
    navy = asked(picked=("bag-1",))
    red = [
        [
            sentence(c.why)
            for pool in each.slots.values()
            for c in pool
            if "red as" in sentence(c.why)
        ]
        for each in (navy, answer)
    ]
    assert red[0] and not red[1]  # beside a green bag no second red is proposed
    own = answer.look.picks[Slot.BAG]
    assert own.score > 0 and "green" in sentence(own.why)


def test_what_is_picked_changes_what_is_proposed() -> None:
    def scores(answer: Completion) -> list[float]:
        return [c.score for c in answer.slots[Slot.OUTER]]

    assert scores(asked(picked=("bag-3",))) != scores(asked())


def test_one_item_of_a_look_is_swapped() -> None:
    before = picks(asked(slots=(Slot.OUTER, Slot.BAG, Slot.ACCESSORIES)))[0]
    away = before[Slot.OUTER]
    others = tuple(sku for slot, sku in before.items() if slot is not Slot.OUTER)
    after = asked(
        picked=others, slots=(Slot.OUTER,), filters=Filters(exclude=frozenset({away})), looks=1
    )
    assert len(after.looks) == 1 and set(after.slots) == {Slot.OUTER}
    look = picks(after)[0]
    assert look[Slot.OUTER] != away
    assert {slot: sku for slot, sku in look.items() if slot is not Slot.OUTER} == {
        slot: sku for slot, sku in before.items() if slot is not Slot.OUTER
    }
    assert list(look) == list(before)


def test_a_picked_accessory_leaves_no_room_for_another() -> None:
    answer = asked(found=HATTED, picked=("watch-1",))
    assert Slot.ACCESSORIES not in answer.slots
    assert picks(answer)[0][Slot.ACCESSORIES] == "watch-1"


def test_a_slot_that_is_asked_for_and_picked_says_so() -> None:
    answer = asked(slots=(Slot.BAG, Slot.OUTER), picked=("bag-1",))
    assert answer.notes == {Slot.BAG: "a bag was picked already"}
    only = asked(slots=(Slot.BAG,), picked=("bag-1",))
    assert picks(only) == [{Slot.BAG: "bag-1"}] and only.slots == {Slot.BAG: ()}


def test_naming_a_pick_twice_is_naming_it_once() -> None:
    assert asked(picked=("bag-3", "bag-3")).looks == asked(picked=("bag-3",)).looks


@pytest.mark.parametrize(
    ("picked", "why"),
    [
        (("shoe-1",), "'shoe-1': the outfit has shoes already"),
        (("skirt-1",), "'skirt-1': a dress leaves no room for a bottom"),
        (("bag-1", "bag-2"), "'bag-2': the outfit has a bag already"),
        (("watch-1", "belt-1"), "'belt-1': another of the accessories is there already"),
    ],
)
def test_what_is_picked_needs_room(picked: tuple[str, ...], why: str) -> None:
    assert f"there is no room for what is picked: got {why}" in refused(picked=picked)
    assert "hat-1" in refused(found=HATTED, picked=("hat-1",))


def test_keeping_less_makes_room() -> None:
    answer = asked(keep=(Slot.SHOES,), picked=("skirt-1",))
    assert picks(answer)[0][Slot.BOTTOM] == "skirt-1" and Slot.TOP in answer.slots


def test_an_unknown_pick_is_refused() -> None:
    with pytest.raises(ItemNotFound, match="'nothing'"):
        asked(picked=("nothing",))


@pytest.mark.parametrize("budget", ["40", "75", "200"])
def test_a_budget_counts_what_is_picked(budget: str) -> None:
    answer = asked(picked=("bag-2",), budget=Decimal(budget))  # 30.00
    for look in answer.looks:
        assert look.picks[Slot.BAG].item.sku == "bag-2"
        assert look.totals["EUR"] <= Decimal(budget)
    left = Decimal(budget) - 30
    assert all(c.item.price <= left for p in answer.slots.values() for c in p)  # type: ignore[operator]
    assert len(answer.look.picks) > 1


def test_picks_above_the_budget_are_a_reason_not_an_error() -> None:
    answer = asked(picked=("bag-2",), budget=Decimal(29))
    assert answer.look.picks == {} and answer.look.reason == "What is picked costs more than 29.00."


def test_a_budget_goes_by_the_picks_currency_and_needs_their_price() -> None:
    stock = [
        item("euro-coat", Category.COAT),
        item("other-euro-coat", Category.COAT),
        replace(item("dollar-coat", Category.COAT), currency="USD"),
        replace(item("bag", Category.BAG), currency="USD"),
        item("free-bag", Category.BAG, None),
        item("watch", Category.WATCH),
    ]
    searcher, budget = FakeSearcher(stock), Decimal(100)
    answer = asked(searcher=searcher, picked=("bag",), budget=budget, slots=(Slot.OUTER,))
    assert [c.item.sku for c in answer.slots[Slot.OUTER]] == ["dollar-coat"]
    dear = refused(searcher=searcher, picked=("bag", "watch"), budget=budget)
    assert "got 'watch' in EUR" in dear
    assert "without a price" in refused(searcher=searcher, picked=("free-bag",), budget=budget)
    assert asked(searcher=searcher, picked=("free-bag",)).look.picks  # without a budget it may
