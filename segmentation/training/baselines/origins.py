"""Where a model's figures come from: its weights file, its training, the machine they are taken on."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from segmentation.common.errors import Refusal
from segmentation.common.precision import fastest_dtype
from segmentation.training.runs.fitting import BATCH
from segmentation.training.runs.progress import Point, history_of, points_of_log, read_history


def size_of(weights: Path) -> dict[str, float]:
    """Return how many `parameters` a weights file holds, and its `megabytes`."""
    with safe_open(weights, framework="pt") as file:
        parameters = sum(file.get_tensor(name).numel() for name in file.keys())  # noqa: SIM118
    return {"parameters": parameters, "megabytes": round(weights.stat().st_size / 1e6, 2)}


def training_of(weights: Path, log: Path | None) -> dict[str, Any]:
    """Return what the learning curve tells; `epochs` only where the weights say of how many photos."""
    points = _points_in(log) if log else read_history(history_of(weights))
    if not points:
        return {"points": []}
    last = points[-1]
    with safe_open(weights, framework="pt") as file:
        photos = json.loads(file.metadata()["spec"]).get("photos")
    return {
        "steps": last.step,
        "minutes": round(last.seconds / 60, 1),
        "epochs": round((last.seen or last.step * BATCH) / photos, 1) if photos else None,
        "final_losses": dict(last.losses),
        "points": [asdict(point) for point in points],
    }


def _points_in(log: Path) -> list[Point]:
    try:
        return points_of_log(log.read_text().splitlines())
    except OSError as error:
        raise Refusal(
            "the lines of a training run cannot be read",
            got=str(error),
            expected="a text file",
            next_step="Give --log NAME=FILE.",
        ) from error


def machine() -> dict[str, Any]:
    """Return the `processor`, the `threads`, the arithmetic (`dtype`) and the version of `torch`."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else "unknown",
        "threads": torch.get_num_threads(),
        "dtype": str(fastest_dtype()).removeprefix("torch."),
        "torch": torch.__version__,
    }
