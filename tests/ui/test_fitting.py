"""What a visitor makes of looks, without a screen."""

from __future__ import annotations

from decimal import Decimal

from recommender.wire.look_shapes import CompletionAnswer, LookAnswer, Suggestion
from recommender.wire.shapes import ITEM_EXAMPLE, Item
from segmentation.common.taxonomy import Slot
from ui.visit.fitting import MOST_AWAY, Fitting, totals


def piece(sku: str, price: str | None = "10.00", currency: str = "EUR") -> Suggestion:
    result = {**ITEM_EXAMPLE, "sku": sku, "price": price, "sale_price": None, "currency": currency}
    return Suggestion(sku=sku, score=0.5, why=[], item=Item.model_validate(result))


def answer(*looks: dict[Slot, Suggestion]) -> CompletionAnswer:
    pools = {slot: [pick] for look in looks for slot, pick in look.items()}
    made = [LookAnswer(picks=look, score=0.5, totals={}, reason="") for look in looks]
    return CompletionAnswer(
        width=None, height=None, garments=[], looks=made, slots=pools, notes={}, ms={}
    )


A, B, C = piece("a"), piece("b"), piece("c")
WORN = Fitting().adopt(answer({Slot.SHOES: A, Slot.OUTER: B}))


def test_what_a_look_is_about_comes_first() -> None:
    assert list(WORN.picks(0)) == [Slot.OUTER, Slot.SHOES]
    assert WORN.slot_of(0, "a") is Slot.SHOES and WORN.slot_of(0, "z") is None
    assert WORN.others(0, Slot.SHOES) == ["b"]


def test_a_piece_that_is_put_in_can_be_changed_back() -> None:
    made = WORN.offering(Slot.SHOES, (C,)).put(0, Slot.SHOES, C)
    assert made.picks(0)[Slot.SHOES] is C
    assert made.instead(0, Slot.SHOES) == [A]
    assert WORN.picks(0)[Slot.SHOES] is A  # as it was


def test_what_is_away_is_not_offered_and_only_the_latest_are_told() -> None:
    made = WORN.offering(Slot.SHOES, (A, B, C)).without("c")
    assert made.instead(0, Slot.SHOES) == [B]
    for number in range(MOST_AWAY + 5):
        made = made.without(str(number))
    assert len(made.away) == MOST_AWAY and made.away[-1] == str(MOST_AWAY + 4)


def test_what_is_kept_is_kept_as_long_as_it_is_there() -> None:
    made = WORN.keeping("a")
    assert made.anew(0).away == ("b",)
    assert made.adopt(answer({Slot.SHOES: A, Slot.BAG: C})).kept == {"a"}
    assert made.adopt(answer({Slot.BAG: C})).kept == frozenset()
    assert made.keeping("a").kept == frozenset()
    assert made.put(0, Slot.SHOES, C).kept == frozenset()


def test_a_slot_that_is_out_comes_back_with_a_piece_for_it() -> None:
    made = WORN.leaving_out(0, Slot.SHOES)
    assert list(made.picks(0)) == [Slot.OUTER]
    assert list(made.leaving_out(0, Slot.SHOES).picks(0)) == [Slot.OUTER, Slot.SHOES]
    assert Slot.SHOES in made.put(0, Slot.SHOES, C).picks(0)


def test_a_slot_is_out_of_one_look_only() -> None:
    """Out of all, looks that differ there only would be the same."""
    looks = {Slot.SHOES: A, Slot.OUTER: B}, {Slot.SHOES: C, Slot.OUTER: B}
    made = Fitting().adopt(answer(*looks)).leaving_out(1, Slot.SHOES)
    assert made.picks(0) == {Slot.OUTER: B, Slot.SHOES: A} and made.picks(1) == {Slot.OUTER: B}
    assert made.put(0, Slot.SHOES, C).picks(1) == {Slot.OUTER: B}
    assert list(made.adopt(answer(*looks)).picks(1)) == [Slot.OUTER]


def test_totals_stand_by_currency_and_leave_out_what_has_no_price() -> None:
    picks = {Slot.SHOES: A, Slot.BAG: piece("d", "2.50", "USD"), Slot.TOP: piece("e", None)}
    assert totals(picks) == {"EUR": Decimal("10.00"), "USD": Decimal("2.50")}


def test_looks_without_pieces_are_none() -> None:
    assert Fitting().adopt(answer({})).looks == ()
