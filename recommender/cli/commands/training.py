"""`train` and `evaluate`: the models made and measured by the project's own commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.learning.data import data_folders
from recommender.cli.learning.networks import Network, check_start, figures_of, trainer_of
from recommender.cli.terminal.options import open_wiring, training_tools
from recommender.cli.terminal.output import emit, note

train = typer.Typer(help="Train a model on your own data.", no_args_is_help=True)
evaluate = typer.Typer(help="Measure a model; one JSON object of figures.", no_args_is_help=True)

Data = Annotated[
    list[Path],
    typer.Option("--data", metavar="DIR...", help="Folders of data, or packs; may be repeated."),
]
More = Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint.")]
Rate = Annotated[
    float, typer.Option("--rate", min=0.001, max=10, help="Share of the usual learning rate.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Where the weights go; below the home if left out.")
]
Json = Annotated[
    bool, typer.Option("--json", help="Changes nothing: the result is one JSON object anyway.")
]
Model = Annotated[
    Network, typer.Option("--model", help="The detector, or a model it is compared with.")
]
Split = Annotated[str, typer.Option("--split", help="Which part of the data.")]


@train.command("pack")
def pack(
    data: Annotated[
        list[Path],
        typer.Argument(metavar="DATA...", help="Folders of data; those not there are left out."),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    most_mb: Annotated[
        float, typer.Option("--most-mb", min=0.1, help="How large it may become, in megabytes.")
    ] = 60,
    json: Json = False,
) -> None:
    """Make one file of many folders of data, from which every model trains anywhere."""
    del json
    from segmentation.datasets.packing.writing import write_pack

    size = write_pack(data, out, round(most_mb * 1e6), note)
    emit({"pack": str(out), "bytes": size})
    note(f"To train from it: recommender train segmentation --data {out}")


@train.command("segmentation")
def train_segmentation(
    data: Data,
    more: More = None,
    *,
    model: Model = Network.MASKRCNN,
    out: Out = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of a batch.")] = 2500,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Photos a step.")] = 4,
    rate: Rate = 1.0,
    start_from: Annotated[
        Path | None, typer.Option("--from", help="Weights to begin with, not ImageNet's.")
    ] = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Begin with random weights (UNet only).")
    ] = False,
    resume: Resume = False,
    json: Json = False,
) -> None:
    """Train the garment detector, or a model that it is compared with."""
    del json
    check_start(model, start_from, from_scratch)
    folders = data_folders(data, more, "segmentation")
    target = out or open_wiring().settings.home / "models" / f"{model}.safetensors"
    with training_tools():
        target.parent.mkdir(parents=True, exist_ok=True)
        trainer = trainer_of(model, steps, rate, start_from, from_scratch)
        trainer(folders, target, batch=batch, resume=resume, report=note)
    emit({"weights": str(target)})
    if model is Network.MASKRCNN:
        note(f"To use these weights: export RECOMMENDER_DETECTOR={target}")


@train.command("encoder")
def train_encoder(
    data: Data,
    more: More = None,
    *,
    out: Out = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of 64 garments.")] = 1500,
    rate: Rate = 1.0,
    start_from: Annotated[
        Path | None, typer.Option("--from", help="An encoder's folder to begin with.")
    ] = None,
    resume: Resume = False,
    json: Json = False,
) -> None:
    """Train the encoder of pictures and words."""
    del json
    folders = data_folders(data, more, "encoder")
    target = out or open_wiring().settings.home / "models" / "encoder"
    with training_tools():
        from index.training.train import train_encoder as run
        from segmentation.training.runs.loop import Schedule

        target.mkdir(parents=True, exist_ok=True)
        run(
            folders,
            target,
            schedule=Schedule.short(steps, rate),
            start_from=start_from,
            resume=resume,
            report=note,
        )
    emit({"weights": str(target)})
    note(f"To use it: export RECOMMENDER_ENCODER={target}; recommender index build")


FactsEncoder = Annotated[
    Path | None,
    typer.Option("--encoder", metavar="DIR", help="The encoder's folder; the shipped one's."),
]
FactsLimit = Annotated[
    int, typer.Option("--limit", min=1, help="At most so many product photos are encoded.")
]
FactsVectors = Annotated[
    Path | None,
    typer.Option("--vectors", metavar="FILE", help="Keeps the vectors between runs, an .npz file."),
]


@train.command("facts")
def train_facts(
    data: Data,
    more: More = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder that they go to; the encoder's.")
    ] = None,
    encoder: FactsEncoder = None,
    limit: FactsLimit = 14_000,
    vectors: FactsVectors = None,
    json: Json = False,
) -> None:
    """Fit what reads facts off an encoder's vectors: fine kind, formality, warmth, audience."""
    del json
    folders = data_folders(data, more)
    with training_tools():
        from index.encoders.encoder import WEIGHTS
        from index.training.garment_facts import commands

        chosen = encoder or WEIGHTS
        emit(
            commands.train_facts(
                folders,
                chosen,
                out or chosen,
                limit=limit,
                cache=vectors,
                cutter=open_wiring().cutter,
                report=note,
            )
        )


