from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import Audience, Availability
from recommender.completion.complete import (
    NO_GARMENT,
    TOO_SMALL,
    CompleteRequest,
    complete,
    complete_item,
)
from recommender.outfits.explain import sentence
from recommender.outfits.look import Completion
from recommender.photos.photo_analysis import analyse
from recommender.timing import STAGES, Stopwatch
from recommender.wire.terms import Gain
from segmentation.common.photo import LEAST_SIDE
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import (
    DRESSED,
    SHIRT_ONLY,
    FakeDetector,
    FakeSearcher,
    FakeServices,
    item,
    photo,
    shop,
)

BODY = {Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE}


def services(found: object = DRESSED, searcher: FakeSearcher | None = None) -> FakeServices:
    return FakeServices(searcher or shop(), FakeDetector(found))  # type: ignore[arg-type]


def skus(answer: Completion) -> list[str]:
    return [candidate.item.sku for pool in answer.slots.values() for candidate in pool]


def test_a_dress_gets_neither_skirt_nor_top_nor_trousers() -> None:
    answer = complete(analyse(photo(), services()), services())
    assert set(answer.slots) == {Slot.OUTER, Slot.BAG, Slot.ACCESSORIES}
    for look in answer.looks:
        assert not BODY & set(look.picks)


def test_a_shirt_gets_a_bottom_first() -> None:
    answer = complete(analyse(photo(), services(SHIRT_ONLY)), services(SHIRT_ONLY))
    assert next(iter(answer.slots)) is Slot.BOTTOM
    assert Slot.ONE_PIECE not in answer.slots


def test_no_garment_is_an_empty_look_with_its_reason() -> None:
    given = services(())
    answer = complete(analyse(photo(height=200), given), given)
    assert answer.look.picks == {} and answer.look.reason == NO_GARMENT
    assert answer.slots == {} and len(answer.looks) == 1
    small = complete(analyse(photo(height=LEAST_SIDE - 1), given), given).look
    assert small.reason == TOO_SMALL.format(side=LEAST_SIDE)
    assert given.encoder.calls == 0 and given.searcher.asked == []


def test_three_looks_share_no_item() -> None:
    asked = CompleteRequest(slots=(Slot.OUTER, Slot.BAG, Slot.ACCESSORIES))
    answer = complete(analyse(photo(), services()), services(), asked)
    assert len(answer.looks) == 3
    picked = [pick.item.sku for look in answer.looks for pick in look.picks.values()]
    assert len(picked) == len(set(picked)) == 9
    assert all(set(look.picks) == set(answer.slots) for look in answer.looks)


def test_of_what_nobody_knows_nothing_is_proposed_unasked() -> None:
    answer = complete(analyse(photo(), services()), services())
    assert all(set(look.picks) <= {Slot.BAG, Slot.ACCESSORIES} for look in answer.looks)


def test_the_looks_picks_are_among_the_candidates_best_first() -> None:
    answer = complete(analyse(photo(), services()), services(), CompleteRequest(k=4))
    for slot, pool in answer.slots.items():
        assert len(pool) == 4
        assert [c.score for c in pool] == sorted((c.score for c in pool), reverse=True)
        picks = {look.picks[slot].item.sku for look in answer.looks if slot in look.picks}
        assert picks <= {c.item.sku for c in pool}
        assert all(candidate.why for candidate in pool)


def test_equal_requests_have_equal_answers() -> None:
    first, second = (
        complete(analyse(photo(), services()), services()),
        complete(analyse(photo(), services()), services()),
    )
    assert first.slots == second.slots and first.looks == second.looks


def test_all_cut_outs_go_through_the_encoder_in_one_batch() -> None:
    given = services()
    answer = complete(analyse(photo(), given), given)
    assert (given.encoder.calls, given.encoder.pictures) == (1, 2)
    assert [garment.attributes["colour"] for garment in answer.garments] == ["red", "red"]


def test_time_is_told_by_stage() -> None:
    watch = Stopwatch()
    with watch.stage("decode"):
        given = photo()
    answer = complete(analyse(given, services(), watch=watch), services())
    assert tuple(answer.ms) == STAGES
    assert all(spent >= 0 for spent in answer.ms.values())


def test_slots_asked_for_and_those_that_cannot_be() -> None:
    answer = complete(
        analyse(photo(), services()), services(), CompleteRequest(slots=(Slot.BAG, Slot.BOTTOM))
    )
    assert set(answer.slots) == {Slot.BAG, Slot.BOTTOM}
    assert answer.slots[Slot.BOTTOM] == ()
    assert answer.notes[Slot.BOTTOM] == "a dress leaves no room for a bottom"
    assert set(answer.look.picks) == {Slot.BAG}


def test_only_the_impossible_asked_for_is_an_empty_look() -> None:
    answer = complete(
        analyse(photo(), services()), services(), CompleteRequest(slots=(Slot.BOTTOM,))
    )
    assert answer.look.reason == "The outfit has no room for what was asked."


def test_filters_hold_and_say_where_they_leave_nothing() -> None:
    only = Filters(categories=frozenset({Category.BAG}), max_price=Decimal(30))
    answer = complete(analyse(photo(), services()), services(), CompleteRequest(filters=only))
    assert {c.item.sku for c in answer.slots[Slot.BAG]} == {"bag-0", "bag-1", "bag-2"}
    assert answer.slots[Slot.OUTER] == () and "filters" in answer.notes[Slot.OUTER]


