"""One network at two sizes: the shop's own pictures are looked at smaller."""

from __future__ import annotations

import pytest

from recommender.photos.garment_of import agreeing
from recommender.sample import BOUTIQUE
from segmentation.common.photo import decode
from segmentation.common.taxonomy import Category
from segmentation.detector.maskrcnn import CATALOGUE_SIZE, Detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


def test_a_smaller_detector_shares_the_network_and_never_looks_larger(detector: Detector) -> None:
    small = detector.at(CATALOGUE_SIZE)
    assert (small.spec.short_side, small.spec.long_side) == CATALOGUE_SIZE
    assert (detector.spec.short_side, detector.spec.long_side) == (448, 688)
    assert small._model is detector._model
    assert small.at((9000, 9000)).spec == small.spec


def test_it_cuts_out_the_same_garment(detector: Detector) -> None:
    small = detector.at(CATALOGUE_SIZE)
    seen = 0
    for path in sorted((BOUTIQUE / "images").iterdir())[::60]:
        photo = decode(path.read_bytes())
        one = agreeing(detector.segment(photo), Category.DRESS)
        two = agreeing(small.segment(photo), Category.DRESS)
        if one is not None and two is not None:
            union = (one.mask | two.mask).sum()
            assert (one.mask & two.mask).sum() / union > 0.7, path.name
            seen += 1
    assert seen >= 2
