"""A photo is analysed once: what is asked later needs neither detector nor encoder."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from index.encoders.attribute_prompts import Family
from index.encoders.clothes import ClothesGate
from recommender.completion.complete import NO_GARMENT, CompleteRequest, complete
from recommender.errors import RequestError
from recommender.photos.photo_analysis import (
    MAX_GARMENTS,
    MIN_SIDE,
    PhotoAnalysis,
    analyse,
    settled,
    with_garment,
    with_kind,
    without,
)
from recommender.similarity.similarity_search import (
    WHOLE,
    SimilarRequest,
    similar_to_photo,
)
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import DRESSED, FakeDetector, FakeServices, Found, photo, shop

DRESS, SHOE = DRESSED
BELT_BOX = (8.0, 20.0, 32.0, 30.0)


def services(*found: Found) -> FakeServices:
    return FakeServices(shop(), FakeDetector(found))


def kinds(seen: PhotoAnalysis) -> list[Category]:
    return [garment.category for garment in seen.garments]


def counted(given: FakeServices) -> tuple[int, int, int, int]:
    """Return how often the models were asked: photos, boxes, batches, pictures."""
    detector, encoder = given.detector, given.encoder
    return detector.calls, detector.outlined, encoder.calls, encoder.pictures


def test_what_is_asked_later_needs_no_model() -> None:
    given = services(*DRESSED)
    seen = settled(analyse(photo(), given))
    asked = counted(given)
    assert asked == (1, 0, 1, 3)
    assert similar_to_photo(seen, given).ranking and complete(seen, given).slots
    similar_to_photo(seen, given, garment=1)
    assert counted(given) == asked


def test_few_garments_are_believed_where_the_whole_picture_shows_clothes() -> None:
    given = services(*DRESSED)
    nothing = ClothesGate(weights=(0.0,) * given.encoder.dim, intercept=-1.0, least=0.5)
    given.clothes = nothing
    found = analyse(photo(), given)
    assert not found.found and counted(given) == (1, 0, 1, 1)
    assert not complete(found, given).look.picks
    given.clothes = nothing.model_copy(update={"intercept": 1.0})
    assert kinds(analyse(photo(), given)) == [Category.DRESS, Category.SHOE]
    sure = services(*DRESSED, *DRESSED)
    sure.clothes = nothing
    assert len(analyse(photo(), sure).found) > 2 and sure.encoder.calls == 0


def test_the_answers_are_those_of_the_photo_itself() -> None:
    given = services(*DRESSED)
    seen = settled(analyse(photo(), given))
    assert [g.attributes for g in complete(analyse(photo(), given), given).garments] == [
        g.attributes for g in seen.garments
    ]
    once, again = complete(analyse(photo(), given), given), complete(seen, given)
    assert {s: [c.item.sku for c in pool] for s, pool in once.slots.items()} == {
        s: [c.item.sku for c in pool] for s, pool in again.slots.items()
    }
    for number in (None, 0, 1):
        one = similar_to_photo(analyse(photo(), given), given, garment=number)
        other = similar_to_photo(seen, given, garment=number)
        assert [hit.item.sku for hit in one.ranking] == [hit.item.sku for hit in other.ranking]
        assert one.note == other.note


def test_without_a_garment_the_whole_picture_is_compared_and_was_encoded_before() -> None:
    given = services()
    seen = settled(analyse(photo(height=200), given))
    asked = counted(given)
    assert similar_to_photo(seen, given).note == WHOLE
    assert complete(seen, given).look.reason == NO_GARMENT
    assert seen.vectors_unit.shape == (0, 8)
    assert counted(given) == asked == (1, 0, 1, 1)


def test_passers_by_are_seen_where_asked_for() -> None:
    given = FakeServices(shop(), FakeDetector([DRESS], [SHOE]))
    assert kinds(analyse(photo(), given)) == [Category.DRESS]
    assert kinds(analyse(photo(), given, everyone=True)) == [Category.DRESS, Category.SHOE]


def test_a_missed_garment_is_added_first_and_encoded_alone() -> None:
    given = services(*DRESSED)
    seen = settled(analyse(photo(), given))
    rows = seen.vectors_unit
    belted = with_garment(seen, BELT_BOX, Category.BELT)
    assert kinds(belted) == [Category.BELT, Category.DRESS, Category.SHOE]
    belt = belted.garments[0]
    assert (belt.score, belt.box_xyxy, belt.attributes["colour"]) == (1.0, BELT_BOX, "red")
    assert np.array_equal(belted.vectors_unit[1:], rows)
    assert counted(given) == (1, 1, 2, 4)
    twice = with_garment(belted, (0, 0, 20, 10), Category.HAT)
    assert kinds(twice)[:2] == [Category.BELT, Category.HAT]  # the belt keeps its number
    assert np.array_equal(twice.vectors_unit[0], belted.vectors_unit[0])
    assert kinds(seen) == [Category.DRESS, Category.SHOE]  # what was seen before has not changed


def test_a_box_is_taken_as_far_as_it_lies_in_the_photo() -> None:
    given = services()
    seen = with_garment(analyse(photo(), given), (-9, -1e300, 1e300, 12), Category.HAT)
    assert seen.garments[0].box_xyxy == (0, 0, 40, 12)


@pytest.mark.parametrize(
    "box",
    [
        (30, 10, 10, 40),
        (10, 40, 30, 40),
        (10, 10, 10 + MIN_SIDE - 0.1, 40),
        (39, 10, 80, 40),
        (100, 100, 200, 200),
        (float("nan"), 0, 20, 20),
        (0, 0, float("inf"), 20),
        (0, float("-inf"), 20, 20),
    ],
)
def test_a_box_that_cannot_hold_a_garment_is_refused(box: tuple[float, ...]) -> None:
    given = services()
    with pytest.raises(RequestError, match="at least 4 x 4 of them in the photo of 40 x 60"):
        with_garment(analyse(photo(), given), box, Category.HAT)
    assert given.detector.outlined == 0


def test_there_is_an_end_to_garments() -> None:
    given = services(*[DRESS] * (MAX_GARMENTS + 3))
    seen = settled(analyse(photo(), given))
    assert len(seen.garments) == MAX_GARMENTS
    with pytest.raises(RequestError, match="at most 40"):
        with_garment(seen, BELT_BOX, Category.BELT)
    assert len(with_garment(without(seen, 0), BELT_BOX, Category.BELT).garments) == MAX_GARMENTS


def test_another_kind_changes_all_that_follows_and_encodes_nothing() -> None:
    given = services(*DRESSED)
    seen = settled(analyse(photo(), given))
    assert Slot.BOTTOM not in complete(seen, given).slots
    asked = counted(given)
    shirt = with_kind(seen, 0, Category.SHIRT)
    assert kinds(shirt) == [Category.SHIRT, Category.SHOE]
    assert shirt.garments[0].slot is Slot.TOP
    assert shirt.garments[0].score == seen.garments[0].score
    assert Slot.BOTTOM in complete(shirt, given).slots
    hits = similar_to_photo(shirt, given, SimilarRequest(k=3), garment=0).ranking
    assert {hit.item.slot for hit in hits} == {Slot.TOP}
    assert complete(shirt, given, CompleteRequest(keep=(Slot.TOP,))).slots
    assert counted(given) == asked


def test_attributes_of_the_old_kind_go() -> None:
    record = {"temperature": 1.0, "threshold": 0.5, "answers": {"long": ["x"], "short": ["x"]}}
    sleeve = Family.model_validate_json(json.dumps({**record, "categories": ["dress", "coat"]}))
    given = replace(services(DRESS), families={"sleeve": sleeve})
    seen = settled(analyse(photo(), given))
    assert dict(seen.garments[0].attributes) == {"colour": "red", "sleeve": "long"}
    bag = with_kind(seen, 0, Category.BAG)
    assert dict(bag.garments[0].attributes) == {"colour": "red"}
    coat = with_kind(bag, 0, Category.COAT)
    assert coat.garments[0].attributes["sleeve"] == "long"


def test_what_is_no_garment_goes_with_its_vector() -> None:
    given = services(*DRESSED)
    seen = settled(analyse(photo(), given))
    shoe = without(seen, 0)
    assert kinds(shoe) == [Category.SHOE]
    assert np.array_equal(shoe.vectors_unit, seen.vectors_unit[1:])
    assert without(shoe, 0).vectors_unit.shape == (0, 8)
    assert shoe.outfit.categories == (Category.SHOE,)


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_a_garment_that_is_not_there_cannot_be_corrected(number: int) -> None:
    given = services(*DRESSED)
    seen = settled(analyse(photo(), given))
    with pytest.raises(RequestError, match="0 to 1"):
        with_kind(seen, number, Category.COAT)
    with pytest.raises(RequestError, match="0 to 1"):
        without(seen, number)


def test_nothing_is_encoded_before_it_is_asked_for_and_nothing_twice() -> None:
    given = services(*DRESSED)
    analysis = analyse(photo(), given)
    assert counted(given) == (1, 0, 0, 0)
    similar_to_photo(analysis, given, garment=1)
    assert counted(given) == (1, 0, 1, 1), "the garment that is compared alone"
    complete(analysis, given)
    assert counted(given) == (1, 0, 2, 2), "the others in one batch"
    similar_to_photo(analysis, given, garment=0)
    assert counted(given) == (1, 0, 2, 2)


def test_garments_after_a_correction_keep_their_own_vectors() -> None:
    given = services(*DRESSED)
    analysis = analyse(photo(), given)
    similar_to_photo(analysis, given, garment=1)
    [shoe] = analysis.vectors([1])
    assert np.array_equal(with_garment(analysis, BELT_BOX, Category.BELT).vectors([2])[0], shoe)
    assert np.array_equal(without(analysis, 0).vectors([0])[0], shoe)
