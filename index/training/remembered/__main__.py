"""`python -m index.training.remembered collect DATA...`, then `... train`: see `docs/encoder.md`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.encoders.encoder import WEIGHTS
from index.training.remembered.collecting import collect as collected
from index.training.remembered.train import MOVED, train_head
from segmentation.common.commands import run
from segmentation.training.runs.loop import Schedule

app = typer.Typer(add_completion=False)
Features = Annotated[Path, typer.Option(help="The folder of the remembered features.")]
Encoder = Annotated[Path, typer.Option("--from", help="The encoder whose trunk is kept.")]


@app.command()
def collect(data: list[Path], features: Features, start: Encoder = WEIGHTS) -> None:
    """Remember the features of all garments to be learned from; go on where a run before ended."""
    new = collected(data, start, features, typer.echo)
    typer.echo(f"{new} garments are new")


@app.command()
def train(
    features: Features,
    out: Annotated[Path, typer.Option(help="The folder of the new encoder.")],
    start: Encoder = WEIGHTS,
    steps: Annotated[int, typer.Option(min=1, help="Steps of 512 garments.")] = 1500,
    moved: Annotated[
        float,
        typer.Option(min=0, max=1, help="1 for the trained weights, less for some between."),
    ] = MOVED,
    *,
    resume: Annotated[bool, typer.Option(help="Go on from the checkpoint.")] = False,
) -> None:
    """Train the projection and the text tower on remembered features."""
    schedule = Schedule.short(steps)
    train_head(
        features, start, out, schedule=schedule, moved=moved, resume=resume, report=typer.echo
    )


if __name__ == "__main__":
    run(app)
