"""The training loop that every model of this project runs in.

A step is a pure function of its number: the batch comes from `batch(step)`, so a run that was
stopped and resumed sees the same data as one that was not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from segmentation.common.errors import Refusal
from segmentation.common.precision import keep_freed_memory
from segmentation.training.runs.checkpoints import Checkpoint
from segmentation.training.runs.progress import Progress, Report, history_of

__all__ = ["Report", "Schedule", "TrainingDiverged", "run"]

MAX_SKIPPED = 20
"""This many losses in a row that are not finite end the run."""


class TrainingDiverged(Refusal):
    """The loss stayed infinite or NaN."""


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes:
        steps: optimiser steps in all.
        peak: the highest rate, as a share of the optimiser's own; later stages learn slower.
        warm_up: steps over which the rate rises from zero.
        floor: share of the peak rate at the end of the cosine.
        average_decay: decay of the weights' exponential moving average.
        clip: largest norm of a gradient.
        save_every: steps between checkpoints.
    """

    steps: int
    peak: float = 1.0
    warm_up: int = 100
    floor: float = 0.01
    average_decay: float = 0.998
    clip: float = 10.0
    save_every: int = 100

    @classmethod
    def short(cls, steps: int, peak: float = 1.0) -> Schedule:
        """Return a schedule for runs of some hundred steps.

        The average reaches back a hundred steps, not five hundred: else the first steps, in which
        little was known, would weigh as much as the last ones.
        """
        return cls(steps, peak, average_decay=0.99)

    def factor(self, step: int) -> float:
        """Return the share of the optimiser's own rates at a step.

        >>> schedule = Schedule(steps=1100, warm_up=100, floor=0.0)
        >>> [round(schedule.factor(step), 2) for step in (0, 49, 99, 600, 1100)]
        [0.01, 0.5, 1.0, 0.5, 0.0]
        >>> Schedule(steps=1100, peak=0.5).factor(99)
        0.5
        """
        if step < self.warm_up:
            return self.peak * (step + 1) / self.warm_up
        done = min(1.0, (step - self.warm_up) / max(1, self.steps - self.warm_up))
        falling = 0.5 * (1 + math.cos(math.pi * done))
        return self.peak * (self.floor + (1 - self.floor) * falling)


def run(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    batches: Callable[[int], Iterator[Any]],
    losses_of: Callable[[nn.Module, Any], dict[str, Tensor]],
    schedule: Schedule,
    *,
    checkpoint: Path,
    recipe: str,
    batch_size: int = 0,
    resume: bool,
    report: Report,
) -> nn.Module:
    """Train and return the model with its averaged weights.

    Args:
        model: in training mode; changed in place.
        optimiser: its groups carry their peak rate as `lr`.
        batches: first step -> the batches from that step on.
        losses_of: model and batch -> named losses, which are summed.
        schedule: how long and how fast.
        checkpoint: file that is written every `save_every` steps and read by `resume`; the
            learning curve lies beside it as `.history.jsonl`.
        recipe: what is trained on what, as `recipe_of` tells it; kept in the checkpoint.
        batch_size: samples a step, for the learning curve.
        resume: go on from the checkpoint where there is one.
        report: receives one progress line at a time.

    Raises:
        TrainingDiverged: `MAX_SKIPPED` steps in a row had a loss that is not finite.
        WeightsError: the checkpoint is damaged, or of a run with another recipe.
    """
    keep_freed_memory()
    peaks = [group["lr"] for group in optimiser.param_groups]
    decay = get_ema_multi_avg_fn(schedule.average_decay)  # type: ignore[no-untyped-call]
    average = AveragedModel(model, multi_avg_fn=decay)
    kept = Checkpoint(
        checkpoint, recipe, {"model": model, "optimiser": optimiser, "average": average}
    )
    first = kept.take_up() if resume else 0
    progress = Progress(history_of(checkpoint), first, schedule.steps, report, batch_size)
    skipped = 0
    for step, batch in zip(range(first, schedule.steps), batches(first), strict=False):
        for group, peak in zip(optimiser.param_groups, peaks, strict=True):
            group["lr"] = peak * schedule.factor(step)
        losses = losses_of(model, batch)
        if _step(model, optimiser, losses, schedule.clip):
            skipped = 0
            average.update_parameters(model)
            progress.tell(step, losses, optimiser.param_groups[-1]["lr"])
        else:
            skipped += 1
            report(f"step {step}: skipped, loss not finite: {_words(losses)}")
            _check_diverging(skipped, losses)
        if (step + 1) % schedule.save_every == 0 or step + 1 == schedule.steps:
            kept.write(step + 1)
    trained: nn.Module = average.module
    return trained.eval()


def _step(
    model: nn.Module, optimiser: torch.optim.Optimizer, losses: dict[str, Tensor], clip: float
) -> bool:
    total = torch.stack([loss.float() for loss in losses.values()]).sum()
    if not torch.isfinite(total):
        return False
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(model.parameters(), clip)
    if not torch.isfinite(norm):
        return False
    optimiser.step()
    return True


def _check_diverging(skipped: int, losses: dict[str, Tensor]) -> None:
    if skipped >= MAX_SKIPPED:
        raise TrainingDiverged(
            "training does not converge",
            got=f"{skipped} losses in a row that are not finite, last {_words(losses)}",
            expected="finite losses",
            next_step="Resume from an earlier checkpoint with a lower learning rate.",
        )


def _words(losses: dict[str, Tensor]) -> str:
    return ", ".join(f"{name} {float(loss.detach())}" for name, loss in losses.items())
