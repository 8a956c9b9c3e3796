"""What is remembered of filters: the same array only, while it lives and cannot change."""

from __future__ import annotations

import gc
from functools import partial

import numpy as np
import pytest

from index.stores.faiss import remembered as module
from index.stores.faiss.remembered import _KEPT, Remembered


def frozen(*keys: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    array = np.asarray(keys, np.int64)
    array.setflags(write=False)
    return array


def test_the_same_read_only_array_is_worked_out_once() -> None:
    remembered, asked = Remembered[int](), frozen(1, 2)
    made = iter(range(9))
    assert [remembered.of(asked, lambda: next(made)) for _ in range(3)] == [0, 0, 0]
    assert remembered.of(frozen(1, 2), lambda: next(made)) == 1, "an equal array is another one"


def test_an_array_that_can_change_is_worked_out_each_time() -> None:
    remembered, asked = Remembered[int](), np.asarray([1, 2])
    made = iter(range(9))
    assert [remembered.of(asked, lambda: next(made)) for _ in range(3)] == [0, 1, 2]


def test_what_nobody_holds_is_forgotten_and_its_place_is_no_other() -> None:
    remembered = Remembered[int]()
    for number in range(300):  # freed memory is used again: an id alone would lie
        asked = frozen(number)
        assert remembered.of(asked, partial(int, number)) == number
        del asked
    gc.collect()
    held = [frozen(number) for number in range(_KEPT + 8)]
    for number, asked in enumerate(held):
        remembered.of(asked, partial(int, number))
    assert len(remembered._held) == _KEPT


def test_filters_that_much_passes_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEYS", 10)
    remembered = Remembered[int]()
    held = [frozen(*range(4)) for _ in range(5)]
    for number, asked in enumerate(held):
        remembered.of(asked, partial(int, number))
    assert len(remembered._held) == 2
    made = iter(range(9, 99))
    assert [remembered.of(asked, lambda: next(made)) for asked in reversed(held)][:2] == [4, 3]
    whole = frozen(*range(40))
    assert [remembered.of(whole, lambda: 1) for _ in range(2)] == [1, 1]
    assert remembered.of(whole, lambda: 2) == 1, "the newest stays, however large"
