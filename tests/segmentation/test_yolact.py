"""YOLACT's parts: Fast NMS, anchors and boxes, masks made of prototypes, losses."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torchvision.ops import batched_nms

from segmentation.detector import maskrcnn
from segmentation.detector.network import read_weights
from segmentation.training.baselines.yolact.fast_nms import fast_nms
from segmentation.training.baselines.yolact.loss import class_loss, mask_loss, matched, yolact_loss
from segmentation.training.baselines.yolact.network import BOXES, Output, Spec, Yolact
from segmentation.training.baselines.yolact.prototypes import assemble, inside
from segmentation.training.baselines.yolact.segmenter import chosen
from segmentation.training.runs.beginning import begin_from

A, NEAR_A, FAR = [0.0, 0.0, 10.0, 10.0], [1.0, 0.0, 11.0, 10.0], [50.0, 50.0, 70.0, 90.0]


@pytest.mark.parametrize(
    ("boxes", "scores", "labels"),
    [
        ([], [], []),
        ([A], [0.3], [1]),
        ([A, NEAR_A], [0.3, 0.9], [1, 1]),
        ([A, NEAR_A], [0.3, 0.9], [1, 2]),
        ([A, FAR, NEAR_A, FAR], [0.9, 0.2, 0.8, 0.7], [1, 1, 1, 2]),
        ([A, A, A, FAR], [0.5, 0.5, 0.5, 0.5], [3, 3, 3, 3]),
    ],
)
def test_fast_nms_keeps_what_the_usual_one_keeps(
    boxes: list[list[float]], scores: list[float], labels: list[int]
) -> None:
    corners = torch.tensor(boxes).reshape(-1, 4)
    kinds = torch.tensor(labels, dtype=torch.int64)
    kept = fast_nms(corners, torch.tensor(scores), kinds, 0.5)
    usual = batched_nms(corners, torch.tensor(scores), kinds, 0.5)
    assert sorted(kept.tolist()) == sorted(usual.tolist())
    assert torch.tensor(scores)[kept].tolist() == sorted(torch.tensor(scores)[kept], reverse=True)


def test_in_fast_nms_a_dropped_box_still_drops_others() -> None:
    chain = torch.tensor([[0.0, 0.0, 10.0, 10.0], [3.0, 0.0, 13.0, 10.0], [6.0, 0.0, 16.0, 10.0]])
    scores, labels = torch.tensor([0.9, 0.8, 0.7]), torch.tensor([1, 1, 1])
    assert batched_nms(chain, scores, labels, 0.5).tolist() == [0, 2]
    assert fast_nms(chain, scores, labels, 0.5).tolist() == [0]


def test_boxes_come_back_from_their_code() -> None:
    anchors = torch.tensor([[0.0, 0.0, 24.0, 24.0], [300.0, 400.0, 484.0, 784.0]])
    boxes = torch.tensor([[3.0, 5.0, 17.0, 40.0], [301.0, 401.0, 543.0, 687.0]])
    back = BOXES.decode_single(BOXES.encode_single(boxes, anchors), anchors)
    assert torch.allclose(back, boxes, atol=1e-3)


def test_masks_are_sums_of_prototypes() -> None:
    left = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    top = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    masks = assemble(torch.stack([left, top]), torch.tensor([[1.0, 1.0], [1.0, -1.0]]))
    assert masks.tolist() == [[[2.0, 1.0], [1.0, 0.0]], [[0.0, -1.0], [1.0, 0.0]]]
    assert assemble(torch.stack([left, top]), torch.zeros(0, 2)).shape == (0, 2, 2)
    assert inside(torch.zeros(0, 4), (2, 2)).shape == (0, 2, 2)


def test_anchors_stand_for_what_they_overlap() -> None:
    anchors = torch.tensor([A, NEAR_A, FAR, [0.0, 0.0, 10.0, 22.0], [0.0, 0.0, 10.0, 100.0]])
    assert matched(anchors, torch.zeros(0, 4)).tolist() == [-1] * 5
    assert matched(anchors, torch.tensor([A])).tolist() == [0, 0, -1, -2, -1]
    nowhere = torch.tensor([[60.0, 80.0, 62.0, 83.0]])
    assert matched(anchors, nowhere).tolist() == [-1, -1, 0, -1, -1]


def classes_like(owner: Tensor, labels: Tensor) -> Tensor:
    """(A, 4) logits that are sure of the truth."""
    logits = torch.full((len(owner), 4), -20.0)
    for anchor, garment in enumerate(owner.tolist()):
        logits[anchor, int(labels[garment]) if garment >= 0 else 0] = 20.0
    return logits


def test_only_the_hardest_background_counts() -> None:
    owner, labels = torch.tensor([0, -1, -1, -1, -1, -2]), torch.tensor([2])
    logits = classes_like(owner, labels)[None]
    logits[0, 5] = torch.tensor([-20.0, 20.0, -20.0, -20.0])  # left out, however wrong
    assert float(class_loss(logits, [owner], [{"labels": labels}])) == pytest.approx(0.0, abs=1e-6)
    logits[0, 1:5] = 0.0  # four background anchors unsure, of which three count
    loss = class_loss(logits, [owner], [{"labels": labels}])
    assert float(loss) == pytest.approx(3 * torch.log(torch.tensor(4.0)).item(), rel=1e-4)


def test_background_may_be_taken_for_what_is_worn_unmarked() -> None:
    owner, target = torch.tensor([-1]), {"labels": torch.zeros(0, dtype=torch.int64)}
    logits = torch.tensor([[[0.0, -20.0, 20.0, -20.0]]])
    assert float(class_loss(logits, [owner], [target])) > 10
    forgiven = {**target, "unmarked": torch.tensor([2])}
    assert float(class_loss(logits, [owner], [forgiven])) < 0.01


def test_masks_are_learned_within_their_boxes_only() -> None:
    true = torch.tensor([[[1.0, 1.0, 0.0, 0.0]]])
    wrong_outside = torch.tensor([[[20.0, 20.0, 20.0, 20.0]]])
    box = torch.tensor([[0.0, 0.0, 2.0, 1.0]])
    assert float(mask_loss(wrong_outside, true, box)) < 1e-6
    assert float(mask_loss(-wrong_outside, true, box)) == pytest.approx(20.0)


def output_of(classes: Tensor, boxes: Tensor, anchors: Tensor) -> Output:
    """What a network with two prototypes of 8 x 8 might say of one photo of 32 x 32."""
    return Output(
        classes=classes[None],
        boxes=boxes[None],
        coefficients=torch.ones(1, len(anchors), 2),
        prototypes=torch.ones(1, 2, 8, 8),
        anchors_xyxy=anchors,
        semantic=torch.zeros(1, 3, 4, 4),
    )


def test_a_photo_without_garments_has_finite_losses_and_gradients() -> None:
    classes, anchors = torch.zeros(3, 4, requires_grad=True), torch.tensor([A, NEAR_A, FAR])
    target = {
        "boxes": torch.zeros(0, 4),
        "labels": torch.zeros(0, dtype=torch.int64),
        "masks": torch.zeros(0, 32, 32, dtype=torch.uint8),
    }
    losses = yolact_loss(output_of(classes, torch.zeros(3, 4), anchors), [target])
    assert set(losses) == {"classes", "boxes", "mask", "semantic"}
    assert float(losses["boxes"]) == float(losses["mask"]) == 0
    sum(losses.values(), torch.zeros(())).backward()  # type: ignore[no-untyped-call]
    assert classes.grad is not None and torch.isfinite(classes.grad).all()


def test_guesses_are_decoded_cut_to_the_photo_and_rid_of_repeats() -> None:
    anchors = torch.tensor([[20.0, 20.0, 30.0, 44.0], [20.0, 21.0, 30.0, 45.0], A])
    classes = torch.tensor(
        [[0.0, 9.0, 0.0, 0.0], [0.0, 8.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]],
    )
    found = chosen(output_of(classes, torch.zeros(3, 4), anchors), (32, 32))
    assert found.boxes_xyxy[0].tolist() == [20.0, 20.0, 30.0, 32.0] and int(found.kinds[0]) == 0
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    assert (found.kinds == 0).sum() == 2  # the best one, and the unsure one far away
    sure = torch.tensor([[20.0, 0.0, 0.0, 0.0]]).expand(3, 4)
    assert len(chosen(output_of(sure, torch.zeros(3, 4), anchors), (32, 32)).scores) == 0


def test_a_yolact_may_begin_with_the_detectors_backbone_and_pyramid() -> None:
    model = Yolact(Spec(), pretrained=False)
    begin_from(model, maskrcnn.WEIGHTS)
    given, own = read_weights(maskrcnn.WEIGHTS)[1], model.state_dict()
    shared = [name for name in own if name.startswith("backbone.")]
    assert len(shared) > 100
    assert all(torch.equal(own[name], given[name]) for name in shared)


def test_each_anchor_has_its_answer() -> None:
    spec = Spec(channels=16, prototypes=4)
    with torch.inference_mode():
        output: Output = Yolact(spec, pretrained=False).eval()(torch.zeros(1, 3, 64, 96))
    count = len(output.anchors_xyxy)
    assert count == 3 * (8 * 12 + 4 * 6 + 2 * 3 + 1 * 2 + 1 * 1)
    assert output.classes.shape == (1, count, 28) and output.boxes.shape == (1, count, 4)
    assert output.coefficients.shape == (1, count, 4) and output.prototypes.shape == (1, 4, 16, 24)
    assert output.semantic is None and output.boxes.dtype is torch.float32
