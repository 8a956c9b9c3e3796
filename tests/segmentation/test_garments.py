"""The record every room speaks: what cannot be made, and what it guarantees."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.masks import decode, drop_repeats, encode
from segmentation.common.taxonomy import (
    CLOTHING_CO_PARSING,
    SLOT_OF,
    Category,
    Part,
    Slot,
    categories_of,
    parse_category,
)


def garment(score: float, mask: np.ndarray, category: Category = Category.HAT) -> Garment:
    return Garment(category, score, (0.0, 0.0, 2.0, 2.0), mask)


LEFT = np.array([[True, False], [True, False]])
RIGHT = ~LEFT


def test_no_garment_is_an_answer() -> None:
    empty = Garments.empty(Photo(np.zeros((4, 3, 3), dtype=np.uint8)))
    assert (len(empty), empty.height, empty.width) == (0, 4, 3)


def test_garments_stand_in_order_of_score() -> None:
    found = Garments(2, 2, (garment(0.2, LEFT), garment(0.9, RIGHT)))
    assert [one.score for one in found] == [0.9, 0.2]


def test_where_keeps_the_flagged() -> None:
    found = Garments(2, 2, (garment(0.9, LEFT), garment(0.2, RIGHT)))
    assert [one.score for one in found.where([False, True])] == [0.2]
    with pytest.raises(ValueError, match="shorter"):
        found.where([True])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: garment(1.5, LEFT), "score"),
        (lambda: garment(0.5, LEFT.astype(np.uint8)), "mask"),
        (lambda: Garment(Category.HAT, 0.5, (2, 0, 2, 2), LEFT), "box_xyxy"),
        (lambda: Garments(3, 2, (garment(0.5, LEFT),)), "mask"),
        (lambda: Photo(np.zeros((2, 2), dtype=np.uint8)), "rgb"),
        (lambda: Photo(np.zeros((0, 2, 3), dtype=np.uint8)), "rgb"),
    ],
)
def test_what_is_wrong_at_birth_names_its_field(make: object, says: str) -> None:
    with pytest.raises(ValueError, match=f"^{says}: got .* expected"):
        make()  # type: ignore[operator]


def test_arrays_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        garment(0.5, LEFT.copy()).mask[0, 0] = False


def test_a_region_named_twice_is_kept_once_with_its_better_name() -> None:
    found = Garments(
        2, 2, (garment(0.6, LEFT, Category.COAT), garment(0.8, LEFT), garment(0.3, RIGHT))
    )
    assert [one.score for one in drop_repeats(found)] == [0.8, 0.3]


def test_a_part_of_a_garment_is_no_second_one_but_another_kind_inside_it_is() -> None:
    whole, part = np.ones((8, 8), dtype=bool), np.zeros((8, 8), dtype=bool)
    part[:4, :4] = True
    found = Garments(
        8, 8, (garment(0.9, whole), garment(0.8, part), garment(0.7, part, Category.BELT))
    )
    assert [one.score for one in drop_repeats(found)] == [0.9, 0.7]


def test_masks_survive_their_run_lengths() -> None:
    mask = np.random.default_rng(0).random((37, 23)) > 0.6
    assert np.array_equal(decode(encode(mask)), mask)


def test_the_taxonomy_is_the_official_one() -> None:
    assert (Category.SHIRT.id, Category.PANTS.id, Category.SHOE.id, Category.UMBRELLA.id) == (
        0,
        6,
        23,
        26,
    )
    assert len(Category) + len(Part) == 46
    assert all(Category.from_id(category.id) is category for category in Category)
    assert len(CLOTHING_CO_PARSING) == 59


def test_every_category_fills_one_slot() -> None:
    assert set(SLOT_OF) == set(Category)
    assert sorted(c.id for slot in Slot for c in categories_of(slot)) == list(range(27))


@pytest.mark.parametrize(
    ("word", "category"),
    [(" Blazer ", Category.JACKET), ("shirt, blouse", Category.SHIRT), ("sofa", None), ("", None)],
)
def test_words_find_their_category(word: str, category: Category | None) -> None:
    assert parse_category(word) is category
