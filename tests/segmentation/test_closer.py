"""The second look: when it is taken, where, and whose answer counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from segmentation.common.garments import Photo
from segmentation.common.photo import LEAST_SIDE
from segmentation.common.taxonomy import Category
from segmentation.detector.closer import both_looks, closer_window, seen_through
from segmentation.detector.detections import Detections, as_worn
from segmentation.detector.inputs import Wanted
from segmentation.detector.maskrcnn import Detector
from segmentation.detector.network import Spec, build
from segmentation.engines.choice import Engine

Box = tuple[float, float, float, float]
SIDES = 448, 688
LARGE = Photo(np.zeros((1500, 1000, 3), np.uint8))
TIGHTS: Box = (470.0, 700.0, 530.0, 850.0)


def found(*kinds: tuple[Category, float, Box]) -> Detections:
    ordered = sorted(kinds, key=lambda kind: -kind[1])
    return Detections(
        torch.tensor([box for _, _, box in ordered]).reshape(-1, 4),
        torch.tensor([score for _, score, _ in ordered]),
        tuple(category for category, _, _ in ordered),
        torch.ones(len(ordered), 1, 28, 28),
    )


def test_a_small_person_in_a_large_photo_is_looked_at_again_faint_garments_and_all() -> None:
    first = found((Category.TIGHTS, 0.8, TIGHTS), (Category.COAT, 0.15, (460, 560, 540, 720)))
    window = closer_window(first, [0], LARGE, SIDES)
    assert window is not None
    left, top, right, bottom = window
    assert left <= 440 and right >= 560 and top <= 540 and bottom >= 870
    assert (right - left) * (bottom - top) < LARGE.width * LARGE.height / 3
    assert seen_through(LARGE, window).rgb.shape == (bottom - top, right - left, 3)


@pytest.mark.parametrize(
    "box", [(300.0, 200.0, 700.0, 1300.0), (100.0, 500.0, 900.0, 900.0)], ids=["whole", "torso"]
)
def test_who_fills_the_photo_is_looked_at_once(box: Box) -> None:
    assert closer_window(found((Category.DRESS, 0.9, box)), [0], LARGE, SIDES) is None


def test_a_passer_by_far_away_does_not_widen_the_window() -> None:
    alone = found((Category.TIGHTS, 0.8, TIGHTS))
    both = found((Category.TIGHTS, 0.8, TIGHTS), (Category.COAT, 0.2, (20, 100, 60, 200)))
    assert closer_window(both, [0], LARGE, SIDES) == closer_window(alone, [0], LARGE, SIDES)


def test_where_nothing_was_found_nobody_looks_again() -> None:
    assert closer_window(found(), [], LARGE, SIDES) is None


def test_in_the_window_the_nearer_look_counts_and_elsewhere_the_first() -> None:
    first = found((Category.TIGHTS, 0.9, TIGHTS), (Category.BAG, 0.6, (700, 900, 760, 960)))
    nearer = found((Category.PANTS, 0.8, (70.0, 200.0, 130.0, 350.0)))
    both = both_looks(first, nearer, (400, 500, 600, 1000))
    assert both.labels == (Category.PANTS, Category.BAG)
    assert both.boxes_xyxy[0].tolist() == [470.0, 700.0, 530.0, 850.0]
    assert both.mask_probabilities.shape[0] == 2
    assert both_looks(first, found(), (400, 500, 600, 1000)) is first


class Scripted(Detector):
    """Sees given detections in photos of given widths."""

    def __init__(self, answers: dict[int, Detections]) -> None:
        super().__init__(build(Spec()), Spec(), engine=Engine.FLOAT32)
        self.answers, self.asked = answers, list[int]()

    def detect(self, photo: Photo, wanted: Wanted | None = None) -> Detections:
        self.asked.append(photo.width)
        answer = self.answers[photo.width]
        return answer.take(wanted(answer, photo.width)) if wanted else answer


def test_the_detector_answers_in_the_photo_s_pixels_after_two_looks() -> None:
    first = found((Category.TIGHTS, 0.9, TIGHTS))
    window = closer_window(first, [0], LARGE, SIDES)
    assert window is not None
    width = window[2] - window[0]
    nearer = found((Category.PANTS, 0.9, (20.0, 20.0, 60.0, 120.0)))
    detector = Scripted({1000: first, width: nearer})
    [pants] = detector.segment(LARGE)
    assert detector.asked == [1000, width]
    assert pants.category is Category.PANTS
    expected = np.array([20, 20, 60, 120]) + np.array([window[0], window[1]] * 2)
    assert np.abs(np.array(pants.box_xyxy) - expected).max() <= 1
    assert [g.category for g in detector.segment_all(LARGE)] == [Category.PANTS]
    assert [g.category for g in detector.segment(LARGE, everyone=True)] == [Category.TIGHTS]
    assert [g.category for g in detector.at((320, 492)).segment(LARGE)] == [Category.TIGHTS]


def test_a_photo_that_is_too_small_shows_no_garment() -> None:
    tights = found((Category.TIGHTS, 0.97, (10.0, 10.0, 40.0, 60.0)))
    detector = Scripted({48: tights, 80: tights})
    small = Photo(np.zeros((LEAST_SIDE - 1, 48, 3), np.uint8))
    assert len(detector.segment(small)) == 0 and detector.asked == []
    assert len(detector.segment(Photo(np.zeros((LEAST_SIDE, 80, 3), np.uint8)))) == 1


@pytest.mark.parametrize(
    ("top", "dress", "there", "name"),
    [
        ((0.0, 0.0, 100.0, 100.0), (10.0, 90.0, 90.0, 250.0), [0, 1], Category.SKIRT),
        ((0.0, 0.0, 100.0, 100.0), (10.0, 10.0, 90.0, 250.0), [0, 1], Category.DRESS),
        ((200.0, 0.0, 300.0, 100.0), (10.0, 90.0, 90.0, 250.0), [0, 1], Category.DRESS),
        ((0.0, 0.0, 100.0, 100.0), (10.0, 90.0, 90.0, 250.0), [1], Category.DRESS),
    ],
    ids=["below a top", "it covers the torso", "beside a top", "no sure top"],
)
def test_a_dress_that_begins_below_a_top_is_a_skirt(
    top: Box, dress: Box, there: Sequence[int], name: Category
) -> None:
    both = found((Category.TOP, 0.9, top), (Category.DRESS, 0.8, dress))
    assert as_worn(both, there).labels == (Category.TOP, name)


def test_a_skirt_called_half_a_dress_is_reported_below_a_top() -> None:
    lower: Box = (420.0, 600.0, 580.0, 900.0)
    seen = found(
        (Category.TOP, 0.9, (400.0, 300.0, 600.0, 620.0)),
        (Category.DRESS, 0.3, lower),
        (Category.SKIRT, 0.2, lower),
        (Category.SHOE, 0.9, (450.0, 1300.0, 550.0, 1400.0)),
    )
    kinds = {g.category for g in Scripted({1000: seen}).segment(LARGE)}
    assert kinds == {Category.TOP, Category.SKIRT, Category.SHOE}


def test_a_dress_that_begins_below_a_coat_is_a_skirt_where_one_is_guessed_there_too() -> None:
    coat: Box = (400.0, 300.0, 600.0, 620.0)
    lower: Box = (420.0, 600.0, 580.0, 900.0)

    def kinds(guess: float) -> list[Category]:
        seen = found(
            (Category.COAT, 0.9, coat),
            (Category.DRESS, 0.8, lower),
            (Category.SKIRT, guess, lower),
            (Category.SHOE, 0.7, (450.0, 1300.0, 550.0, 1400.0)),
        )
        return [garment.category for garment in Scripted({1000: seen}).segment(LARGE)]

    assert kinds(0.2) == [Category.COAT, Category.SKIRT, Category.SHOE]
    assert kinds(0.1) == [Category.COAT, Category.DRESS, Category.SHOE]


@pytest.mark.parametrize(
    ("others", "name"),
    [
        ([(Category.PANTS, 0.8, (0.0, 100.0, 100.0, 300.0))], Category.TOP),
        ([(Category.DRESS, 0.8, (0.0, 95.0, 100.0, 300.0))], Category.VEST),
        ([(Category.SHOE, 0.8, (0.0, 280.0, 100.0, 300.0))], Category.VEST),
        (
            [
                (Category.SKIRT, 0.8, (0.0, 100.0, 100.0, 200.0)),
                (Category.SHIRT, 0.7, (20.0, 0.0, 60.0, 60.0)),
            ],
            Category.VEST,
        ),
        (
            [
                (Category.SKIRT, 0.8, (0.0, 100.0, 100.0, 200.0)),
                (Category.TOP, 0.7, (0.0, 0.0, 100.0, 98.0)),
            ],
            Category.TOP,
        ),
        (
            [
                (Category.PANTS, 0.8, (0.0, 100.0, 100.0, 300.0)),
                (Category.SHIRT, 0.7, (0.0, 0.0, 100.0, 98.0)),
            ],
            Category.VEST,
        ),
        (
            [
                (Category.PANTS, 0.8, (0.0, 100.0, 100.0, 300.0)),
                (Category.JACKET, 0.7, (0.0, 0.0, 140.0, 190.0)),
            ],
            Category.VEST,
        ),
    ],
    ids=[
        "with trousers",
        "over a dress",
        "alone",
        "over a shirt",
        "the same garment called top as well",
        "over a shirt of the same size",
        "under a jacket",
    ],
)
def test_a_vest_over_nothing_is_a_top(
    others: Sequence[tuple[Category, float, Box]], name: Category
) -> None:
    seen = found((Category.VEST, 0.9, (0.0, 0.0, 100.0, 100.0)), *others)
    assert as_worn(seen, range(len(seen.labels))).labels[0] is name
