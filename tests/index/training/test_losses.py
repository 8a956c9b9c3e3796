"""Losses: true captions are no negatives, unknown ones take no part, twins are known_cross_entropy apart."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from index.encoders.composed_retrieval import WORDS_COUNT
from index.training.contrastive.batches import EACH, TWINS, Batch, Batches
from index.training.contrastive.losses import contrastive, known_cross_entropy, normalised, refined
from index.training.contrastive.memory import REMEMBERED, Memory
from index.training.examples.briefs import truth_of_briefs
from index.training.examples.vocabulary import vocabulary_of
from segmentation.common.taxonomy import Category
from tests.index.training.pieces import square_garment


def test_answers_that_are_all_true_share_the_target() -> None:
    everything = torch.ones(2, 2, dtype=torch.long)
    logits = torch.tensor([[5.0, 5.0], [5.0, 5.0]])
    assert float(contrastive(logits, everything)) == pytest.approx(float(np.log(2)))


def test_unknown_answers_take_no_part_and_false_ones_do() -> None:
    logits = torch.tensor([[1.0, 9.0, 1.0]])
    unknown, false = torch.tensor([[1, 0, -1]]), torch.tensor([[1, -1, -1]])
    assert float(known_cross_entropy(logits, unknown)) == pytest.approx(float(np.log(2)))
    assert float(known_cross_entropy(logits, false)) > 7


def test_rows_without_a_right_answer_teach_nothing() -> None:
    logits = torch.ones(2, 3, requires_grad=True)
    loss = known_cross_entropy(logits, torch.tensor([[0, -1, -1], [0, 0, 0]]))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0 and logits.grad is not None and float(logits.grad.abs().sum()) == 0


def test_a_picture_and_a_wish_are_compared_with_the_second_views() -> None:
    eye = torch.eye(4)
    wished = functional.normalize(eye[:1] + WORDS_COUNT * eye[2:3], dim=-1)
    right = refined(eye[:2], eye[2:3], torch.cat([wished, eye[3:]]), torch.tensor([[0, 0]]))
    assert float(right) == pytest.approx(0, abs=1e-4)
    assert float(refined(eye[:2], eye[2:], eye[:2], torch.zeros(0, 2, dtype=torch.long))) == 0


def test_the_memory_keeps_the_newest_garments_and_knows_the_same_one_again() -> None:
    memory, eye = Memory(), torch.eye(REMEMBERED, requires_grad=True)
    assert memory.beside(eye) is eye and memory.truth_of(torch.tensor([5])).shape == (1, 0)
    memory.keep(eye, torch.ones(REMEMBERED, 2, dtype=torch.int8), torch.arange(REMEMBERED))
    memory.keep(eye[:1], torch.zeros(1, 2, dtype=torch.int8), torch.tensor([7]))
    assert len(memory.vectors) == REMEMBERED and not memory.vectors.requires_grad
    assert int(memory.number[0]) == 1 and int(memory.number[-1]) == 7
    same = memory.truth_of(torch.tensor([7, 0]))
    assert (same[0] == 0).nonzero().flatten().tolist() == [6, REMEMBERED - 1]
    assert (same[1] == -1).all()
    assert memory.words_truth_beside(torch.zeros(3, 2, dtype=torch.int8)).shape == (
        REMEMBERED + 3,
        2,
    )


def test_pixels_are_centred_as_the_image_tower_expects() -> None:
    grey = torch.full((1, 2, 2, 3), 127, dtype=torch.uint8)
    assert float(normalised(grey).abs().max()) == 0
    assert normalised(grey).shape == (1, 3, 2, 2)


def test_a_batch_is_a_function_of_its_step_and_holds_repainted_twins() -> None:
    examples = [
        square_garment(f"{kind.value} {n}", kind)
        for kind in (Category.SHIRT, Category.PANTS)
        for n in range(3)
    ]
    vocabulary = vocabulary_of(example.facts for example in examples)

    def tokenize(texts: list[str]) -> torch.Tensor:
        return torch.tensor([[len(text)] for text in texts])

    batches = Batches(examples, vocabulary, tokenize, sides=[64, 96])
    one, again, other = batches[0], batches[0], batches[1]
    assert all(torch.equal(a, b) for a, b in zip(one, again, strict=True))
    assert one.pixels.shape == (2 * 2 * EACH, 64, 64, 3) and other.pixels.shape[1] == 96
    assert batches.plain_share == 1.0 and len(one.captions) == 2 * EACH
    assert len(one.refined) >= 2 * TWINS and len(one.wishes) == len(one.refined)
    places, twins = one.refined.T
    assert torch.equal(one.number[places], one.number[twins])
    assert not (one.garment[places] == one.garment[twins]).any()
    truth = truth_of_briefs(one.said, one.words_truth)
    assert (truth.diagonal() == 1).all(), "a brief is true of its own garment"
    assert truth.shape == (2 * EACH, 2 * EACH) and (truth == -1).any()
    words = [claim for family in vocabulary.values() for claim in family]
    assert one.words_truth.shape[1] == len(words)
    assert len(set(one.garment.tolist())) > EACH


def test_a_batch_and_the_memory_follow_the_network_to_its_device() -> None:
    elsewhere = torch.device("meta")  # a device that computes shapes alone
    batch = Batch(*(torch.zeros(2, 3) for _ in Batch._fields)).on(elsewhere)
    assert {tensor.device for tensor in batch} == {elsewhere}
    memory, rows = Memory(), torch.zeros(2, 3, device=elsewhere)
    numbers = torch.arange(2, device=elsewhere)
    assert memory.truth_of(numbers).shape == (2, 0)
    memory.keep(rows, rows, numbers)
    assert memory.beside(rows).device == memory.truth_of(numbers).device == elsewhere
    assert memory.words_truth_beside(rows).shape == (4, 3)
