"""Losses: true captions are no negatives, unknown ones take no part, twins are told apart."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from index.training.batches import EACH, TWINS, Batches
from index.training.losses import contrastive, normalised, refined, told
from index.training.vocabulary import vocabulary_of
from segmentation.taxonomy import Category
from tests.index.training.pieces import square_garment


def test_answers_that_are_all_true_share_the_target() -> None:
    everything = torch.ones(2, 2, dtype=torch.long)
    logits = torch.tensor([[5.0, 5.0], [5.0, 5.0]])
    assert float(contrastive(logits, everything)) == pytest.approx(float(np.log(2)))


def test_unknown_answers_take_no_part_and_false_ones_do() -> None:
    logits = torch.tensor([[1.0, 9.0, 1.0]])
    unknown, false = torch.tensor([[1, 0, -1]]), torch.tensor([[1, -1, -1]])
    assert float(told(logits, unknown)) == pytest.approx(float(np.log(2)))
    assert float(told(logits, false)) > 7


def test_rows_without_a_right_answer_teach_nothing() -> None:
    logits = torch.ones(2, 3, requires_grad=True)
    loss = told(logits, torch.tensor([[0, -1, -1], [0, 0, 0]]))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0 and logits.grad is not None and float(logits.grad.abs().sum()) == 0


def test_a_picture_and_a_word_are_compared_with_the_second_views() -> None:
    eye = torch.eye(4)
    right = refined(eye[:2], eye[2:], (eye[0] + eye[2])[None] / 2**0.5, torch.tensor([[0, 0, 0]]))
    assert float(right) == pytest.approx(0)
    assert float(refined(eye[:2], eye[2:], eye[:2], torch.zeros(0, 3, dtype=torch.long))) == 0


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
    assert len(one.refined) >= 2 * TWINS
    places, numbers, twins = one.refined.T
    words = [claim for family in vocabulary.values() for claim in family]
    assert all(
        one.words_truth[twin, number] == 1 for twin, number in zip(twins, numbers, strict=True)
    )
    assert not any(
        one.words_truth[place, number] == 1 for place, number in zip(places, numbers, strict=True)
    )
    assert one.words_truth.shape[1] == len(words)
    assert len(set(one.garment.tolist())) > EACH
