"""The compatibility model on disk: one safetensors file, with what scores are compared to.

A score says little by itself. So the file holds some hundred garments of each kind that people wore, as
embeddings: an item is as good as the share of them that would fit the outfit worse.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from recommender.compatibility.network import CompatibilityNet
from segmentation.common.errors import WeightsError

FILE: Final = "compatibility.safetensors"
WEIGHTS: Final = Path(__file__).parent / "weights" / FILE
REFERENCE, REFERENCE_KINDS = "references", "reference_kinds"


@dataclass(frozen=True, eq=False)
class Saved:
    """A trained model.

    Attributes:
        network: ready to serve.
        fingerprint: of the encoder whose vectors it takes.
        references: (R, 128) float32 unit rows of garments that people wore.
        reference_kinds: (R,) their kinds.
        least: the score that nine of ten garments that people truly wore with an outfit reach.
    """

    network: CompatibilityNet
    fingerprint: str
    references: Tensor
    reference_kinds: Tensor
    least: float


def write_model(file: Path, saved: Saved, width: int) -> None:
    """Write a model in half precision.

    Args:
        file: where to; its folder is made.
        saved: what.
        width: of the rows that it takes.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    state = {f"network.{name}": part for name, part in saved.network.state_dict().items()}
    tensors = {
        name: part.half().contiguous() if part.is_floating_point() else part.contiguous()
        for name, part in {**state, REFERENCE: saved.references}.items()
    }
    record = {"encoder": saved.fingerprint, "width": width, "least": saved.least}
    save_file(
        {**tensors, REFERENCE_KINDS: saved.reference_kinds},
        file,
        {name: json.dumps(value) for name, value in record.items()},
    )
    file.chmod(0o644)  # safetensors writes for its owner alone


def read_model(file: Path = WEIGHTS) -> Saved:
    """Return the model in a file.

    Raises:
        WeightsError: there is none, or it is damaged.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            record = {name: json.loads(text) for name, text in (opened.metadata() or {}).items()}
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        network = CompatibilityNet(int(record["width"]))
        network.load_state_dict(
            {
                name.removeprefix("network."): part
                for name, part in tensors.items()
                if name.startswith("network.")
            }
        )
        return Saved(
            network.float().eval().requires_grad_(False),
            str(record["encoder"]),
            tensors[REFERENCE].float(),
            tensors[REFERENCE_KINDS],
            float(record["least"]),
        )
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise WeightsError(
            "the compatibility model cannot be read",
            got=f"{file}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
            expected="a file that `recommender train compatibility` wrote",
            next_step="Restore the file, or train anew.",
        ) from error
