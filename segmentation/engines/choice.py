"""Which engine serves a network on this machine: found out by running both, or set."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

import torch
from torch import Tensor

from segmentation.common.precision import fastest_dtype

TOLERANCE: Final = 0.15
"""Largest difference of any output from torch's, as a share of its norm. The shipped graph differs by 0.07
at most; where sums of 8-bit products overflow, one differs by 0.2 and more."""
GAIN: Final = 0.9
"""A compiled graph is taken where it needs at most this share of torch's time."""
ROUNDS: Final = 5

Run = Callable[[], Sequence[Tensor]]


class Engine(StrEnum):
    """What runs a network: `AUTO` takes a GPU where there is one, `CPU` the best of a processor's."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"
    CUDA = "cuda"
    CPU = "cpu"


DTYPES: Final = {Engine.FLOAT32: torch.float32, Engine.BFLOAT16: torch.bfloat16}


def torch_dtype(engine: Engine) -> torch.dtype:
    """Return what torch computes in on the processor: what is fastest here where an engine leaves that open."""
    return DTYPES.get(engine) or fastest_dtype()


def torch_engine(dtype: torch.dtype) -> Engine:
    """Return torch's engine of an arithmetic on the processor."""
    return Engine.BFLOAT16 if dtype is torch.bfloat16 else Engine.FLOAT32


def clearly_better(
    exact: Run,
    plain: Run,
    compiled: Run,
    *,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
) -> str:
    """Return why a compiled network should not replace torch's here; empty where it should.

    The two are run in turn, so that other work on the machine slows both alike.

    Args:
        exact: torch's answer in float32.
        plain: torch in its fastest arithmetic.
        compiled: the same network, compiled.
        tolerance: largest difference of any output from `exact`, as a share of its norm.
        rounds: how often the two are timed.
    """
    far = max(_distance(a, b) for a, b in zip(exact(), compiled(), strict=True))
    if not far <= tolerance:  # NaN is no answer either
        return f"its answers differ from torch's by {far:.2f} (at most {tolerance})"
    plain()
    times = [(_seconds(plain), _seconds(compiled)) for _ in range(rounds)]
    ours, theirs = min(pair[1] for pair in times), min(pair[0] for pair in times)
    if ours > GAIN * theirs:
        return f"it takes {1000 * ours:.1f} ms where torch takes {1000 * theirs:.1f}"
    return ""


def _distance(exact: Tensor, given: Tensor) -> float:
    return float((exact - given).norm() / exact.norm())


def _seconds(run: Run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
