"""What was made of a row is made once, and the least used is forgotten."""

from __future__ import annotations

import numpy as np

from recommender.outfits.row_memory import RowMemory, digests

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)
MANY = np.arange(100, 160, dtype=np.float32).reshape(20, 3)


def test_each_row_is_made_once_for_each_kind() -> None:
    memory: RowMemory[str] = RowMemory()
    asked: list[list[int]] = []

    def make(missing: list[int]) -> list[str]:
        asked.append(missing)
        return [f"{at}" for at in missing]

    assert memory.of(ROWS[:2], ["top", "top"], make) == ["0", "1"]
    assert memory.of(ROWS[:3], ["top", "bag", "top"], make) == ["0", "1", "2"]
    assert memory.of(ROWS[:3], ["top", "bag", "top"], make) == ["0", "1", "2"]
    assert asked == [[0, 1], [1, 2]]  # the second row was another kind then


def test_what_is_used_stays_and_the_rest_is_forgotten() -> None:
    memory: RowMemory[int] = RowMemory(most=4)
    made: list[int] = []

    def make(missing: list[int]) -> list[int]:
        made.extend(missing)
        return [10 + at for at in missing]

    for row in (0, 1, 0, 2, 0, 3, 0):
        assert memory.of(ROWS[[row]], [0], make) == [10]
    assert len(made) == 4, "the first row is used again and again"
    made.clear()
    assert memory.of(ROWS[[0, 1]], [0, 0], make) == [10, 11]
    assert made == [1]
    assert memory.of(MANY, [0] * len(MANY), make) == [10 + at for at in range(len(MANY))]


def test_nothing_is_made_of_nothing() -> None:
    assert RowMemory[int]().of(ROWS[:0], [], lambda missing: missing) == []


def test_rows_that_differ_in_a_bit_or_in_their_order_have_other_digests() -> None:
    rows = np.random.default_rng(3).normal(size=(200, 5)).astype(np.float32)
    last = np.nextafter(rows, np.float32(9))
    whole = np.concatenate([rows, last, rows[:, ::-1], -rows])
    assert len(set(digests(whole))) == len(whole)
    assert digests(rows[50:60]) == digests(rows)[50:60], "whatever stands beside them"
