"""Thresholds follow the photos' tags; rare categories lean on the common ones."""

from __future__ import annotations

import pytest
import torch

from segmentation.common.taxonomy import Category
from segmentation.detector.detections import Detections
from segmentation.training.measuring.thresholds import (
    GRID,
    cross_validated,
    each_its_own,
    one_for_all,
    strength,
)

SHIRT, TOP, HAT, TIE = Category.SHIRT, Category.TOP, Category.HAT, Category.TIE


def test_without_photos_every_category_gets_the_same_threshold() -> None:
    for way in (one_for_all, each_its_own):
        assert len(set(way([], []).values())) == 1
        assert cross_validated(way, [], []) == 0.0


def test_a_category_that_cries_wolf_gets_a_higher_threshold() -> None:
    strengths = [{HAT: 0.8, SHIRT: 0.4}] * 40 + [{HAT: 0.55}] * 40
    worn = [frozenset({HAT, SHIRT})] * 40 + [frozenset[Category]()] * 40
    best = each_its_own(strengths, worn)
    assert 0.55 < best[HAT] <= 0.8
    assert best[SHIRT] <= 0.4
    assert best[TIE] in GRID
    assert cross_validated(each_its_own, strengths, worn) == 1.0
    assert cross_validated(one_for_all, strengths, worn) < 1.0


def test_strength_is_what_reporting_compares_with_the_threshold() -> None:
    place, elsewhere = [10.0, 10.0, 50.0, 90.0], [60.0, 10.0, 90.0, 90.0]
    found = Detections(
        boxes_xyxy=torch.tensor([place, place, elsewhere]),
        scores=torch.tensor([0.5, 0.3, 0.2]),
        labels=(SHIRT, TOP, TOP),
        mask_probabilities=torch.zeros(3, 1, 28, 28),
    )
    assert strength(found) == pytest.approx({SHIRT: 0.8, TOP: 0.2})
    assert strength(found.take([])) == {}