def test_sold_out_and_kids_items_stay_out_unless_asked_for() -> None:
    bags = [
        item("sold", Category.BAG, availability=Availability.OUT_OF_STOCK),
        item("soon", Category.BAG, availability=Availability.PREORDER),
        item("kids", Category.BAG, audience=Audience.KIDS),
        item("hers", Category.BAG, audience=Audience.WOMEN),
        item("his", Category.BAG, audience=Audience.MEN),
        item("any", Category.BAG),
    ]

    def found(**filters: object) -> set[str]:
        asked = CompleteRequest(slots=(Slot.BAG,), k=9, filters=Filters(**filters))  # type: ignore[arg-type]
        return set(
            skus(
                complete(
                    analyse(photo(), services(DRESSED, FakeSearcher(bags))),
                    services(DRESSED, FakeSearcher(bags)),
                    asked,
                )
            )
        )

    assert found() == {"soon", "hers", "any"}  # a dress says for whom the look is
    assert found(audiences=frozenset({Audience.MEN})) == {"soon", "his", "any"}
    assert found(audiences=frozenset({Audience.KIDS})) == {"kids"}
    assert found(availability=frozenset({Availability.OUT_OF_STOCK})) == {"sold"}


@pytest.mark.parametrize("budget", ["9.99", "35", "60", "100", "1000"])
def test_a_look_keeps_to_its_budget(budget: str) -> None:
    answer = complete(
        analyse(photo(), services()), services(), CompleteRequest(budget=Decimal(budget))
    )
    for look in answer.looks:
        assert sum(look.totals.values()) <= Decimal(budget)
    assert all(c.item.price <= Decimal(budget) for p in answer.slots.values() for c in p)  # type: ignore[operator]
    if budget == "9.99":
        assert answer.look.reason == "No item of the wanted slots costs 9.99 or less."


def test_a_budget_counts_in_one_currency() -> None:
    bags = [
        item("e1", Category.BAG),
        item("e2", Category.BAG),
        replace(item("d1", Category.BAG), price=Decimal(1), currency="USD"),
    ]
    asked = CompleteRequest(slots=(Slot.BAG,), budget=Decimal(50))
    assert set(
        skus(
            complete(
                analyse(photo(), services(DRESSED, FakeSearcher(bags))),
                services(DRESSED, FakeSearcher(bags)),
                asked,
            )
        )
    ) == {
        "e1",
        "e2",
    }


def test_an_empty_catalogue_gives_reasons_not_errors() -> None:
    answer = complete(
        analyse(photo(), services(DRESSED, FakeSearcher([]))), services(DRESSED, FakeSearcher([]))
    )
    assert answer.look.picks == {} and "catalogue" in answer.look.reason
    assert set(answer.notes) == set(answer.slots)


def test_an_item_removed_meanwhile_is_not_proposed() -> None:
    class Moving(FakeSearcher):
        """Loses an item between finding it and telling its vector."""

        def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
            self.items = [item for item in self.items if item.sku != "bag-0"]
            return super().vectors_of(skus)

    answer = complete(
        analyse(photo(), services(DRESSED, Moving(shop().items))),
        services(DRESSED, Moving(shop().items)),
        CompleteRequest(k=9),
    )
    assert (
        "bag-0" not in skus(answer) and len(answer.slots[Slot.BAG]) == 4
    )  # one fights with the dress


def test_an_item_of_the_catalogue_can_begin_the_outfit() -> None:
    answer = complete_item("skirt-1", services())
    assert Slot.BOTTOM not in answer.slots and Slot.TOP in answer.slots
    assert len(answer.garments) == 0
    assert "the red skirt" in " ".join(sentence(c.why) for c in answer.slots[Slot.TOP])


@pytest.mark.parametrize("change", Gain)
@pytest.mark.parametrize("sku", ["skirt-1", "dress-0", "shoe-0", "bag-0", "hat-0"])
def test_an_item_alone_is_not_changed_for_another(sku: str, change: Gain) -> None:
    """Nothing of the outfit would be left: there is no such change, and that is said."""
    answer = complete_item(sku, services(), CompleteRequest(change=change))
    assert all(sku not in (p.item.sku for p in look.picks.values()) for look in answer.looks)
    assert answer.looks[0].picks or answer.look.reason


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(ItemNotFound):
        complete_item("nothing", services())


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"k": 101}, {"looks": 0}, {"looks": 11}, {"budget": Decimal(-1)}]
)
def test_requests_are_validated_at_birth(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CompleteRequest(**wrong)  # type: ignore[arg-type]


def test_two_pieces_are_no_look_unless_they_are_what_was_asked_for() -> None:
    dress = (DRESSED[0],)
    shoes = FakeSearcher([item(f"s{n}", Category.SHOE) for n in range(4)])
    given = FakeServices(shoes, FakeDetector(dress))
    answer = complete(analyse(photo(), given), given)
    assert not answer.look.picks and answer.look.reason
    asked = complete(analyse(photo(), given), given, CompleteRequest(slots=(Slot.SHOES,)))
    assert set(asked.look.picks) == {Slot.SHOES}
