"""Pictures that show no clothes are told from those that do, by what the detector says of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from segmentation.common.garments import Photo
from segmentation.common.taxonomy import Category
from segmentation.detector.detections import Detections
from segmentation.detector.evidence import measures, probability, shows_clothes
from segmentation.detector.inputs import Wanted
from segmentation.detector.maskrcnn import Detector
from segmentation.detector.network import Spec, build
from segmentation.engines.choice import Engine
from segmentation.training.measuring.evidence import fitted

WEIGHTS = {"best": 8.0, "reported": 2.5, "guesses": -2.0, "constant": -5.0}


def found(*scores: float) -> Detections:
    """Hats beside each other."""
    boxes = [(40.0 * n, 10.0, 40.0 * n + 30.0, 60.0) for n in range(len(scores))]
    return Detections(
        torch.tensor(boxes).reshape(-1, 4),
        torch.tensor(scores),
        (Category.HAT,) * len(scores),
        torch.ones(len(scores), 1, 28, 28),
    )


def test_what_is_measured() -> None:
    result = measures(found(0.9, 0.5, 0.1), [0, 1])
    assert result == pytest.approx({"best": 0.9, "reported": np.log(2), "guesses": np.log(3)})


def test_one_sure_garment_or_several_speak_for_clothes_and_many_faint_guesses_against() -> None:
    assert shows_clothes(WEIGHTS, found(0.97), [0])
    assert shows_clothes(WEIGHTS, found(0.7, 0.6, 0.6, 0.5), [0, 1, 2, 3])
    assert not shows_clothes(WEIGHTS, found(0.62, *[0.1] * 9), [0])
    assert not shows_clothes(WEIGHTS, found(), [])
    assert shows_clothes({}, found(0.41, *[0.1] * 9), [0]), "weights that were never fitted"


class Sees(Detector):
    """Sees the same in every photo."""

    def __init__(self, answer: Detections, evidence: dict[str, float]) -> None:
        spec = Spec(evidence=evidence)
        super().__init__(build(spec), spec, engine=Engine.FLOAT32)
        self.answer = answer

    def detect(self, photo: Photo, wanted: Wanted | None = None) -> Detections:
        return self.answer.take(wanted(self.answer, photo.width)) if wanted else self.answer


@pytest.mark.parametrize("everyone", [False, True])
def test_the_detector_reports_nothing_where_there_are_no_clothes(everyone: bool) -> None:
    phone, photo = found(0.62, *[0.1] * 9), Photo(np.zeros((400, 420, 3), np.uint8))
    careful, careless = (Sees(phone, each).at((448, 688)) for each in (WEIGHTS, {}))
    assert len(careful.segment(photo, everyone=everyone)) == 0
    assert len(careless.segment(photo, everyone=everyone)) == 1
    assert len(careful.segment_all(photo)) == 10, "precision counts every guess"


def test_a_regression_tells_the_two_apart() -> None:
    rng = np.random.default_rng(0)

    def some(best: float, guesses: float) -> list[dict[str, float]]:
        return [
            {"best": best + 0.05 * rng.normal(), "guesses": guesses + 0.3 * rng.normal()}
            for _ in range(60)
        ]

    clothes, none = some(0.95, 1.0), some(0.6, 2.5)
    weights = fitted(clothes, none)
    assert list(weights) == ["best", "guesses", "constant"]
    assert weights["best"] > 0 > weights["guesses"]
    assert all(probability(weights, entry) > 0.5 for entry in clothes)
    assert all(probability(weights, entry) < 0.5 for entry in none)
