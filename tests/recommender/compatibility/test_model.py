from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.compatibility.model import SimilarityAndColour
from recommender.outfits.outfit import Outfit
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import item

WORN = Outfit(np.eye(2, 4, dtype=np.float32), (Category.DRESS, Category.COAT), (("red",), ()))


def rows(*vectors: list[float]) -> NDArray[np.float32]:
    found = np.array(vectors, dtype=np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def test_nearer_in_style_scores_higher() -> None:
    items = [item("a", Category.SHOE, colour="navy"), item("b", Category.SHOE, colour="navy")]
    near, far = SimilarityAndColour().score(WORN, items, rows([1, 1, 0, 0], [1, 0, 3, 0]))
    assert near > far


def test_a_neutral_scores_higher_than_a_clash() -> None:
    items = [item("a", Category.SHOE, colour="navy"), item("b", Category.SHOE, colour="blue")]
    calm, clash = SimilarityAndColour().score(WORN, items, rows([1, 0, 0, 0], [1, 0, 0, 0]))
    assert calm > clash


def test_scores_are_float32_between_0_and_1_even_for_opposite_vectors() -> None:
    items = [item("a", Category.SHOE), item("b", Category.SHOE)]
    scores = SimilarityAndColour().score(WORN, items, rows([-1, -1, 0, 0], [1, 1, 0, 0]))
    assert scores.dtype == np.float32 and scores.shape == (2,)
    assert scores.min() >= 0 and scores.max() <= 1


def test_no_candidates_no_scores() -> None:
    assert SimilarityAndColour().score(WORN, [], np.zeros((0, 4), np.float32)).shape == (0,)


def test_it_says_that_it_is_a_rule() -> None:
    assert "heuristic" in SimilarityAndColour.name


def test_pairs_go_as_well_as_their_main_colours() -> None:
    colours = ("red", "navy", "blue", "", "RED", "sparkling")
    items = [item(str(at), Category.SHOE, colour=name) for at, name in enumerate(colours)]
    beside = SimilarityAndColour().pairs(items, np.zeros((6, 4), np.float32))
    assert beside.dtype == np.float32 and beside.shape == (6, 6)
    assert np.array_equal(beside, beside.T)
    assert beside[0] == pytest.approx([0.8, 0.85, 0.2, 0.5, 0.8, 0.5])
    assert beside[5, 5] == beside[5, 3] == 0.5  # of names that say nothing


def test_no_items_no_pairs() -> None:
    assert SimilarityAndColour().pairs([], np.zeros((0, 4), np.float32)).shape == (0, 0)


def test_a_rule_turns_nothing_away() -> None:
    assert SimilarityAndColour.least == 0.0
