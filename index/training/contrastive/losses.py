"""What the encoder is trained by: pictures with words, pictures with pictures, and both together.

- `captions`: the symmetric contrastive loss (Radford et al., CLIP, 2021) in which every caption
  that is true of a picture is right, not only its own, and what may be true is left out.
- `kind`, `colour`, `pattern`, `sleeve`, `length`, `audience`, `usage`: each picture among all words of a family.
- `views`: two views of one garment are neighbours (Chen et al., SimCLR, 2020); the batch is full of
  garments of the same kind, and of the same garment repainted.
- `alike`: garments that one brief description is true of are neighbours, of others are not (Khosla
  et al., Supervised Contrastive Learning, 2020). `briefs`: the same between descriptions and pictures.
- `refined`: a picture plus a wish ("red shirt") is near the picture of the garment that it makes of it.

`briefs`, `views` and `alike` choose among the garments of the last batches too: `index.training.contrastive.memory`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.encoders.composed_retrieval import WORDS_COUNT
from index.training.contrastive.batches import Batch
from index.training.contrastive.memory import Memory
from index.training.examples.briefs import truth_of_briefs
from index.training.examples.facts import FALSE, TRUE
from index.training.examples.vocabulary import (
    AUDIENCE,
    COLOUR,
    KIND,
    LENGTH,
    PATTERN,
    SLEEVE,
    USAGE,
    Vocabulary,
)
from segmentation.training.runs.devices import autocast

VIEW_TEMPERATURE: Final = 0.07
ACTIVATIONS_KEPT: Final = 160
"""Of larger views, in pixels, the trunk's activations are computed twice: else a step takes 18 GB."""
WEIGHTS: Final = {
    "captions": 1.0, "briefs": 1.0, "views": 1.0, "alike": 1.0, "refined": 0.5, KIND: 1.0, COLOUR: 0.5,
    PATTERN: 0.5, SLEEVE: 0.25, LENGTH: 0.25, AUDIENCE: 0.5, USAGE: 0.5,
}  # fmt: skip
"""How much each loss counts."""


class EncoderLosses:
    """Model and batch -> named losses, weighted; remembers the pictures of the last batches."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._sizes = {family: len(words) for family, words in vocabulary.items()}
        self._memory = Memory()

    def __call__(self, model: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of one batch by name."""
        clip: Any = model
        trunk = model.get_submodule("visual.trunk")
        trunk.set_grad_checkpointing(batch.pixels.shape[1] > ACTIVATIONS_KEPT)  # type: ignore[operator]
        said = [batch.captions, batch.words, batch.briefs, batch.wishes]
        with autocast(batch.pixels.device):
            pixels = normalised(batch.pixels)
            pictures = functional.normalize(clip.encode_image(pixels).float(), dim=-1)
            texts = functional.normalize(clip.encode_text(torch.cat(said)).float(), dim=-1)
        captions, words, briefs, wishes = texts.split(  # type: ignore[no-untyped-call]
            [len(tokens) for tokens in said]
        )
        scale = clip.logit_scale.exp().clamp(max=100)
        one, other = pictures.chunk(2)
        memory = self._memory
        same = (batch.garment[:, None] == batch.garment[None]).long() * 2 - 1
        views_truth = torch.cat([same, memory.truth_of(batch.number)], dim=1)
        known = memory.words_truth_beside(batch.words_truth)
        briefs_truth = truth_of_briefs(batch.said, known)
        near = one @ memory.beside(other).T / VIEW_TEMPERATURE
        back = other @ memory.beside(one).T / VIEW_TEMPERATURE
        losses = {
            "captions": contrastive(scale * one @ captions.T, batch.captions_truth),
            "briefs": contrastive(scale * briefs @ memory.beside(one).T, briefs_truth),
            "views": (
                known_cross_entropy(near, views_truth) + known_cross_entropy(back, views_truth)
            )
            / 2,
            "alike": (
                known_cross_entropy(near, briefs_truth) + known_cross_entropy(back, briefs_truth)
            )
            / 2,
            "refined": refined(one, wishes, other, batch.refined),
            **of_families(self._sizes, scale * one @ words.T, batch.words_truth),
        }
        memory.keep(one, batch.words_truth, batch.number)
        return {name: WEIGHTS[name] * loss for name, loss in losses.items()}


def of_families(sizes: Mapping[str, int], logits: Tensor, truth: Tensor) -> dict[str, Tensor]:
    """Return the loss of each family of words, its columns side by side in (N, K) logits and truth.

    Args:
        sizes: family -> how many words it has, in the order of the columns.
        logits: (N, K).
        truth: (N, K) or wider; see `known_cross_entropy`.
    """
    losses, first = {}, 0
    for family, size in sizes.items():
        part = slice(first, first + size)
        losses[family] = known_cross_entropy(logits[:, part], truth[:, part])
        first += size
    return losses


def normalised(rgb: Tensor) -> Tensor:
    """Return (N, 3, H, W) floats, channels last, of (N, H, W, 3) uint8: (x - 127) / 128."""
    return (rgb.permute(0, 3, 1, 2).float() - 127) / 128


def contrastive(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the symmetric cross-entropy of logits and of their transpose: see `known_cross_entropy`.

    >>> eye = torch.eye(2, dtype=torch.long) * 2 - 1
    >>> round(float(contrastive(torch.zeros(2, 2), eye)), 4)
    0.6931
    """
    return (known_cross_entropy(logits, truth) + known_cross_entropy(logits.T, truth.T)) / 2


def known_cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the mean cross-entropy of the rows that have a right answer; zero where none has.

    Args:
        logits: (N, M).
        truth: (N, M); 1 for right answers, which share the target, -1 for wrong ones; answers
            marked 0 may be right, and take no part.
    """
    right = truth == TRUE
    rows = right.any(dim=1)
    if not rows.any():
        return logits.sum() * 0
    logits, truth, right = logits[rows], truth[rows], right[rows]
    taking_part = logits.masked_fill(~right & (truth != FALSE), -torch.inf)
    chances = taking_part.log_softmax(dim=1).masked_fill(~right, 0)
    return -(chances.sum(dim=1) / right.sum(dim=1)).mean()


def refined(one: Tensor, wishes: Tensor, other: Tensor, rows: Tensor) -> Tensor:
    """Return the cross-entropy of picture + wish among the second views; zero without rows.

    Args:
        one: (B, d) unit rows, first views.
        wishes: (R, d) unit rows.
        other: (B, d) unit rows, second views.
        rows: (R, 2) places of a garment, and of the garment that the wish makes of it.
    """
    if not len(rows):
        return one.sum() * 0
    query = functional.normalize(one[rows[:, 0]] + WORDS_COUNT * wishes, dim=-1)
    return functional.cross_entropy(query @ other.T / VIEW_TEMPERATURE, rows[:, 1])
