"""A style learnt from feedback, and scores moved towards it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.people.feedback import HALF_LIFE_DAYS, Feedback
from recommender.people.style import BOUND, SUNK, Style, learn, rerank, taste
from recommender.people.usual import CatalogueAverages, Prices
from recommender.wire.terms import Verdict
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import item

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SHOES = [item(f"shoe-{n}", Category.SHOE, f"{20 + 20 * n}.00") for n in range(6)]
BAGS = [item(f"bag-{n}", Category.BAG, f"{30 + 20 * n}.00") for n in range(6)]
KIND = {Category.SHOE: [1.0, 0, 0, 0], Category.BAG: [0, 1.0, 0, 0]}


def unit(items: Sequence[CatalogItem]) -> NDArray[np.float32]:
    """Return vectors of kind, and around a circle of looks: number 0 and 3 are opposites."""
    turns = [2 * np.pi * int(each.sku[-1]) / 6 for each in items]
    rows = [
        np.array(KIND[each.category]) + 0.5 * np.array([0, 0, np.cos(t), np.sin(t)])
        for each, t in zip(items, turns, strict=True)
    ]
    stacked = np.array(rows, np.float32)
    return np.asarray(stacked / np.linalg.norm(stacked, axis=1, keepdims=True), np.float32)


ALL = [*SHOES, *BAGS]
VECTORS = dict(zip([each.sku for each in ALL], unit(ALL), strict=True))
USUAL = CatalogueAverages.of(ALL, unit(ALL))


def style_of(*answer: tuple[Verdict, str], days_ago: float = 0.0) -> Style:
    at = NOW - timedelta(days=days_ago)
    events = [Feedback(verdict, (sku,), at) for verdict, sku in answer]
    return learn(events, {each.sku: each for each in ALL}, VECTORS, USUAL, NOW)


def like(*skus: str, days_ago: float = 0.0) -> Style:
    return style_of(*((Verdict.LIKE, sku) for sku in skus), days_ago=days_ago)


def ranked(style: Style, items: Sequence[CatalogItem] = SHOES) -> list[str]:
    equal = np.full(len(items), 0.6, np.float32)
    scores = rerank(equal, items, unit(items), replace(style, prices=None))
    return [items[row].sku for row in np.argsort(-scores, kind="stable")]


def test_a_stranger_changes_nothing() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.3, 0.2, 0.7], np.float32)
    assert rerank(scores, SHOES, unit(SHOES), Style()) is scores
    assert rerank(scores, SHOES, unit(SHOES), style_of()) is scores
    assert Style().sureness(Slot.SHOES) == 0.0


def test_no_items_are_no_scores() -> None:
    assert (
        rerank(np.zeros(0, np.float32), [], np.zeros((0, 4), np.float32), like("bag-0")).size == 0
    )


def test_the_first_like_puts_its_like_first_and_its_opposite_last() -> None:
    order = ranked(like("shoe-1"))
    assert order[0] == "shoe-1" and set(order[1:3]) == {"shoe-0", "shoe-2"}
    assert order[-1] == "shoe-4"


def test_a_like_speaks_a_little_for_other_slots() -> None:
    assert ranked(like("shoe-1"), BAGS)[0] == "bag-1"
    assert ranked(like("shoe-1", "bag-4"), BAGS)[0] == "bag-4", "its own slot has more to say"


def test_every_slot_has_its_own_vector() -> None:
    style = like("shoe-1", "bag-4")
    assert set(style.vectors) == {Slot.SHOES, Slot.BAG}
    np.testing.assert_allclose(style.vectors[Slot.SHOES], like("shoe-1").vectors[Slot.SHOES])


def test_a_dislike_pushes_away() -> None:
    order = ranked(style_of((Verdict.DISLIKE, "shoe-1")))
    assert order[0] == "shoe-4" and order[-1] == "shoe-1"


def test_a_disliked_item_scores_nothing_and_is_named() -> None:
    style = style_of((Verdict.DISLIKE, "shoe-1"))
    scores = rerank(np.full(6, 0.6, np.float32), SHOES, unit(SHOES), style)
    assert scores[1] == 0.0 and (np.delete(scores, 1) > 0).all()
    assert style.disliked == {"shoe-1"}


def test_what_looks_like_a_disliked_item_sinks_unless_it_is_liked() -> None:
    twin = replace(SHOES[1], sku="twin-1")
    vectors = unit([*SHOES, SHOES[1]])
    scores = np.full(7, 0.6, np.float32)
    sunk = rerank(scores, [*SHOES, twin], vectors, style_of((Verdict.DISLIKE, "shoe-1")))
    assert 0.0 < sunk[6] < SUNK * 0.6 + 1e-6 < sunk[4]
    known = {each.sku: each for each in [*SHOES, twin]}
    at = {**VECTORS, "twin-1": VECTORS["shoe-1"]}
    parts = [Feedback(Verdict.DISLIKE, ("shoe-1",), NOW), Feedback(Verdict.LIKE, ("twin-1",), NOW)]
    kept = rerank(scores, [*SHOES, twin], vectors, learn(parts, known, at, USUAL, NOW))
    assert kept[6] > SUNK * 0.6 and kept[1] == 0.0


def test_sureness_grows_with_likes_and_fades_with_time() -> None:
    sure = [like(*[f"shoe-{n}" for n in range(k)]).sureness(Slot.SHOES) for k in range(5)]
    assert sure == sorted(set(sure)) and sure[1] == pytest.approx(1 / 3)
    assert like("shoe-0", days_ago=HALF_LIFE_DAYS).sureness(Slot.SHOES) == pytest.approx(0.2)
    assert like("bag-0").sureness(Slot.SHOES) < sure[1]


def test_an_old_like_gives_way_to_a_new_one() -> None:
    parts = [
        Feedback(Verdict.LIKE, ("shoe-4",), NOW - timedelta(days=3 * HALF_LIFE_DAYS)),
        Feedback(Verdict.LIKE, ("shoe-1",), NOW),
    ]
    style = learn(parts, {each.sku: each for each in ALL}, VECTORS, USUAL, NOW)
    assert ranked(style)[0] == "shoe-1"


def test_the_price_alone_orders_items_that_look_alike() -> None:
    style = replace(like("shoe-1"), vectors={})
    found = taste(SHOES, unit(SHOES), style)
    assert int(np.argmax(found)) == 1
    assert list(found[1:]) == sorted(found[1:], reverse=True)


def test_what_is_no_longer_sold_or_has_no_vector_pulls_nothing() -> None:
    parts = [Feedback(Verdict.LIKE, (sku,), NOW) for sku in ("gone", "shoe-1", "bag-1")]
    style = learn(
        parts, {"shoe-1": SHOES[1], "bag-1": BAGS[1]}, {"shoe-1": VECTORS["shoe-1"]}, USUAL, NOW
    )
    assert style.missing == ("gone",) and style.feedback_count == 3
    assert set(style.vectors) == {Slot.SHOES}


scores_of_six = st.lists(st.floats(0, 1, width=32), min_size=6, max_size=6)
likes = st.lists(st.sampled_from([each.sku for each in ALL]), max_size=8)


@given(scores=scores_of_six, liked=likes, cutoff=st.floats(0, 1))
def test_scores_move_within_the_bound_and_never_over_the_cutoff(
    scores: list[float], liked: list[str], cutoff: float
) -> None:
    before = np.array(scores, np.float32)
    after = rerank(before, SHOES, unit(SHOES), like(*liked), cutoff=cutoff)
    assert after.dtype == np.float32
    assert ((after >= 0) & (after <= 1)).all()
    assert np.abs(after - before).max() <= BOUND + 1e-6
    assert ((before >= np.float32(cutoff)) == (after >= np.float32(cutoff))).all()


@given(liked=likes, fit=st.floats(0, 1, width=32))
def test_what_fits_far_better_stays_before_what_is_liked(liked: list[str], fit: float) -> None:
    style = like(*liked)
    worse = max(0.0, fit - BOUND / (1 - BOUND) - 1e-4)
    for row in range(6):
        before = np.full(6, worse, np.float32)
        before[row] = fit
        after = rerank(before, SHOES, unit(SHOES), style)
        if worse > 0:
            assert int(np.argmax(after)) == row


def test_usual_prices_are_of_a_kind_and_a_currency() -> None:
    dollars = replace(SHOES[0], sku="d", currency="USD")
    assert USUAL.dearness(SHOES[5]) > 0 > (USUAL.dearness(SHOES[0]) or 0)  # type: ignore[operator]
    assert USUAL.dearness(dollars) is None
    assert USUAL.dearness(item("free", Category.SHOE, None)) is None
    assert USUAL.dearness(item("gift", Category.SHOE, "0.00")) is None


def test_prices_narrow_with_evidence() -> None:
    one, many = Prices.of([(1.0, 1.0)]), Prices.of([(1.0, 1.0)] * 9)
    assert Prices.of([]) is None and Prices.of([(None, 1.0)]) is None
    assert one is not None and many is not None
    assert one.level == many.level == 1.0 and many.spread < one.spread
    assert one.liking(1.0) == 1.0 > one.liking(2.0) > one.liking(4.0) > -1.0
