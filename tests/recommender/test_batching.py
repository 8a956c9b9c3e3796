from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.runtime.batching import SharedBatches
from segmentation.common.garments import Rgb
from segmentation.engines.joining import Joined
from tests.fakes import FakeEncoder


@dataclass
class Counting(FakeEncoder):
    """Counts its batches, takes its time, and fails over a black picture."""

    takes_s: float = 0.03
    batches: list[int] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.batches.append(len(images_rgb))
        time.sleep(self.takes_s)
        self.at_once -= 1
        if any(not rgb.any() for rgb in images_rgb):
            raise ArithmeticError("black")
        return super().encode_images(images_rgb)


def plain(value: int) -> Rgb:
    return np.full((4, 4, 3), (value, 255 - value, 10 if value else 0), dtype=np.uint8) * bool(
        value
    )


def void(_: object) -> None:
    """Take what is not looked at."""


def together(number: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


def test_requests_share_batches_and_each_gets_its_own() -> None:
    encoder = Counting()
    shared, found = SharedBatches(encoder), {}

    def ask(at: int) -> None:
        found[at] = shared.encode_images([plain(10 * at + 5)] * (1 + at % 3))

    together(16, ask)
    assert len(encoder.batches) < 8 and encoder.most_at_once == 1
    assert sum(encoder.batches) == sum(1 + at % 3 for at in range(16))
    for at, rows in found.items():
        expected = FakeEncoder().encode_images([plain(10 * at + 5)] * (1 + at % 3))
        assert np.array_equal(rows, expected)


def test_without_sharing_there_are_as_many_calls_as_requests() -> None:
    encoder = Counting(takes_s=0.001)
    together(16, lambda at: void(encoder.encode_images([plain(at + 1)])))
    assert len(encoder.batches) == 16


def test_one_that_fails_fails_alone_and_holds_up_nobody() -> None:
    encoder = Counting()
    shared = SharedBatches(encoder)
    ends: dict[int, str] = {}

    def ask(at: int) -> None:
        try:
            ends[at] = str(shared.encode_images([plain(0 if at == 5 else 20 + at)]).shape)
        except ArithmeticError as error:
            ends[at] = str(error)

    together(9, ask)
    assert ends == {at: "black" if at == 5 else "(1, 8)" for at in range(9)}
    assert shared.encode_images([plain(7)]).shape == (1, 8)


def test_one_alone_does_not_wait() -> None:
    shared = SharedBatches(Counting(takes_s=0), linger_s=30)
    started = time.monotonic()
    for value in (1, 2, 3):
        shared.encode_images([plain(value)])
    assert time.monotonic() - started < 15


def test_a_batch_lingers_until_it_is_full() -> None:
    encoder = Counting(takes_s=0.2)
    shared = SharedBatches(encoder, most=4, linger_s=30)

    def ask(at: int) -> None:
        time.sleep(0.02 * at if at < 2 else 0.3 + 0.05 * at)
        shared.encode_images([plain(at + 1)])

    started = time.monotonic()
    together(5, ask)
    assert encoder.batches == [1, 4]
    assert time.monotonic() - started < 5


def test_a_batch_has_a_bound_that_one_request_may_exceed() -> None:
    encoder = Counting()
    shared = SharedBatches(encoder, most=4)
    together(12, lambda at: void(shared.encode_images([plain(at + 1)] * 2)))
    assert max(encoder.batches) == 4
    assert shared.encode_images([plain(3)] * 9).shape == (9, 8)


def test_what_else_an_encoder_has_is_passed_on() -> None:
    encoder = FakeEncoder()
    shared = SharedBatches(encoder)
    assert (shared.dim, shared.fingerprint) == (encoder.dim, encoder.fingerprint)
    assert np.array_equal(shared.encode_texts(["red"]), encoder.encode_texts(["red"]))
    assert shared.encode_images([]).shape == (0, 8)


def test_nothing_is_lost_over_many_rounds() -> None:
    rounds = 30
    encoder = Counting(takes_s=0.0005)
    shared, done = SharedBatches(encoder, linger_s=0.001), []

    def ask(at: int) -> None:
        for each in range(rounds):
            done.append(shared.encode_images([plain(1 + (at * rounds + each) % 250)]).shape)

    together(8, ask)
    assert done == [(1, 8)] * 8 * rounds and encoder.most_at_once == 1


def test_only_what_is_alike_shares_a_batch_and_nobody_is_left_out() -> None:
    batches: list[list[int]] = []
    started = threading.Event()

    def work(numbers: Sequence[int]) -> list[int]:
        batches.append(list(numbers))
        if numbers == [100]:
            started.wait(10)
        return [2 * number for number in numbers]

    joined = Joined(work, most=3, like=lambda number: number % 2)
    found: dict[int, list[int]] = {}

    def ask(at: int) -> None:
        found[at] = joined.ask([100 if at == 0 else at])
        assert at or started.is_set()

    first = threading.Thread(target=ask, args=(0,))
    first.start()
    while not batches:
        time.sleep(0.001)
    threading.Timer(0.2, started.set).start()  # until then the others come, and wait
    together(8, lambda at: ask(at + 1))
    first.join(10)
    assert found == {0: [200], **{at: [2 * at] for at in range(1, 9)}}
    assert all(len({number % 2 for number in batch}) == 1 for batch in batches)
    assert len(batches) < 9 and max(map(len, batches)) == 3
