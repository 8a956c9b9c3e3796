"""`python -m segmentation.training.challenges`: score a detector, or write a submission."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
import typer
from PIL import Image

from segmentation.common.commands import run
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Photo
from segmentation.datasets.descriptions import descriptions_in, read_json
from segmentation.datasets.imaterialist import DESCRIPTIONS
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.detector import maskrcnn
from segmentation.training.challenges.fashionpedia import FashionpediaAp
from segmentation.training.challenges.imaterialist import photo_score, write_submission
from segmentation.training.challenges.marked import (
    Marked,
    apart,
    guessed,
    labelled,
    worth_reporting,
)
from segmentation.training.measuring.evaluate import photos_of

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The public challenges.")


@app.command()
def score(data: list[Path], weights: Path = maskrcnn.WEIGHTS, split: str = "val") -> None:
    """Print both challenges' figures of a detector, one JSON object."""
    figures = scores(maskrcnn.Detector.load(weights), photos_of(data, split))
    typer.echo(json.dumps(figures))


@app.command()
def submit(data: Path, out: Path, weights: Path = maskrcnn.WEIGHTS) -> None:
    """Write a submission for the photos in `test/` of iMaterialist 2019's folder."""
    path = data / DESCRIPTIONS
    attributes = descriptions_in(read_json(path), path).attributes
    photos = sorted((data / "test").glob("*.jpg"))
    if not photos:
        raise DatasetError(
            "no photos to hand in",
            got=f"no {data / 'test'}/*.jpg",
            expected="the photos of iMaterialist 2019's folder test",
            next_step="Give the folder that holds train.csv and test/.",
        )
    with out.open("w", newline="", encoding="utf-8") as file:
        found = _found_in(photos, maskrcnn.Detector.load(weights))
        write_submission(file, found, {name: number for number, name in attributes.items()})
    typer.echo(f"{out}: {len(photos)} photos", err=True)


def scores(
    detector: maskrcnn.Detector, photos: Sequence[LabelledPhoto]
) -> dict[str, float | dict[str, float]]:
    """Return `imaterialist_2019` and Fashionpedia's figures of a detector on labelled photos."""
    named = (name for photo in photos for names in photo.described.values() for name in names)
    precision = FashionpediaAp({*detector.spec.attributes, *named})
    by_photo = []
    for record in photos:
        rgb, masks = record.read()
        truth = labelled(record, masks)
        found = detector.detect(Photo(rgb))
        guesses = guessed(found, Photo(rgb))
        precision.add(guesses, truth)
        chosen = [guesses[number] for number in worth_reporting(found, detector.spec)]
        # iMaterialist 2019 knows no groups: what lies on one counts as wrong there
        single = [mark for mark in truth if not mark.crowd]
        by_photo.append(photo_score(apart(chosen), single))
    return {"imaterialist_2019": fmean(by_photo), "fashionpedia": precision.figures()}


def _found_in(
    photos: Sequence[Path], detector: maskrcnn.Detector
) -> Iterator[tuple[str, list[Marked]]]:
    for path in photos:
        with Image.open(path) as picture:
            photo = Photo(np.asarray(picture.convert("RGB")))
        found = detector.detect(photo)
        yield path.name, guessed(found.take(worth_reporting(found, detector.spec)), photo)


if __name__ == "__main__":
    run(app)
