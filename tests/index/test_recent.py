"""What is used stays, the rest is forgotten."""

from __future__ import annotations

import pytest

from index.model.recent import Recent


def test_what_is_asked_for_stays_and_the_rest_is_forgotten() -> None:
    recent: Recent[int, str] = Recent(100)
    recent[0] = "used"
    for number in range(1, 1000):
        recent[number] = "new"
        assert recent[0] == "used"
        assert 50 <= len(recent) <= 100 or number < 50
    assert recent.get(1) is None
    with pytest.raises(KeyError):
        recent[1]


def test_what_is_looked_for_stays_as_well() -> None:
    recent: Recent[int, str] = Recent(10)
    recent[0] = "used"
    for number in range(1, 100):
        recent[number] = "new"
        assert recent.get(0) == "used"
    assert recent.get(1) is None and len(recent) <= 10


def test_more_may_come_at_once_than_is_remembered() -> None:
    recent: Recent[int, int] = Recent(4)
    recent.update({number: number for number in range(9)})
    assert [number for number in range(9) if recent.get(number) is not None] == [6, 7, 8]
    recent[8] = 0
    assert recent[8] == 0
