"""One network at two sizes: the shop's own pictures are looked at smaller."""

from __future__ import annotations

import pytest

from recommender.photos.garment_of import agreeing
from recommender.sample import BOUTIQUE
from segmentation.common.photo import decode
from segmentation.common.taxonomy import Category
from segmentation.detector.coarse import COARSE_SIZE
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


def test_a_coarse_one_shares_the_weights_and_leaves_the_network_as_it_was(
    detector: Detector,
) -> None:
    photo = decode(next((BOUTIQUE / "images").iterdir()).read_bytes())
    before = detector.segment(photo)
    coarse = detector.at(COARSE_SIZE, coarse=True)
    ours = {id(each) for each in coarse._model.parameters()}
    assert ours < {id(each) for each in detector._model.parameters()}, "nothing is held twice"
    coarse.segment(photo)
    again = detector.segment(photo)
    assert [each.category for each in before] == [each.category for each in again]
    assert all((one.mask == two.mask).all() for one, two in zip(before, again, strict=True))


@pytest.mark.parametrize(("size", "coarse"), [(CATALOGUE_SIZE, False), (COARSE_SIZE, True)])
def test_it_cuts_out_the_same_garment(
    detector: Detector, size: tuple[int, int], coarse: bool
) -> None:
    small = detector.at(size, coarse=coarse)
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
