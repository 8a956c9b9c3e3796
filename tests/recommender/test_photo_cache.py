"""Photos in memory: unguessable, for a while, not too many, and gone when they are gone."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from index.facts.reader import FactsReader
from index.model.garment_facts import Formality, GarmentFacts
from recommender.errors import PhotoNotFound
from recommender.photos.photo_analysis import PhotoAnalysis, analyse, without
from recommender.photos.photo_cache import HeldPhotos
from segmentation.common.garments import Photo
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import DRESSED, FakeDetector, FakeServices, photo, shop

MINUTE = 60.0


@dataclass
class Clock:
    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def held(clock: Clock) -> HeldPhotos:
    return HeldPhotos(clock=clock)


def seen(width: int = 40) -> PhotoAnalysis:
    return analyse(photo(width=width), FakeServices(shop(1), FakeDetector(DRESSED)))


def test_a_photo_is_as_it_was(held: HeldPhotos) -> None:
    given = seen()
    put = held.put(given, MINUTE)
    assert (put.analysis, put.left_s) == (given, MINUTE)
    got = held.get(put.id).analysis
    assert got.photo is given.photo
    assert np.array_equal(got.vectors_unit, given.vectors_unit)
    for one, other in zip(got.garments, given.garments, strict=True):
        assert np.array_equal(one.mask, other.mask)
        assert (one.category, one.score, one.box_xyxy) == (
            other.category,
            other.score,
            other.box_xyxy,
        )
        assert one.attributes == other.attributes


class Dressy(FactsReader):
    def read(self, vectors_unit: object, categories: Sequence[Category]) -> list[GarmentFacts]:
        return [GarmentFacts(formality=Formality.FORMAL) for _ in categories]


def test_a_held_photo_is_as_dressy_as_one_that_is_sent(held: HeldPhotos) -> None:
    given = FakeServices(shop(1), FakeDetector(DRESSED), facts=Dressy())
    sent = analyse(photo(), given)
    kept = held.get(held.put(sent, MINUTE).id).analysis
    facts = [each.formality for each in kept.outfit.facts]
    assert facts == [each.formality for each in sent.outfit.facts] == [Formality.FORMAL] * 2


def test_ids_cannot_be_guessed(held: HeldPhotos) -> None:
    names = {held.put(seen(), MINUTE).id for _ in range(20)}
    assert len(names) == 20
    assert all(len(name) == 22 and set(name) < set(_URL_SAFE) for name in names)


_URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_a_photo_goes_some_time_after_its_last_use(held: HeldPhotos, clock: Clock) -> None:
    name = held.put(seen(), MINUTE).id
    clock.now_s += 59
    assert held.get(name).left_s == MINUTE  # its time begins anew
    clock.now_s += 59
    held.change(name, lambda each: each)
    clock.now_s += 59
    held.get(name)
    clock.now_s += 60
    with pytest.raises(PhotoNotFound) as refused:
        held.get(name)
    assert name not in str(refused.value)
    assert len(held) == 0


def test_a_sweep_lets_go_of_what_nobody_asks_for(held: HeldPhotos, clock: Clock) -> None:
    short, long = held.put(seen(), 10).id, held.put(seen(), 100).id
    watched = weakref.ref(held.get(short).analysis.photo)
    held.sweep()
    assert len(held) == 2
    clock.now_s += 50
    assert watched() is not None
    held.sweep()
    gc.collect()
    assert len(held) == 1 and watched() is None  # its pixels too
    assert held.get(long).id == long


def test_deleting_says_whether_there_was_one(held: HeldPhotos, clock: Clock) -> None:
    name, other = held.put(seen(), MINUTE).id, held.put(seen(), MINUTE).id
    watched = weakref.ref(held.get(name).analysis.photo)
    assert held.delete(name) is True
    gc.collect()
    assert watched() is None
    assert held.delete(name) is False
    assert held.delete("nothing") is False
    clock.now_s += 61
    assert held.delete(other) is False  # it had expired


def test_too_many_let_the_oldest_go(clock: Clock) -> None:
    held = HeldPhotos(most=3, clock=clock)
    first, second, third = (held.put(seen(), MINUTE).id for _ in range(3))
    held.get(first)
    held.put(seen(), MINUTE)
    assert len(held) == 3
    with pytest.raises(PhotoNotFound):
        held.get(second)
    assert held.get(first) and held.get(third)


def test_too_many_bytes_let_the_oldest_go(clock: Clock) -> None:
    one = HeldPhotos(clock=clock)
    one.put(seen(), MINUTE)
    size = one.nbytes
    assert 40 * 60 * 3 < size < 40 * 60 * 3 + 1000  # masks as run lengths
    held = HeldPhotos(most_bytes=3 * size, clock=clock)
    names = [held.put(seen(), MINUTE).id for _ in range(4)]
    assert len(held) == 3 and held.nbytes <= 3 * size
    with pytest.raises(PhotoNotFound):
        held.get(names[0])
    large = held.put(seen(width=400), MINUTE).id  # more than all that may be: it alone stays
    assert len(held) == 1 and held.get(large)


def test_transparency_counts(held: HeldPhotos) -> None:
    given = seen()
    held.put(given, MINUTE)
    before = held.nbytes
    alpha = np.zeros((60, 40), np.uint8)
    clear = replace(given, photo=Photo(given.photo.rgb, alpha))
    held.put(clear, MINUTE)
    assert held.nbytes == 2 * before + alpha.nbytes


def test_a_change_stays(held: HeldPhotos) -> None:
    name = held.put(seen(), MINUTE).id
    assert len(held.change(name, lambda each: without(each, 0)).analysis.garments) == 1
    assert len(held.get(name).analysis.garments) == 1


def test_a_change_that_fails_changes_nothing(held: HeldPhotos) -> None:
    name = held.put(seen(), MINUTE).id

    def fail(_: PhotoAnalysis) -> PhotoAnalysis:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        held.change(name, fail)
    assert (
        len(held.change(name, lambda each: each).analysis.garments) == 2
    )  # and nothing stays locked


def test_what_is_deleted_while_it_is_changed_stays_deleted(held: HeldPhotos) -> None:
    name = held.put(seen(), MINUTE).id

    def change(each: PhotoAnalysis) -> PhotoAnalysis:
        assert held.delete(name)
        return each

    with pytest.raises(PhotoNotFound):
        held.change(name, change)
    assert len(held) == 0


def test_changes_of_one_photo_are_made_one_after_another(held: HeldPhotos) -> None:
    name, other = held.put(seen(), MINUTE).id, held.put(seen(), MINUTE).id
    inside, go = threading.Event(), threading.Event()

    def slow(each: PhotoAnalysis) -> PhotoAnalysis:
        inside.set()
        assert go.wait(10)
        return without(each, 0)

    first = threading.Thread(target=held.change, args=(name, slow))
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=held.change, args=(name, lambda each: without(each, 0)))
    second.start()
    second.join(0.05)
    assert second.is_alive()
    assert len(held.get(name).analysis.garments) == 2  # reading waits for nobody
    assert len(held.change(other, lambda each: without(each, 0)).analysis.garments) == 1
    go.set()
    first.join(10)
    second.join(10)
    assert len(held.get(name).analysis.garments) == 0


def test_many_threads_and_little_room() -> None:
    held = HeldPhotos(most=5)
    given = seen()
    wrong: list[BaseException] = []

    def visit() -> None:
        try:
            for _ in range(20):
                name = held.put(given, MINUTE).id
                try:
                    held.get(name)
                    held.change(name, lambda each: each)
                except PhotoNotFound:
                    continue  # others came in between
                held.delete(name)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert wrong == [] and len(held) <= 5


def test_clearing_lets_go_of_all(held: HeldPhotos) -> None:
    name = held.put(seen(), MINUTE).id
    held.clear()
    assert len(held) == 0
    with pytest.raises(PhotoNotFound):
        held.get(name)
