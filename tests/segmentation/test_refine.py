"""The refiner keeps SAM's mask where the two agree, and refuses what is no checkpoint."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from segment_anything import SamPredictor

from segmentation.common.boxes import box_of
from segmentation.common.errors import WeightsError
from segmentation.common.garments import Garment, Garments, Mask, Photo
from segmentation.common.masks import boundary_iou, iou
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import LabelledPhoto, LabelPicture
from segmentation.detector.refine import RefinedDetector, Refiner, load_sam
from segmentation.training.measuring.boundaries import Boundaries, matched
from tests.recommender.fakes import FakeDetector
from tests.sam import TINY_WIDTH, KnownMask, tiny_sam

SIZE = 60, 40
PHOTO = Photo(np.full((*SIZE, 3), 90, dtype=np.uint8))
TINY = {TINY_WIDTH: tiny_sam}


def rectangle(left: int, top: int, right: int, bottom: int) -> Mask:
    mask = np.zeros(SIZE, dtype=np.bool_)
    mask[top:bottom, left:right] = True
    return mask


def garment(category: Category, score: float, mask: Mask) -> Garment:
    box = box_of(mask)
    assert box is not None
    return Garment(category, score, box, mask, {"colour": "red"})


COAT, FINER, PERSON = rectangle(10, 10, 30, 40), rectangle(9, 10, 30, 41), rectangle(5, 0, 35, 60)


def test_without_garments_sam_is_not_asked() -> None:
    predictor = KnownMask(())
    assert len(Refiner(predictor).refine(PHOTO, Garments.empty(PHOTO))) == 0
    assert predictor.embedded == 0


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (rectangle(0, 0, 0, 0), COAT),
        (PERSON, COAT),
        (rectangle(31, 41, 39, 59), COAT),
        (COAT, COAT),
        (FINER, FINER),
    ],
    ids=["nothing", "the whole person", "elsewhere", "the same", "a finer outline"],
)
def test_a_mask_is_kept_where_it_agrees(answer: Mask, kept: Mask) -> None:
    found = Garments(*SIZE, (garment(Category.COAT, 0.9, COAT),))
    [refined] = Refiner(KnownMask([answer])).refine(PHOTO, found)
    assert np.array_equal(refined.mask, kept) and refined.box_xyxy == box_of(kept)
    assert (refined.category, refined.score) == (Category.COAT, 0.9)
    assert refined.attributes == {"colour": "red"}


def test_a_photo_is_embedded_once_and_forgotten() -> None:
    hat = rectangle(12, 0, 24, 8)
    found = Garments(*SIZE, (garment(Category.HAT, 0.5, hat), garment(Category.COAT, 0.9, COAT)))
    predictor = KnownMask([FINER, hat])
    refined = Refiner(predictor).refine(PHOTO, found)
    assert [each.category for each in refined] == [Category.COAT, Category.HAT]
    assert predictor.boxes == [box_of(COAT), box_of(hat)]
    assert (predictor.embedded, predictor.forgotten) == (1, 1)


def test_a_photo_is_forgotten_after_a_failure() -> None:
    predictor = KnownMask([])
    with pytest.raises(IndexError):
        Refiner(predictor).refine(PHOTO, Garments(*SIZE, (garment(Category.COAT, 0.9, COAT),)))
    assert predictor.forgotten == 1


def test_a_refined_detector_asks_for_what_it_is_asked_for() -> None:
    coat, hat = (Category.COAT, 0.9, (0.2, 0.2, 0.8, 0.8)), (Category.HAT, 0.8, (0.2, 0, 0.8, 0.2))
    inner = FakeDetector([coat], passers_by=[hat])
    whole = np.ones(SIZE, dtype=np.bool_)
    detector = RefinedDetector(inner, Refiner(KnownMask([whole] * 3)))
    assert len(detector.segment(PHOTO)) == 1
    assert len(detector.segment(PHOTO, everyone=True)) == 2


def test_a_tiny_sam_refines_and_is_loaded_from_its_checkpoint(tmp_path: Path) -> None:
    checkpoint = tmp_path / "sam.pth"
    torch.save(tiny_sam().state_dict(), checkpoint)
    predictor, direct = SamPredictor(load_sam(checkpoint, TINY)), SamPredictor(tiny_sam())
    found = Garments(*SIZE, (garment(Category.COAT, 0.9, COAT),))
    [refined] = Refiner(predictor).refine(PHOTO, found)
    answers = []
    for each in (predictor, direct):
        each.set_image(PHOTO.rgb)
        answers.append(each.predict(box=np.array(box_of(COAT)), multimask_output=False))
    (masks, _, logits), (_, _, expected) = answers
    assert np.array_equal(logits, expected) and logits.std() > 0
    [mask] = masks
    assert mask.shape == SIZE
    agrees = mask.any() and iou(mask, COAT) > 0.7
    assert np.array_equal(refined.mask, mask if agrees else COAT)


class Runs:
    """Would run code if it were unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return Path.write_text, (Path("ran"), "x")  # type: ignore[return-value]


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    state = tiny_sam().state_dict()
    torch.save(state, tmp_path / "whole.pth")
    whole = (tmp_path / "whole.pth").read_bytes()
    missing = {name: tensor for name, tensor in state.items() if "neck" not in name}
    files: dict[str, bytes | object] = {
        "empty": b"",
        "garbage": b"\xff" * 99,
        "cut short": whole[: len(whole) // 2],
        "code": pickle.dumps(Runs(), protocol=2),
        "a list": [1, 2],
        "no tensors of SAM": {"weight": torch.ones(2)},
        "another width": {**state, "image_encoder.pos_embed": torch.ones(1, 4, 4, 17)},
        "tensors missing": missing,
        "a tensor of another shape": {**state, "image_encoder.neck.1.weight": torch.ones(3)},
    }
    paths = [tmp_path / "missing.pth", tmp_path]
    for name, content in files.items():
        paths.append(tmp_path / f"{name}.pth")
        if isinstance(content, bytes):
            paths[-1].write_bytes(content)
        else:
            torch.save(content, paths[-1])
    for path in paths:
        with pytest.raises(WeightsError, match="checkpoint cannot be used"):
            load_sam(path, TINY)
    assert not Path("ran").exists()


def labelled(labels: dict[int, Category]) -> LabelledPhoto:
    nowhere = Path("nowhere")
    return LabelledPhoto("a", nowhere, LabelPicture(nowhere), labels, "val")


def test_garments_are_matched_one_to_one_within_their_category() -> None:
    left, right = rectangle(0, 0, 10, 20), rectangle(20, 0, 30, 20)
    record = labelled({1: Category.SHOE, 2: Category.SHOE, 3: Category.BAG})
    masks = {1: left, 2: right, 3: COAT}
    found = Garments(
        *SIZE,
        (
            garment(Category.SHOE, 0.9, rectangle(20, 0, 30, 18)),
            garment(Category.SHOE, 0.8, rectangle(0, 0, 10, 18)),
            garment(Category.SHOE, 0.7, left),
            garment(Category.COAT, 0.6, COAT),
        ),
    )
    assert matched(Garments.empty(PHOTO), record, masks) == []
    assert matched(found, record, masks) == [(0, 2), (2, 1)]


def test_both_boundary_figures_are_of_the_same_garments() -> None:
    record, masks = labelled({1: Category.COAT}), {1: FINER}
    found = Garments(*SIZE, (garment(Category.COAT, 0.9, COAT), garment(Category.HAT, 0.5, PERSON)))
    boundaries = Boundaries(Refiner(KnownMask([FINER, PERSON])))
    boundaries.add(PHOTO, found, record, masks)
    own = round(boundary_iou(COAT, FINER), 4)
    assert 0 < own < 1
    assert boundaries.figures() == {
        "matched_garments": 1, "boundary_iou": own, "boundary_iou_refined": 1.0,
    }  # fmt: skip
