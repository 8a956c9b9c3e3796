r"""Measure all models on the same photos in one run, and write one result file for each.

    python -m segmentation.training.baselines.compare --data ../shared/data/clothing-co-parsing \
        --out docs/results/segmentation --model maskrcnn=segmentation/weights/maskrcnn.safetensors \
        --model unet-scratch=W --model unet-imagenet=W --model yolact=W

A name begins with `maskrcnn`, `unet` or `yolact`; what follows a dash tells runs of one kind apart.
The learning curve is read from beside the weights, or with `--log NAME=FILE` from the lines that a
run reported. Tables and plots are drawn from the files alone.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from segmentation.common.commands import run
from segmentation.common.errors import Refusal
from segmentation.common.garments import Photo
from segmentation.datasets import read_folder
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.training.baselines.loading import LOADERS, SIZES
from segmentation.training.baselines.origins import machine, size_of, training_of
from segmentation.training.measuring.evaluate import measure, photos_of
from segmentation.training.measuring.pixels import PixelAccuracy
from segmentation.training.measuring.segmenter import Segmenter
from segmentation.training.runs.progress import Report

Data = Annotated[Path, typer.Option("--data", help="Folder of a data set.")]
Out = Annotated[Path, typer.Option("--out", help="Folder of the result files.")]
Models = Annotated[list[str], typer.Option("--model", metavar="NAME=WEIGHTS", help="A model.")]
Logs = Annotated[
    list[str] | None, typer.Option("--log", metavar="NAME=FILE", help="The lines of its training.")
]


def compare(
    models: Mapping[str, Path],
    data: Path,
    out: Path,
    *,
    logs: Mapping[str, Path],
    command: str,
    report: Report,
) -> list[Path]:
    """Write and return one file for each model and size, `NAME-SHORTxLONG.json`.

    Each holds `model`, `kind`, `size` (short and long side in pixels), `figures` (what `measure`
    returns on `val`), `train` (`pixel_accuracy` on as many training photos), `curve` (precision at
    each recall for masks that overlap by half, `overall` and `per_class`), `weights` (`parameters`,
    `megabytes`), `training` (`steps`, `minutes`, `epochs`, `final_losses`, `points`), `machine` and
    `command`.

    Args:
        models: name -> weights.
        data: folder of a data set with the splits `train` and `val`.
        out: where the files go.
        logs: name -> the lines that training reported, of models without a learning curve.
        command: how this run was called.
        report: receives progress lines.

    Raises:
        Refusal: a folder or weights file is not what it should be.
    """
    held_out, train = photos_of([data], "val"), read_folder(data, "train")[1]
    spread = train[:: max(1, len(train) // len(held_out))][: len(held_out)]
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, weights in models.items():
        for size in SIZES[kind_of(name)]:
            report(f"{name} at {size[0]} x {size[1]}")
            segmenter = LOADERS[kind_of(name)](weights, size)
            result = {
                "model": name,
                "kind": kind_of(name),
                "size": list(size),
                **_measured(segmenter, held_out, spread, report),
                "weights": size_of(weights),
                "training": training_of(weights, logs.get(name)),
                "machine": machine(),
                "command": command,
            }
            path = out / f"{name}-{size[0]}x{size[1]}.json"
            path.write_text(json.dumps(result) + "\n")
            written.append(path)
    return written


def kind_of(name: str) -> str:
    """Return the kind of a model from its name: `unet` of `unet-scratch`.

    Raises:
        Refusal: there is no such kind.
    """
    kind = name.partition("-")[0]
    if kind not in LOADERS:
        raise Refusal(
            "a model of an unknown kind",
            got=name,
            expected=f"a name that begins with {', '.join(LOADERS)}",
            next_step="Give --model NAME=WEIGHTS.",
        )
    return kind


def _measured(
    segmenter: Segmenter,
    held_out: Sequence[LabelledPhoto],
    train: Sequence[LabelledPhoto],
    report: Report,
) -> dict[str, Any]:
    measured, pixels = measure(segmenter, held_out, report), PixelAccuracy()
    for record in train:
        rgb, masks = record.read()
        pixels.add(segmenter.segment(Photo(rgb)), record, masks)
    return {
        "figures": measured.figures,
        "train": {"photos": len(train), **pixels.figures()},
        "curve": measured.precision.curve(),
    }


def main(models: Models, data: Data, out: Out, logs: Logs = None) -> None:
    """Measure models on the photos of `val`, and write one result file for each and each size."""
    command = shlex.join(["python", "-m", "segmentation.training.baselines.compare", *sys.argv[1:]])
    written = compare(
        paths(models),
        data,
        out,
        logs=paths(logs or []),
        command=command,
        report=lambda line: typer.echo(line, err=True),
    )
    for path in written:
        typer.echo(str(path))


def paths(pairs: Sequence[str]) -> dict[str, Path]:
    """Return name -> path of options written NAME=PATH.

    Raises:
        Refusal: an option is not written so.
    """
    found = {}
    for pair in pairs:
        name, equals, path = pair.partition("=")
        if not (name and equals and path):
            raise Refusal(
                "a model without its file",
                got=pair,
                expected="NAME=PATH, such as yolact=runs/segmentation/yolact.safetensors",
                next_step="Write the name, an equals sign and the path.",
            )
        found[name] = Path(path)
    return found


if __name__ == "__main__":
    run(main)
