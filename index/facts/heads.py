"""What reads facts off an encoder's vectors: a small network with one head a family of answers.

`facts.safetensors` beside the encoder's weights holds it in half precision. Its header names the
encoder by its fingerprint, and for each family its answers, the temperature at which its shares are
honest, and for each answer the least share that is believed: measured on kept photos, so that nine in
ten of the answers given are right. `recommender train facts` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from segmentation.common.errors import WeightsError

FILE: Final = "facts.safetensors"
"""Lies beside an encoder's weights."""
NEVER: Final = 2.0
"""The least share of an answer that is not believed however sure it is."""
GROUND: Final = "ground"
"""The family that says how a garment is shown; it is no fact, and chooses which thresholds hold."""
LAID_FLAT: Final = "laid flat"
"""On a bed or a floor, or hanging in a room: a person's own or a second-hand shop's photo."""
OTHER: Final = "other"
"""A shop's photo, or worn by somebody."""
Array = NDArray[np.float32]


class FactFamily(BaseModel):
    """Answers that exclude each other.

    Attributes:
        answers: their names.
        temperature: logits are divided by it before the softmax.
        thresholds: the least share at which each answer is given; `NEVER` for never.
        laid_flat: the same for garments laid flat; empty where they are not distinguished.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    answers: tuple[str, ...] = Field(min_length=2)
    temperature: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    thresholds: tuple[float, ...] = ()
    laid_flat: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _aligned(self) -> Self:
        if any(
            len(each) not in (0, len(self.answers)) for each in (self.thresholds, self.laid_flat)
        ):
            raise ValueError("as many thresholds as answers are needed")
        return self


class Header(BaseModel):
    """What the file says of itself.

    Attributes:
        fingerprint: of the encoder whose vectors it reads.
        families: by name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fingerprint: str
    families: dict[str, FactFamily] = Field(min_length=1)


@dataclass(frozen=True, eq=False)
class FactHeads:
    """The network, on the processor and without a framework: two layers and a head a family.

    Attributes:
        header: as the file has it.
        tensors: `trunk.0.weight` (width, d); `trunk.1.weight` (blocks, width / blocks, width / blocks):
            networks side by side, or (width, width) for one; `trunk.N.bias` (width,); `NAME.weight`
            (answers, width) and `NAME.bias` of each family.
    """

    header: Header
    tensors: Mapping[str, Array]

    def logits(self, vectors_unit: Array) -> dict[str, Array]:
        """Return (n, answers) of each family for (n, d) unit rows."""
        first, second = self.tensors["trunk.0.weight"], self.tensors["trunk.1.weight"]
        bias = self.tensors["trunk.1.bias"]
        hidden = np.maximum(vectors_unit @ first.T + self.tensors["trunk.0.bias"], 0)
        mixed = np.empty((len(hidden), len(bias)), np.float32)
        blocks = second if second.ndim == 3 else second[None]
        for at, block in enumerate(blocks):
            rows = slice(at * len(block), (at + 1) * len(block))
            mixed[:, rows] = hidden[:, rows] @ block.T
        np.maximum(mixed + bias, 0, out=mixed)
        return {
            name: mixed[:, used] @ self.tensors[f"{name}.weight"][:, used].T
            + self.tensors[f"{name}.bias"]
            for name, used in self._used.items()
        }

    @cached_property
    def _used(self) -> dict[str, slice]:
        """Return which of the trunk's outputs each family's head looks at."""
        used = {}
        for name in self.header.families:
            columns = np.flatnonzero(self.tensors[f"{name}.weight"].any(axis=0))
            used[name] = slice(int(columns[0]), int(columns[-1]) + 1) if columns.size else slice(0)
        return used

    def write(self, file: Path) -> None:
        """Write them in half precision."""
        halves = {name: part.astype(np.float16) for name, part in self.tensors.items()}
        save_file(halves, file, {"facts": self.header.model_dump_json()})
        file.chmod(0o644)  # safetensors writes for its owner alone


def shares_of(family: FactFamily, logits: Array, allowed: NDArray[np.bool_] | None = None) -> Array:
    """Return (n, answers) shares that add up to one in each row.

    Args:
        family: as calibrated.
        logits: (n, answers).
        allowed: (n, answers), True where an answer may be given; all may where not given.
    """
    scaled = logits.astype(np.float64) / family.temperature
    if allowed is not None:
        scaled = np.where(allowed, scaled, -1e9)
    shares = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def laid_flat(header: Header, logits: Mapping[str, Array]) -> NDArray[np.bool_]:
    """Return (n,): which garments are laid flat, as far as the heads tell; none without that family.

    Args:
        header: of the heads.
        logits: theirs, of n garments.
    """
    family = header.families.get(GROUND)
    if family is None or LAID_FLAT not in family.answers:
        return np.zeros(len(next(iter(logits.values()))), np.bool_)
    return np.asarray(logits[GROUND].argmax(axis=1) == family.answers.index(LAID_FLAT))


def sure_enough(
    family: FactFamily, shares: Array, flat: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return (n,) the likeliest answers by their places, and (n,) whether each is given.

    Args:
        family: as calibrated; without thresholds nothing is given.
        shares: (n, answers).
        flat: (n,) which garments are laid flat.
    """
    best = shares.argmax(axis=1)
    usual = np.array(family.thresholds or (NEVER,) * len(family.answers))
    least = np.where(flat, np.array(family.laid_flat or usual)[best], usual[best])
    return best, np.asarray(shares.max(axis=1) >= least)


def heads_of(encoder: str, fingerprint: Callable[[], str]) -> FactHeads | None:
    """Return what reads an encoder's vectors, by its name; None where it is no folder that has any.

    Args:
        encoder: its name.
        fingerprint: returns its fingerprint; called only where there are heads, for it loads the encoder.

    Raises:
        WeightsError: as for `heads_in`.
    """
    folder = Path(encoder.removeprefix("local-dir:")).expanduser()
    return heads_in(folder, fingerprint()) if (folder / FILE).is_file() else None


def heads_in(folder: Path, fingerprint: str) -> FactHeads:
    """Return what lies in an encoder's folder.

    Raises:
        WeightsError: the file is missing or damaged, or was fitted for another encoder.
    """
    path = folder / FILE
    try:
        with safe_open(path, framework="np") as file:
            header = Header.model_validate_json((file.metadata() or {}).get("facts", ""))
            names = set(file.keys())
            tensors = {name: file.get_tensor(name).astype(np.float32) for name in names}
        heads = FactHeads(header, tensors)
        dim = tensors["trunk.0.weight"].shape[1]
        found = heads.logits(np.zeros((1, dim), np.float32))
        if any(found[n].shape[1] != len(f.answers) for n, f in header.families.items()):
            raise ValueError("heads of another size than their answers")
    except (OSError, SafetensorError, ValidationError, KeyError, ValueError, IndexError) as error:
        raise _refused(path, f"{type(error).__name__}: {str(error).splitlines()[0]}") from error
    if header.fingerprint != fingerprint:
        raise _refused(path, f"fitted for {header.fingerprint or 'none'}, not for {fingerprint}")
    return heads


def _refused(path: Path, got: str) -> WeightsError:
    return WeightsError(
        "what reads facts off the encoder's vectors cannot be used",
        got=f"{path}: {got}",
        expected="heads that were fitted for this very encoder",
        next_step=f"Run `recommender train facts --data DIR... --out {path.parent}`, or take the "
        "file away: then only words tell facts.",
    )
