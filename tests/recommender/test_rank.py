from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.items import CatalogItem
from recommender.look import Candidate
from recommender.rank import diverse, looks, shown
from segmentation.taxonomy import Category, Slot
from tests.recommender.fakes import item


def apart(_one: CatalogItem, _other: CatalogItem) -> float:
    return 0.5


def pool(kind: Category, *scored: tuple[str, float, str | None]) -> list[Candidate]:
    return [Candidate(item(sku, kind, price), score, "") for sku, score, price in scored]


SHOES = pool(Category.SHOE, ("s1", 0.9, "50"), ("s2", 0.8, "20"), ("s3", 0.7, "10"))
BAGS = pool(Category.BAG, ("b1", 0.8, "90"), ("b2", 0.6, "30"))


@pytest.mark.parametrize("k", [0, 1, 3, 9])
def test_nothing_to_choose_from(k: int) -> None:
    assert diverse(np.zeros(0, np.float32), np.zeros((0, 4), np.float32), k) == []


def test_without_diversity_the_score_alone_orders() -> None:
    scores = np.array([0.2, 0.9, 0.5], np.float32)
    rows = np.eye(3, dtype=np.float32)
    assert diverse(scores, rows, 3, diversity=0.0, floor=0.0) == [1, 2, 0]


def test_a_twin_gives_way_to_another_kind_of_thing() -> None:
    rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert diverse(np.array([0.9, 0.89, 0.85], np.float32), rows, 2) == [0, 2]


def test_diversity_lifts_nothing_from_below_the_floor() -> None:
    rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert diverse(np.array([0.9, 0.89, 0.3], np.float32), rows, 3) == [0, 1, 2]


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=30), st.integers(1, 40))
def test_choice_is_unique_deterministic_and_led_by_the_best(scores: list[float], k: int) -> None:
    values = np.array(scores, np.float32)
    rows = np.random.default_rng(7).normal(size=(len(scores), 4)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    chosen = diverse(values, rows, k)
    assert chosen == diverse(values.copy(), rows.copy(), k)
    assert len(chosen) == len(set(chosen)) == min(k, len(scores))
    assert chosen[0] == int(np.argmax(values))


def test_looks_do_not_repeat_an_item_that_has_an_alternative() -> None:
    made = looks({Slot.SHOES: SHOES, Slot.BAG: BAGS}, 3, together=apart)
    picked = [[look.picks[slot].item.sku for slot in look.picks] for look in made]
    assert picked == [["s1", "b1"], ["s2", "b2"], ["s3", "b1"]]  # no third bag to take


def test_no_more_looks_than_there_are_different_ones() -> None:
    assert len(looks({Slot.BAG: BAGS[:1]}, 3, together=apart)) == 1
    assert looks({Slot.BAG: []}, 3, together=apart) == ()
    assert looks({}, 3, together=apart) == ()


def test_picks_are_chosen_to_go_together() -> None:
    bags = pool(Category.BAG, ("b1", 0.70, "1"), ("b2", 0.68, "1"))

    def matching(one: CatalogItem, other: CatalogItem) -> float:
        return 1.0 if {one.sku, other.sku} == {"s1", "b2"} else 0.0

    first = looks({Slot.SHOES: SHOES, Slot.BAG: bags}, 1, together=matching)[0]
    assert [pick.item.sku for pick in first.picks.values()] == ["s1", "b2"]


@pytest.mark.parametrize(
    ("budget", "picked"),
    [
        ("200", ["s1", "b1"]),
        ("100", ["s1", "b2"]),
        ("45", ["s3", "b2"]),
        ("39", ["s2"]),
        ("9", []),
    ],
)
def test_a_look_keeps_to_its_budget(budget: str, picked: list[str]) -> None:
    made = looks({Slot.SHOES: SHOES, Slot.BAG: BAGS}, 1, together=apart, budget=Decimal(budget))
    assert [pick.item.sku for look in made for pick in look.picks.values()] == picked


@given(st.integers(0, 300), st.integers(1, 5))
def test_no_look_costs_more_than_its_budget(budget: int, count: int) -> None:
    pools = {Slot.SHOES: SHOES, Slot.BAG: BAGS}
    for look in looks(pools, count, together=apart, budget=Decimal(budget)):
        assert look.totals["EUR"] <= budget


def test_what_has_no_price_cannot_be_budgeted() -> None:
    free = pool(Category.SHOE, ("s0", 0.99, None))
    assert looks({Slot.SHOES: free}, 1, together=apart, budget=Decimal(100)) == ()
    assert len(looks({Slot.SHOES: free}, 1, together=apart)) == 1


def test_equal_scores_are_ordered_by_sku() -> None:
    even = pool(Category.SHOE, ("b", 0.5, "1"), ("a", 0.5, "1"))
    assert looks({Slot.SHOES: even}, 1, together=apart)[0].picks[Slot.SHOES].item.sku == "a"


def test_what_is_shown_holds_the_looks_picks() -> None:
    made = looks({Slot.SHOES: list(reversed(SHOES))}, 3, together=apart, budget=Decimal(15))
    skus = [candidate.item.sku for candidate in shown(SHOES, made, Slot.SHOES, 2)]
    assert skus == ["s1", "s3"]
