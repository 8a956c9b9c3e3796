"""Several people in a photo: distinguished by where their garments are, and completed one at a time."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.completion.complete import complete
from recommender.errors import RequestError
from recommender.photos.photo_analysis import PhotoAnalysis, analyse, settled
from recommender.photos.photo_cache import HeldPhotos
from recommender.photos.wearers import of_wearer, wearers
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import FakeDetector, FakeServices, Found, photo, shop

COAT: Found = (Category.COAT, 0.8, (0.3, 0.1, 0.6, 0.6))
PANTS: Found = (Category.PANTS, 0.7, (0.35, 0.5, 0.55, 0.9))
DRESS: Found = (Category.DRESS, 0.9, (0.85, 0.2, 1.0, 0.5))
LEFT_BEHIND: Found = (Category.BAG, 0.95, (0.0, 0.4, 0.05, 0.5))


def street(*passers_by: Found, everyone: bool = True) -> PhotoAnalysis:
    """Return a photo of somebody in a coat, in the middle, with others at the side."""
    given = FakeServices(shop(), FakeDetector([COAT, PANTS], passers_by))
    return analyse(photo(width=200, height=100), given, everyone=everyone)


def kinds(analysis: PhotoAnalysis) -> list[Category]:
    return [garment.category for garment in analysis.found]


def test_people_are_those_whose_garments_lie_together_the_main_one_first() -> None:
    seen = street(DRESS, LEFT_BEHIND)
    first, second = wearers(seen.found)
    assert [seen.found.items[n].category for n in first.garments] == [COAT[0], PANTS[0]]
    assert [seen.found.items[n].category for n in second.garments] == [DRESS[0]]
    assert first.box_xyxy == (60, 10, 120, 90)


def test_nobody_is_in_a_photo_without_clothes() -> None:
    given = FakeServices(shop(), FakeDetector([LEFT_BEHIND]))
    seen = analyse(photo(), given, everyone=True)
    assert wearers(seen.found) == () and of_wearer(seen, None) is seen


def test_the_main_person_is_completed_unless_another_is_asked_for() -> None:
    seen = street(DRESS)
    assert kinds(of_wearer(seen, None)) == kinds(of_wearer(seen, 0)) == [COAT[0], PANTS[0]]
    theirs = of_wearer(seen, 1)
    assert kinds(theirs) == [DRESS[0]]
    answer = complete(theirs, theirs.services)
    assert Slot.BOTTOM not in answer.slots and Slot.OUTER in answer.slots
    assert [garment.category for garment in answer.garments] == [DRESS[0]]


def test_what_was_encoded_goes_with_its_garment() -> None:
    given = FakeServices(shop(), FakeDetector([COAT, PANTS], [DRESS]))
    seen = settled(analyse(photo(width=200, height=100), given, everyone=True))
    calls = given.encoder.calls
    for number, rows in ((0, [1, 2]), (1, [0])):
        vectors = of_wearer(seen, number).vectors_unit
        assert np.array_equal(vectors, seen.vectors(rows))
    assert given.encoder.calls == calls


def test_a_number_of_nobody_is_refused() -> None:
    with pytest.raises(RequestError, match="nobody of this number") as refused:
        of_wearer(street(DRESS), 2)
    assert "expected 0 to 1" in str(refused.value)


def test_garments_stand_as_they_are_where_nobody_else_was_looked_for() -> None:
    seen = street(everyone=False)
    assert of_wearer(seen, None) is seen


def test_a_held_photo_remembers_that_everyone_is_in_it() -> None:
    held = HeldPhotos()
    name = held.put(street(DRESS), 60.0).id
    assert kinds(of_wearer(held.get(name).analysis, 1)) == [DRESS[0]]
    assert kinds(of_wearer(held.get(name).analysis, None)) == [COAT[0], PANTS[0]]
