"""What the projection and the text tower lose on remembered features: the encoder's losses, and one of labels."""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.training.contrastive import losses as contrastive_losses
from index.training.contrastive.losses import (
    VIEW_TEMPERATURE,
    contrastive,
    known_cross_entropy,
    of_families,
    refined,
)
from index.training.contrastive.memory import Memory
from index.training.examples.briefs import truth_of_briefs
from index.training.examples.facts import FALSE, TRUE, UNKNOWN
from index.training.examples.vocabulary import COLOUR, PATTERN, Vocabulary
from index.training.remembered.batches import HeadBatch

DROPPED: Final = 0.1
"""Share of the features that a step does not see."""
LABEL_TEMPERATURE: Final = 0.1
PIECES: Final = 6
"""That texts are computed in, those of like length together."""
WEIGHTS: Final = contrastive_losses.WEIGHTS | {
    "labels": 0.7, "tones": 3.0, "views": 1.0, "alike": 2.0, COLOUR: 1.5, PATTERN: 1.0, "refined": 0.7,
}  # fmt: skip
"""How much each loss counts."""


class HeadLosses:
    """Model and batch -> named losses, weighted; remembers the garments of the last batches."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._sizes = {family: len(words) for family, words in vocabulary.items()}
        self._memory = Memory()

    def __call__(self, model: nn.Module, batch: HeadBatch) -> dict[str, Tensor]:
        """Return the losses of one batch by name."""
        clip: Any = model
        pictures = clip.visual.head(functional.dropout(batch.features, DROPPED))
        one, other = functional.normalize(pictures, dim=-1).chunk(2)
        said = [batch.captions, batch.words, batch.briefs, batch.wishes]
        captions, words, briefs, wishes = text_vectors(clip, said)
        scale = clip.logit_scale.exp().clamp(max=100)
        memory = self._memory
        same = (batch.look[:, None] == batch.look[None]).long() * 2 - 1
        views_truth = torch.cat([same, memory.truth_of(batch.number)], dim=1)
        known = memory.words_truth_beside(batch.words_truth)
        briefs_truth = truth_of_briefs(batch.said, known)
        near = one @ memory.beside(other).T
        back = other @ memory.beside(one).T
        losses = {
            "captions": contrastive(scale * one @ captions.T, batch.captions_truth),
            "briefs": contrastive(
                scale * briefs @ memory.beside(one).T, briefs_truth[batch.described]
            ),
            "views": _both(near, back, views_truth, VIEW_TEMPERATURE),
            "alike": _both(near, back, briefs_truth, VIEW_TEMPERATURE),
            "labels": known_cross_entropy(
                near[:, : len(one)] / LABEL_TEMPERATURE, labels_truth(batch)
            ),
            "tones": known_cross_entropy(near[:, : len(one)] / LABEL_TEMPERATURE, batch.tones),
            "refined": refined(one, wishes, other, batch.refined),
            **of_families(self._sizes, scale * one @ words.T, batch.words_truth),
        }
        memory.keep(one, batch.words_truth, batch.number)
        return {name: WEIGHTS[name] * loss for name, loss in losses.items()}


def text_vectors(clip: Any, tokens: list[Tensor]) -> list[Tensor]:
    """Return the unit vectors of several lists of texts.

    Texts take the time of a step. So they are sorted by length, and no piece of them is computed beyond
    its longest one, which changes no vector: no token sees a later one.
    """
    length = max(part.shape[1] for part in tokens)
    ids = torch.cat([functional.pad(part, (0, length - part.shape[1])) for part in tokens])
    order = ids.count_nonzero(dim=1).argsort()
    rows = torch.cat([_text_rows(clip, ids[piece]) for piece in order.chunk(PIECES)])
    vectors = functional.normalize(rows[order.argsort()], dim=-1)
    return list(torch.split(vectors, [len(part) for part in tokens]))


def _text_rows(clip: Any, ids: Tensor) -> Tensor:
    length = int(ids.count_nonzero(dim=1).max())
    ids = ids[:, :length]
    x = clip.token_embedding(ids) + clip.positional_embedding[:length]
    x = clip.ln_final(clip.transformer(x, attn_mask=clip.attn_mask[:length, :length]))
    last: Tensor = x[torch.arange(len(ids)), ids.argmax(dim=-1)] @ clip.text_projection
    return last


def labels_truth(batch: HeadBatch) -> Tensor:
    """Return (B, B): whether a garment bears another's label; unknown of another data set, and of itself."""
    equal = torch.where(batch.label[:, None] == batch.label[None], TRUE, FALSE)
    elsewhere = batch.source[:, None] != batch.source[None]
    itself = batch.number[:, None] == batch.number[None]
    return equal.masked_fill(elsewhere | itself, UNKNOWN)


def _both(near: Tensor, back: Tensor, truth: Tensor, temperature: float) -> Tensor:
    one, other = (known_cross_entropy(each / temperature, truth) for each in (near, back))
    return (one + other) / 2
