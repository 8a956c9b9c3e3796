"""Weights on disk: fp16 safetensors whose header tells the architecture and its spec."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from segmentation.common.errors import WeightsError


def write_tensors(
    path: Path, state: Mapping[str, Tensor], architecture: str, spec: Mapping[str, Any]
) -> None:
    """Write a network's state as fp16, with what is needed to rebuild the network in its header."""
    halves = {name: tensor.half().contiguous() for name, tensor in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(halves, path, metadata={"architecture": architecture, "spec": json.dumps(spec)})
    path.chmod(0o644)  # safetensors writes for its owner alone


def read_tensors(path: Path, architecture: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return the spec and float32 tensors of a weights file.

    Raises:
        WeightsError: no file, a damaged one, or one of another architecture.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header: dict[str, Any] = file.metadata() or {}
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            "the weights cannot be read",
            got=f"{path}: {error}",
            expected="a safetensors file",
            next_step="Train with `recommender train segmentation`; shipped weights come back by "
            "`git checkout -- segmentation/weights`.",
        ) from error
    if header.get("architecture") != architecture:
        raise WeightsError(
            "the weights are of another architecture",
            got=f"{path}: {header.get('architecture')}",
            expected=architecture,
            next_step="Give weights that `recommender train segmentation` wrote for this model.",
        )
    with unfit_refused(path):
        spec: dict[str, Any] = json.loads(header["spec"])
    return spec, state


@contextmanager
def unfit_refused(path: Path) -> Iterator[None]:
    """Refuse weights whose spec or tensors no network can be built from.

    Raises:
        WeightsError: in place of what building the network raised.
    """
    try:
        yield
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise WeightsError(
            "the weights do not fit their network",
            got=f"{path}: {type(error).__name__}: {error}",
            expected="a spec and the tensors of the network that it describes",
            next_step="Give weights that `recommender train segmentation` of this version wrote.",
        ) from error