@train.command("compatibility")
def train_compatibility(
    data: Data,
    more: More = None,
    *,
    out: Out = None,
    steps: Annotated[
        int, typer.Option("--steps", min=1, help="Steps of up to 512 garments.")
    ] = 400,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of everything random.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the outfits that were encoded.")
    ] = False,
    json: Json = False,
) -> None:
    """Train the compatibility model on outfits, for the encoder in use."""
    del json
    folders = data_folders(data, more, "compatibility")
    target = out or open_wiring().settings.home / "models" / "compatibility"
    with training_tools():
        from recommender.cli.learning import compatibility

        compatibility.train(folders, target, steps, seed, resume=resume)
    emit({"weights": str(target)})
    note(f"To use it: export RECOMMENDER_COMPATIBILITY={target}")


@evaluate.command("segmentation")
def evaluate_segmentation(
    data: Data,
    more: More = None,
    *,
    model: Model = Network.MASKRCNN,
    weights: Annotated[
        Path | None, typer.Option("--weights", help="Other weights than the served ones.")
    ] = None,
    split: Split = "val",
    sam: Annotated[
        Path | None,
        typer.Option("--sam", help="A segment-anything checkpoint: measure its outlines as well."),
    ] = None,
    json: Json = False,
) -> None:
    """Measure the garment detector, or a model that it is compared with."""
    del json
    folders = data_folders(data, more, "segmentation")
    settings = open_wiring().settings
    sam = sam or settings.sam_checkpoint
    if model is not Network.MASKRCNN:
        emit(figures_of(model, weights, folders, split, sam))
        return
    chosen = weights or settings.detector
    with training_tools():
        from segmentation.detector import maskrcnn
        from segmentation.training.measuring.evaluate import evaluate_detector

        figures = evaluate_detector(
            folders, chosen or maskrcnn.WEIGHTS, split=split, sam=sam, report=note
        )
    emit(figures)


@evaluate.command("encoder")
def evaluate_encoder(
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data", metavar="DIR...", help="Folders of data, or packs; may be repeated."
        ),
    ] = None,
    more: More = None,
    *,
    encoder: Annotated[
        list[str] | None,
        typer.Option(
            "--encoder",
            metavar="NAME",
            help="An encoder (docs/settings.md), or `shipped`; on your own catalogue without --data.",
        ),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option("--weights", help="A folder: the same as --encoder FOLDER.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=2, help="At most so many items of the catalogue.")
    ] = 2000,
    json: Json = False,
) -> None:
    """Measure encoders on labelled data, or compare them on your own catalogue."""
    del json
    from recommender.cli.learning.encoders import figures_on_catalogue, figures_on_data

    names = [*(encoder or []), *([f"local-dir:{weights}"] if weights else [])]
    if data:
        emit(figures_on_data(data_folders(data, more, "encoder"), names))
    elif names:
        emit(figures_on_catalogue(names, limit))
    else:
        raise typer.BadParameter("give --data, or --encoder to compare on your own catalogue")


@evaluate.command("facts")
def evaluate_facts(
    data: Data,
    more: More = None,
    *,
    encoder: FactsEncoder = None,
    limit: FactsLimit = 14_000,
    vectors: FactsVectors = None,
    compared: Annotated[
        bool, typer.Option("--compared", help="Measure ImageNet features and plain probes too.")
    ] = False,
    sheets: Annotated[
        Path | None, typer.Option("--sheets", metavar="DIR", help="Draw fifty garments a fact.")
    ] = None,
    json: Json = False,
) -> None:
    """Measure the facts that are read off vectors, on garments that no training saw."""
    del json
    folders = data_folders(data, more)
    with training_tools():
        from index.encoders.encoder import WEIGHTS
        from index.training.garment_facts import commands

        emit(
            commands.evaluate_facts(
                folders,
                encoder or WEIGHTS,
                limit=limit,
                cache=vectors,
                cutter=open_wiring().cutter,
                compared=compared,
                sheets=sheets,
                report=note,
            )
        )


@evaluate.command("compatibility")
def evaluate_compatibility(
    data: Data,
    more: More = None,
    *,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Of each training.")] = 400,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=20, help="Trainings each.")] = 5,
    encoded: Annotated[
        Path | None,
        typer.Option("--encoded", metavar="FILE", help="Keeps the encoded outfits between runs."),
    ] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Ask the model in use; nothing is trained.")
    ] = False,
    split: Annotated[
        str, typer.Option("--split", help="With --shipped: which part of the data is asked about.")
    ] = "val",
    stretched: Annotated[
        bool,
        typer.Option(
            "--stretched",
            help="Stretch cut-outs to a square: their shapes tell no longer where they were worn.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Train and measure the compatibility model beside everything that it must beat, or ask the one in use."""
    del json
    if stretched and shipped:
        raise typer.BadParameter("--stretched is for what is trained, not for --shipped")
    if split != "val" and not shipped:
        raise typer.BadParameter("--split is for --shipped: what trains learns from `train`")
    folders = data_folders(data, more, "compatibility")
    with training_tools():
        from recommender.cli.learning import compatibility

        if shipped:
            figures = compatibility.figures_of_shipped(folders, split, encoded, seeds)
        else:
            figures = compatibility.figures(folders, encoded, steps, seeds, stretched=stretched)
    emit(figures)
