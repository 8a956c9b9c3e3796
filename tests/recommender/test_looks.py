from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.completion.looks import Beside, looks, shown
from recommender.outfits.look import Candidate, Look
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import item


def apart(items: Sequence[CatalogItem]) -> NDArray[np.float32]:
    return np.full((len(items), len(items)), 0.5, np.float32)


def matching(*couples: set[str], well: float = 1.0) -> Beside:
    """Return what says that some couples of skus go well, and no others at all."""

    def beside(items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        rows = [[well * ({a.sku, b.sku} in couples) for b in items] for a in items]
        return np.array(rows, np.float32).reshape(len(items), len(items))

    return beside


def pool(kind: Category, *scored: tuple[str, float, str | None]) -> list[Candidate]:
    return [Candidate(item(sku, kind, price), score) for sku, score, price in scored]


def picked(made: Sequence[Look]) -> list[list[str]]:
    """Return the skus of every look, in its order."""
    return [[pick.item.sku for pick in look.picks.values()] for look in made]


SHOES = pool(Category.SHOE, ("s1", 0.9, "50"), ("s2", 0.8, "20"), ("s3", 0.7, "10"))
BAGS = pool(Category.BAG, ("b1", 0.8, "90"), ("b2", 0.6, "30"))


def test_looks_do_not_repeat_an_item_that_has_an_alternative() -> None:
    made = looks({Slot.SHOES: SHOES, Slot.BAG: BAGS}, 3, beside=apart)
    assert picked(made) == [["s1", "b1"], ["s2", "b2"], ["s3", "b1"]]  # no third bag to take


def test_no_more_looks_than_there_are_different_ones() -> None:
    assert len(looks({Slot.BAG: BAGS[:1]}, 3, beside=apart)) == 1
    assert looks({Slot.BAG: []}, 3, beside=apart) == ()
    assert looks({}, 3, beside=apart) == ()


def test_picks_are_chosen_to_go_together() -> None:
    bags = pool(Category.BAG, ("b1", 0.70, "1"), ("b2", 0.68, "1"))
    made = looks({Slot.SHOES: SHOES, Slot.BAG: bags}, 1, beside=matching({"s1", "b2"}))
    assert picked(made) == [["s1", "b2"]]


def test_the_first_slot_gives_way_to_what_goes_together() -> None:
    made = looks({Slot.SHOES: SHOES, Slot.BAG: BAGS}, 1, beside=matching({"s2", "b1"}))
    assert picked(made) == [["s2", "b1"]]  # s1 alone scores higher


@pytest.mark.parametrize(
    ("budget", "skus"),
    [
        ("200", ["s1", "b1"]),
        ("100", ["s1", "b2"]),
        ("45", ["s3", "b2"]),
        ("39", ["s2"]),
        ("9", []),
    ],
)
def test_a_look_keeps_to_its_budget(budget: str, skus: list[str]) -> None:
    made = looks({Slot.SHOES: SHOES, Slot.BAG: BAGS}, 1, beside=apart, budget=Decimal(budget))
    assert [sku for look in picked(made) for sku in look] == skus


@given(st.integers(0, 300), st.integers(1, 5))
def test_no_look_costs_more_than_its_budget(budget: int, count: int) -> None:
    pools = {Slot.SHOES: SHOES, Slot.BAG: BAGS}
    for look in looks(pools, count, beside=apart, budget=Decimal(budget)):
        assert look.totals["EUR"] <= budget


def test_what_has_no_price_cannot_be_budgeted() -> None:
    free = pool(Category.SHOE, ("s0", 0.99, None))
    assert looks({Slot.SHOES: free}, 1, beside=apart, budget=Decimal(100)) == ()
    assert len(looks({Slot.SHOES: free}, 1, beside=apart)) == 1


def test_equal_scores_are_ordered_by_sku() -> None:
    even = pool(Category.SHOE, ("b", 0.5, "1"), ("a", 0.5, "1"))
    assert looks({Slot.SHOES: even}, 1, beside=apart)[0].picks[Slot.SHOES].item.sku == "a"


def test_what_is_shown_holds_the_looks_picks() -> None:
    made = looks({Slot.SHOES: list(reversed(SHOES))}, 3, beside=apart, budget=Decimal(15))
    skus = [candidate.item.sku for candidate in shown(SHOES, made, Slot.SHOES, 2)]
    assert skus == ["s1", "s3"]


def test_no_look_that_is_much_poorer_than_the_first() -> None:
    shoes = pool(Category.SHOE, ("s1", 0.9, "1"), ("s2", 0.80, "1"), ("s3", 0.55, "1"))
    assert picked(looks({Slot.SHOES: shoes}, 3, beside=apart)) == [["s1"], ["s2"]]


def test_an_item_is_repeated_where_no_other_can_be_paid() -> None:
    pools = {Slot.SHOES: SHOES, Slot.BAG: BAGS}
    made = looks(pools, 2, beside=apart, budget=Decimal(60))
    assert picked(made) == [["s2", "b2"], ["s3", "b2"]]  # b1 costs 90


def test_what_is_picked_stands_in_every_look_and_counts() -> None:
    [coat] = pool(Category.COAT, ("c1", 0.2, "70"))
    pools = {Slot.BAG: BAGS, Slot.SHOES: SHOES}
    fond = matching({"c1", "s3"}, {"c1", "b1"}, {"c1", "b2"})
    made = looks(pools, 2, beside=fond, picked=[coat])
    assert [look.picks[Slot.OUTER] for look in made] == [coat, coat]
    assert picked(made)[0] == ["s3", "c1", "b1"]
    [within] = looks(pools, 1, beside=apart, picked=[coat], budget=Decimal(85))
    assert list(within.picks) == [Slot.SHOES, Slot.OUTER] and within.totals["EUR"] == 80
    assert looks(pools, 1, beside=apart, picked=[coat], budget=Decimal(69)) == ()


def test_what_is_picked_alone_is_one_look() -> None:
    assert picked(looks({}, 3, beside=apart, picked=BAGS[:1])) == [["b1"]]


KINDS = {Slot.TOP: Category.SHIRT, Slot.SHOES: Category.SHOE, Slot.BAG: Category.BAG}


@st.composite
def stocks(draw: st.DrawFn) -> dict[str, Any]:
    """Return pools of up to three slots, how well each two items go, a budget and picks."""
    pools = {
        slot: [
            Candidate(item(f"{kind}-{at}", kind, f"{draw(st.integers(1, 9))}"), score)
            for at, score in enumerate(draw(st.lists(st.floats(0, 1), max_size=4)))
        ]
        for slot, kind in KINDS.items()
    }
    coat = Candidate(item("coat", Category.COAT, "3"), draw(st.floats(0, 1)))
    return {
        "pools": pools,
        "seed": draw(st.integers(0, 99)),
        "budget": draw(st.none() | st.integers(0, 30).map(Decimal)),
        "picked": draw(st.sampled_from([[], [coat]])),
    }


def by_chance(seed: int) -> Beside:
    """Return what says by chance how well each two items go, whatever their order."""

    def beside(items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        def of(one: CatalogItem, other: CatalogItem) -> float:
            text = f"{seed}{sorted((one.sku, other.sku))}"
            return float(np.random.default_rng(list(text.encode())).random())

        rows = [[of(one, other) for other in items] for one in items]
        return np.array(rows, np.float32).reshape(len(items), len(items))

    return beside


def merit(chosen: Sequence[Candidate], beside: Beside) -> float:
    mean = sum(each.score for each in chosen) / len(chosen)
    if len(chosen) == 1:
        return mean
    table = beside([each.item for each in chosen])
    couples = [float(table[a, b]) for a, b in itertools.combinations(range(len(chosen)), 2)]
    return 0.75 * mean + 0.25 * sum(couples) / len(couples)


def tried_all(
    pools: Mapping[Slot, Sequence[Candidate]],
    picked: Sequence[Candidate],
    budget: Decimal | None,
    beside: Beside,
) -> float | None:
    """Return the best merit of all looks that fill the slots which can be filled at once."""
    money = Decimal(10**6) if budget is None else budget
    kept: list[Sequence[Candidate]] = [[each] for each in picked]
    for pool in pools.values():  # in the order of essence already
        cheapest = [min(cost(each) for each in one) for one in [*kept, pool] if one]
        if pool and sum(cheapest) <= money:
            kept.append(pool)
    within = [c for c in itertools.product(*kept) if c and sum(map(cost, c)) <= money]
    return max((merit(choice, beside) for choice in within), default=None)


def cost(candidate: Candidate) -> Decimal:
    assert candidate.item.price is not None
    return candidate.item.price


@given(stocks())
def test_a_wide_beam_finds_what_trying_all_finds(stock: dict[str, Any]) -> None:
    pools, chosen, budget = stock["pools"], stock["picked"], stock["budget"]
    beside = by_chance(stock["seed"])
    made = looks(pools, 1, beside=beside, picked=chosen, budget=budget, width=99)
    best = tried_all(pools, chosen, budget, beside)
    assert (best is None) == (not made)
    for look in made:
        assert merit(list(look.picks.values()), beside) == pytest.approx(best, abs=1e-6)


@given(stocks(), st.integers(1, 4))
def test_looks_keep_their_promises(stock: dict[str, Any], count: int) -> None:
    pools, chosen, budget = stock["pools"], stock["picked"], stock["budget"]
    made = looks(
        pools, count, beside=by_chance(stock["seed"]), picked=chosen, budget=budget, width=2
    )
    assert len(made) <= count
    assert len({frozenset(skus) for skus in picked(made)}) == len(made)
    for look in made:
        assert all(each in look.picks.values() for each in chosen)
        assert all(slot is pick.slot for slot, pick in look.picks.items())
        assert budget is None or sum(map(cost, look.picks.values())) <= budget
    if budget is None and made:
        filled = {slot for slot, pool in pools.items() if pool} | {each.slot for each in chosen}
        assert all(set(look.picks) == filled for look in made)


@given(stocks(), st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_is_of_no_account(stock: dict[str, Any], chance: Any) -> None:
    pools, beside = stock["pools"], by_chance(stock["seed"])
    more = {"picked": stock["picked"], "budget": stock["budget"]}
    shuffled = {slot: chance.sample(pools[slot], len(pools[slot])) for slot in reversed(pools)}
    assert picked(looks(shuffled, 3, beside=beside, **more)) == picked(
        looks(pools, 3, beside=beside, **more)
    )


@pytest.mark.parametrize("budget", [None, Decimal(200)])
def test_eight_slots_of_24_are_put_together_at_once(budget: Decimal | None) -> None:
    kinds = (
        Category.DRESS, Category.PANTS, Category.SHIRT, Category.SHOE, Category.COAT, Category.BAG,
        Category.TIGHTS, Category.HAT,
    )  # fmt: skip
    chance = np.random.default_rng(7)
    pools = {
        kind: pool(kind, *((f"{kind}-{at}", chance.random(), f"{10 + at}") for at in range(24)))
        for kind in kinds
    }
    filled = {found[0].slot: found for found in pools.values()}
    table = chance.random((192, 192), np.float32)
    table = np.maximum(table, table.T)
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        made = looks(filled, 3, beside=lambda _: table, budget=budget)
        spent.append(time.perf_counter() - start)
        assert [len(look.picks) for look in made] == [8, 8, 8]
    assert min(spent) < 0.1  # 3 ms on an idle machine
