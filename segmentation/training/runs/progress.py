"""How a training run goes: in lines while it runs, kept as a learning curve beside it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeAlias

from torch import Tensor

Report: TypeAlias = Callable[[str], None]
EVERY: Final = 10
"""Steps between two points of the curve."""
_LINE: Final = re.compile(
    r"step (?P<step>\d+)/\d+ (?P<each>[\d.]+) s/step .*?lr (?P<rate>\S+)(?P<losses>( \w+ [\d.]+)+)"
)


@dataclass(frozen=True)
class Point:
    """One point of a learning curve.

    Attributes:
        step: optimiser steps done.
        seconds: spent in training so far, over all its stages.
        rate: learning rate of the new layers.
        losses: each loss, smoothed over about twenty steps.
        seen: samples seen so far; 0 where that was not kept.
    """

    step: int
    seconds: float
    rate: float
    losses: Mapping[str, float]
    seen: int = 0


class Progress:
    """Smoothed losses, rate and time left, every `EVERY` steps."""

    def __init__(
        self, history: Path, first: int, steps: int, report: Report, batch_size: int = 0
    ) -> None:
        """Begin at step `first`; what `history` tells of later steps is forgotten.

        Args:
            history: the curve's file.
            first: steps done before.
            steps: in all.
            report: receives the lines.
            batch_size: samples a step; 0 where nobody asks how many were seen.
        """
        kept = [point for point in read_history(history) if point.step <= first]
        history.parent.mkdir(parents=True, exist_ok=True)
        history.write_text("".join(map(_as_line, kept)))
        self._history, self._report = history, report
        self._first, self._steps, self._batch_size = first, steps, batch_size
        self._before_s = kept[-1].seconds if kept else 0.0
        self._start = time.monotonic()
        self._smooth: dict[str, float] = {}

    def tell(self, step: int, losses: Mapping[str, Tensor], rate: float) -> None:
        """Take note of one step's losses."""
        for name, loss in losses.items():
            value = float(loss.detach())
            self._smooth[name] = 0.95 * self._smooth.get(name, value) + 0.05 * value
        if (step + 1) % EVERY and step + 1 != self._steps:
            return
        seconds = time.monotonic() - self._start
        each = seconds / (step + 1 - self._first)
        parts = " ".join(f"{name} {value:.3f}" for name, value in self._smooth.items())
        self._report(
            f"step {step + 1}/{self._steps} {each:.2f} s/step "
            f"eta {each * (self._steps - step - 1) / 60:.1f} min lr {rate:.2e} {parts}"
        )
        losses_now = {name: round(value, 5) for name, value in self._smooth.items()}
        point = Point(
            step + 1,
            round(self._before_s + seconds, 2),
            rate,
            losses_now,
            self._batch_size * (step + 1),
        )
        with self._history.open("a") as file:
            file.write(_as_line(point))


def history_of(run: Path) -> Path:
    """Return where the curve of a run lies whose weights or checkpoint lie at `run`.

    >>> history_of(Path("unet.safetensors")).name, history_of(Path("unet.checkpoint.pt")).name
    ('unet.history.jsonl', 'unet.history.jsonl')
    """
    return run.with_name(run.with_suffix("").name.removesuffix(".checkpoint") + ".history.jsonl")


def read_history(path: Path) -> list[Point]:
    """Return the points of a curve, first step first; none where there is no file.

    A last line without its end is left out: the run was stopped while it was written.
    """
    if not path.exists():
        return []
    whole, _, _half_written = path.read_text().rpartition("\n")
    return [Point(**json.loads(line)) for line in whole.splitlines()]


def points_of_log(lines: Iterable[str]) -> list[Point]:
    """Return the curve of a run from the lines it reported; other lines are passed over.

    >>> points_of_log(["begin", "step 20/90 0.50 s/step eta 1.0 min lr 5.00e-04 mask 0.25"])
    [Point(step=20, seconds=10.0, rate=0.0005, losses={'mask': 0.25}, seen=0)]
    """
    points = []
    for found in filter(None, map(_LINE.search, lines)):
        words = found["losses"].split()
        losses = {name: float(value) for name, value in zip(words[::2], words[1::2], strict=True)}
        step = int(found["step"])
        points.append(Point(step, step * float(found["each"]), float(found["rate"]), losses))
    return points


def _as_line(point: Point) -> str:
    return json.dumps(asdict(point)) + "\n"
