"""What is left of a person's feedback, and which ids are accepted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recommender.errors import RequestError
from recommender.people.feedback import HALF_LIFE_DAYS, Feedback, check_person, weigh
from recommender.wire.terms import Verdict

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIKE, DISLIKE, SAVE = Verdict.LIKE, Verdict.DISLIKE, Verdict.SAVE


def feedback(verdict: Verdict, *skus: str, days_ago: float = 0.0) -> Feedback:
    return Feedback(verdict, skus, NOW - timedelta(days=days_ago))


def test_nothing_told_weighs_nothing() -> None:
    assert weigh([], NOW) == {}


def test_a_saved_item_counts_half_a_like_and_a_dislike_pushes() -> None:
    weights = weigh([feedback(LIKE, "a"), feedback(SAVE, "b", "c"), feedback(DISLIKE, "d")], NOW)
    assert weights == {"a": 1.0, "b": 0.5, "c": 0.5, "d": -0.5}


def test_words_halve_with_every_half_life() -> None:
    old = [
        feedback(LIKE, "a", days_ago=HALF_LIFE_DAYS),
        feedback(LIKE, "b", days_ago=2 * HALF_LIFE_DAYS),
    ]
    assert weigh(old, NOW) == {"a": 0.5, "b": 0.25}


def test_the_last_word_on_an_item_counts() -> None:
    assert weigh([feedback(LIKE, "a", days_ago=1), feedback(DISLIKE, "a")], NOW) == {"a": -0.5}
    assert weigh([feedback(DISLIKE, "a", days_ago=1), feedback(SAVE, "a")], NOW) == {"a": 0.5}


def test_liking_twice_is_liking_once() -> None:
    assert weigh([feedback(LIKE, "a"), feedback(LIKE, "a")], NOW) == {"a": 1.0}


def test_saving_what_is_liked_makes_the_like_anew() -> None:
    assert weigh([feedback(LIKE, "a", days_ago=900), feedback(SAVE, "a", "b")], NOW) == {
        "a": 1.0,
        "b": 0.5,
    }


def test_what_was_told_later_than_now_does_not_count() -> None:
    assert weigh([feedback(LIKE, "a", days_ago=-1)], NOW) == {}


@pytest.mark.parametrize("person", ["a", "A-1_z", "0" * 64])
def test_ids_that_are_accepted(person: str) -> None:
    assert check_person(person) == person


@pytest.mark.parametrize("person", ["", "a" * 65, "a b", "a@b.c", "é", "a\n", "../a", "a;b", "٣"])
def test_ids_that_are_refused(person: str) -> None:
    with pytest.raises(RequestError) as refused:
        check_person(person)
    assert "1 to 64" in refused.value.expected


@pytest.mark.parametrize(
    ("verdict", "skus"), [(LIKE, ()), (LIKE, ("a", "b")), (SAVE, ()), (SAVE, tuple("x" * 21))]
)
def test_a_word_is_about_one_item_and_a_look_about_a_few(
    verdict: Verdict, skus: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="skus"):
        Feedback(verdict, skus, NOW)
