"""Train what follows a frozen trunk: the projection and the text tower, begun as they are.

The projection stays one layer: two of them were hardly better, and no engine but torch runs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import open_clip
import torch
from torch import Tensor, nn

from index.encoders import pretrained
from index.encoders.fingerprints import fingerprint_of
from index.training.examples.vocabulary import vocabulary_of
from index.training.remembered import shelf
from index.training.remembered.batches import EACH, KINDS, HeadBatch, HeadBatches
from index.training.remembered.losses import HeadLosses
from index.training.train import new_model, write_model
from segmentation.training.runs import loop
from segmentation.training.runs.checkpoints import recipe_of

RATE, TEXT_RATE, DECAY = 2e-3, 1e-3, 0.05
MOVED: Final = 0.8
"""How far the weights go from those that they began as to those that they were trained to."""


def train_head(
    features: Path,
    start: Path,
    out: Path,
    *,
    schedule: loop.Schedule,
    moved: float = MOVED,
    resume: bool = False,
    report: loop.Report,
) -> None:
    """Train on remembered features, and write an open_clip `local-dir:` to `out`.

    Nothing that is fitted to an encoder is written: its attributes, guesses, relevance and the rest are to be
    fitted again.

    Args:
        features: the folder that `collect` wrote.
        start: the encoder whose trunk saw them.
        out: the folder of the new one.
        schedule: how long and how fast.
        moved: 1 for the trained weights, less for some between them and those of `start`.
        resume: go on from the checkpoint.
        report: receives progress lines.

    Raises:
        DatasetError: nothing is remembered.
        WeightsError: the encoder cannot be read, or another's trunk saw the features.
    """
    found = pretrained.load(f"local-dir:{start}")
    fingerprint = fingerprint_of(found.model, found.tokenize, found.config)
    remembered = shelf.read(features, fingerprint)
    garments = remembered.learned()
    vocabulary = vocabulary_of(each.looks[0].facts for each in garments)
    model = new_model(out, start).train()
    begun = {name: weights.clone() for name, weights in model.state_dict().items()}
    tokenize = open_clip.get_tokenizer(f"local-dir:{out}")
    batches = HeadBatches(remembered, garments, vocabulary, tokenize)
    report(f"{len(garments)} garments, {len(remembered.features)} features")

    def batches_from(first: int) -> Iterator[HeadBatch]:
        return (batches[step] for step in range(first, schedule.steps))

    checkpoint = out / "training.checkpoint.pt"
    trained = loop.run(
        model,
        _optimiser(model),
        batches_from,
        HeadLosses(vocabulary),
        schedule,
        checkpoint=checkpoint,
        recipe=recipe_of(batch=KINDS * EACH, features=len(remembered.features), start=start),
        resume=resume,
        report=report,
    )
    trained.load_state_dict(between(begun, trained.state_dict(), moved))
    write_model(trained, out)
    checkpoint.unlink()


def between(
    begun: Mapping[str, Tensor], trained: Mapping[str, Tensor], moved: float
) -> dict[str, Tensor]:
    """Return weights on the line from those a training began with, `moved` 0, to those it ended with, 1.

    On the way some figures are better than at either end (Wortsman et al., 2022): see `docs/encoder.md`.
    """
    return {
        name: begun[name].lerp(weights, moved) if weights.is_floating_point() else weights
        for name, weights in trained.items()
    }


def _optimiser(model: nn.Module) -> torch.optim.AdamW:
    """Return AdamW of the projection and the text tower; trunk and token embeddings are frozen.

    The embeddings are three fifths of all weights, and know the words already.
    """
    model.get_submodule("visual.trunk").requires_grad_(False)
    model.get_submodule("token_embedding").requires_grad_(False)
    head: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    text: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            of_head = head if parameter.ndim > 1 else rest
            (of_head if name.startswith("visual.head") else text).append(parameter)
    groups: Sequence[dict[str, Any]] = (
        {"params": head, "lr": RATE, "weight_decay": DECAY},
        {"params": rest, "lr": RATE, "weight_decay": 0.0},
        {"params": text, "lr": TEXT_RATE, "weight_decay": 0.0},
    )
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))
