r"""The detector's trunk in 8-bit integers, for OpenVINO.

    python -m segmentation.training.quantizing ../shared/data/clothing-co-parsing

Needs the extra `quantize`. Static: each tensor's range is taken from training photos, never from held-out
ones, and biases are corrected by them. Weights keep seven bits, so that sums of two products do not overflow
on processors without VNNI, and such processors find what others find. The float weights stay the truth: the
graph names their SHA-256, and serves for no others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from segmentation.common.commands import run
from segmentation.common.errors import DatasetError, WeightsError
from segmentation.common.photo import decode
from segmentation.datasets import read_folder
from segmentation.detector import maskrcnn
from segmentation.detector.inputs import as_images, fit
from segmentation.detector.network import build, read_weights
from segmentation.detector.trunk import Whole
from segmentation.engines.graph import openvino, write_graph

PHOTOS: Final = 50
SEED: Final = 0
IN_FLOAT: Final = (r".*body\.conv_stem.*", r".*body\.blocks\.[012]\..*")
"""What stays in float, by the names of operations: the first layers of the backbone. All that follows inherits
their errors: in 8 bits they make three quarters of the whole difference, and save a tenth of the time."""


def quantize(weights: Path, photos: Sequence[Path]) -> Path:
    """Write the graph of a detector beside its weights; return where.

    Args:
        weights: of the detector.
        photos: to take ranges from.

    Raises:
        WeightsError: there are no such weights, or the extra `quantize` is not installed.
    """
    spec, state = read_weights(weights)
    package, nncf = openvino(), _nncf()
    network = build(spec)
    network.load_state_dict(state)
    whole = Whole(network.eval()).eval()
    with torch.inference_mode():
        model = package.convert_model(
            whole,
            example_input=torch.zeros(1, 3, 64, 64),
            input=[package.PartialShape([1, 3, -1, -1])],
        )

    def pixels(path: Path) -> NDArray[np.float32]:
        scaled = fit(decode(path.read_bytes()).rgb, spec.short_side, spec.long_side)
        return np.ascontiguousarray(as_images(scaled).tensors.numpy())

    small = nncf.quantize(
        model,
        nncf.Dataset(list(photos), pixels),
        subset_size=len(photos),
        preset=nncf.QuantizationPreset.MIXED,
        ignored_scope=nncf.IgnoredScope(patterns=list(IN_FLOAT)),
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            overflow_fix=nncf.OverflowFix.ENABLE
        ),
    )
    return write_graph(small, weights)


def training_photos(folders: Sequence[Path], count: int) -> list[Path]:
    """Return some training photos of data sets, the same ones every time.

    Raises:
        DatasetError: there are none.
    """
    found = [each.photo_path for folder in folders for each in read_folder(folder, "train")[1]]
    if not found:
        raise DatasetError(
            "no training photos",
            got=", ".join(map(str, folders)) or "no folders",
            expected="at least one photo of the split 'train'",
            next_step="Give the folder of a data set in a layout of docs/data.md.",
        )
    return random.Random(SEED).sample(sorted(found), min(count, len(found)))


def _nncf() -> Any:
    try:
        import nncf
    except ImportError as error:
        raise WeightsError(
            "networks cannot be made 8-bit",
            got=f"no module {error.name}",
            expected="the extra `quantize`",
            next_step="Run `pip install 'complete-the-look[quantize]'`.",
        ) from error
    return nncf


def main(
    data: list[Path],
    weights: Path = maskrcnn.WEIGHTS,
    photos: Annotated[int, typer.Option(min=1, help="To take ranges from.")] = PHOTOS,
) -> None:
    """Write the detector's graph in 8-bit integers beside its weights."""
    path = quantize(weights, training_photos(data, photos))
    typer.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB, for {weights}")


if __name__ == "__main__":
    run(main)
