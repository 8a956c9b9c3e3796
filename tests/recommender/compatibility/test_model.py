from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.compatibility.model import SimilarityAndColour
from recommender.outfit import Outfit
from segmentation.taxonomy import Category
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
