"""Changes of a complete outfit: what goes, what stays on, and what may come in its place."""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.completion.changes import Aim, aims, bears, is_dressy
from recommender.completion.scoring import drawn
from recommender.outfits.dress.context import Context
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.rules import DressRules
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.wire.terms import Gain
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import item

DAY = Context(1.3, 17.0)


def piece(
    category: Category, fine: str = "", low: float = -5, high: float = 40, **of: Any
) -> Piece:
    return Piece(category, fine, days=(low, high), **of)


def aim_of(gain: Gain, pieces: list[Piece]) -> Aim:
    return next(aim for aim in aims(pieces, DAY) if aim.gain is gain)


def test_a_straw_hat_comes_off_where_it_gets_colder_and_so_does_a_hat_that_may_be_one() -> None:
    dress = piece(Category.DRESS, "dress", 6, 34)
    shoes = piece(Category.SHOE, "flat sandal", 19, 45)
    for hat in (
        piece(Category.HAT, "straw hat", 19, 45),
        piece(Category.HAT, "hat", 3, 34),
        piece(Category.HAT, "baseball cap", 8, 45, doubt=0.4),
    ):
        assert aim_of(Gain.WARMER, [dress, shoes, hat]).off == (2,)
    cap = piece(Category.HAT, "baseball cap", 8, 45)
    assert aim_of(Gain.WARMER, [dress, shoes, cap]).off == ()


def test_all_layers_come_off_in_the_heat_and_what_stays_must_bear_it() -> None:
    worn = [
        piece(Category.TOP, "t-shirt"),
        piece(Category.PANTS, "jeans", -8, 28),
        piece(Category.SHOE, "chelsea boot", -10, 19),
        piece(Category.COAT, "overcoat", -20, 13),
        piece(Category.JACKET, "jacket", 1, 18),
    ]
    hot = aim_of(Gain.HOT_DAY, worn)
    assert {3, 4} <= set(hot.gone) and not {3, 4} & set(hot.out)
    assert not bears(hot, piece(Category.SWEATER, "sweater", -20, 15))
    assert bears(hot, worn[0])


def test_what_is_worn_all_year_is_no_warmer_than_a_hoodie() -> None:
    worn = [
        piece(Category.TOP, "hoodie", 0, 18),
        piece(Category.PANTS, "jeans", -8, 28),
        piece(Category.COAT, "overcoat", -20, 13),
    ]
    gains = aim_of(Gain.WARMER, worn).gains
    assert not gains(piece(Category.TOP, "t-shirt", -5, 45))
    assert not gains(piece(Category.TOP, "shirt", -5, 34))
    assert gains(piece(Category.TOP, "sweater", -20, 15))


def test_trousers_beside_a_dress_are_not_replaced() -> None:
    worn = [
        piece(Category.DRESS, "dress", 6, 34, grade=1.4),
        piece(Category.PANTS, "trousers", grade=0.8),
        piece(Category.SHOE, "trainer", grade=0.8),
    ]
    assert aim_of(Gain.DRESS_UP, worn).slots == (Slot.SHOES,)


def test_an_outfit_is_dressy_as_a_whole_only() -> None:
    assert is_dressy([piece(Category.DRESS, grade=2.2), piece(Category.SHOE, grade=2.0)])
    assert not is_dressy([piece(Category.DRESS, grade=2.6), piece(Category.SHOE, grade=1.0)])


def test_turns_of_two_outfits_have_nothing_in_common() -> None:
    numbers = list(range(400))
    one, other = drawn(numbers, 7), drawn(numbers, 8)
    assert np.array_equal(one, drawn(numbers, 7)) and abs(float(one.mean())) < 0.06
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.15
    # neighbours for one outfit are none for the next
    near = np.argsort(one)[:40]
    assert float(np.ptp(other[near])) > 0.7


def test_colours_that_fight_are_never_together_and_loud_legs_cost() -> None:
    stylist = Stylist(shipped())
    rules = DressRules(stylist, DAY)
    red, coral, navy = (
        stylist.item(item(colour, Category.PANTS, colour=colour))
        for colour in ("red", "coral", "navy")
    )
    top = stylist.item(item("top", Category.TOP, colour="coral"))
    never, _ = rules.between([red, coral, navy], [top])
    assert never[:, 0].tolist() == [True, False, False]
    _, cost = rules.alone([red, navy])
    assert cost[0] > cost[1] + 0.3
