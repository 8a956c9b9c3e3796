r"""A dozen rendered outfits side by side, what each model finds in them drawn as outlines.

    python -m segmentation.training.baselines.outlines --out docs/segmentation/outlines.webp \
        --model maskrcnn=segmentation/weights/maskrcnn.safetensors --model yolact=W ...

Real photos are not shown: they show people. The outfits are rendered with a seed of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import cv2
import numpy as np
import typer
from PIL import Image

from segmentation.common.commands import run
from segmentation.common.garments import Mask, Photo, Rgb
from segmentation.common.taxonomy import Category, Label
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.datasets.rendered import read_rendered
from segmentation.rendering.dataset import write_dataset
from segmentation.training.baselines.compare import kind_of, paths
from segmentation.training.baselines.loading import LOADERS
from segmentation.training.measuring.segmenter import Segmenter

OUTFITS, SEED, IN_A_ROW = 12, 4242, 2
CELL_WH: Final = (150, 228)
HEAD: Final = 22


def sheet(models: Mapping[str, Segmenter], photos: Sequence[LabelledPhoto]) -> Rgb:
    """Return a picture of the photos, for each its truth and then every model's garments."""
    names = ["truth", *models]
    strips = []
    for record in photos:
        rgb, masks = record.read()
        truth = [(record.labels[value], mask) for value, mask in masks.items()]
        cells = [_cell(rgb, truth, names[0])]
        for name, model in models.items():
            found = [(garment.category, garment.mask) for garment in model.segment(Photo(rgb))]
            cells.append(_cell(rgb, found, name))
        strips.append(np.hstack(cells))
    rows = [np.hstack(strips[at : at + IN_A_ROW]) for at in range(0, len(strips), IN_A_ROW)]
    return np.vstack(rows)


def _cell(rgb: Rgb, garments: Iterable[tuple[Label, Mask]], title: str) -> Rgb:
    """Return one photo, faded, with each garment's outline in its category's colour."""
    faded = cv2.resize((rgb // 2 + 110).astype(np.uint8), CELL_WH, interpolation=cv2.INTER_AREA)
    for label, mask in garments:
        small = cv2.resize(mask.astype(np.uint8), CELL_WH, interpolation=cv2.INTER_NEAREST)
        lines, _ = cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(faded, lines, -1, _colour(label), 2)
    cell = np.full((CELL_WH[1] + HEAD, CELL_WH[0] + 4, 3), 255, dtype=np.uint8)
    cell[HEAD:, : CELL_WH[0]] = faded
    cv2.putText(cell, title, (2, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (40, 40, 40), 1, cv2.LINE_AA)
    return cell


def _colour(label: Label) -> tuple[int, int, int]:
    """Return a strong colour of the category's own."""
    hue = 180 * list(Category).index(label) / len(Category) if isinstance(label, Category) else 0
    [[pixel]] = cv2.cvtColor(np.array([[[hue, 255, 170]]], dtype=np.uint8), cv2.COLOR_HSV2RGB)
    red, green, blue = (int(part) for part in pixel)
    return red, green, blue


def main(
    out: Annotated[Path, typer.Option("--out", help="The picture to write.")],
    model: Annotated[list[str], typer.Option("--model", metavar="NAME=WEIGHTS", help="A model.")],
) -> None:
    """Draw what each model finds in a dozen rendered outfits."""
    models = {n: LOADERS[kind_of(n)](path, None) for n, path in paths(model).items()}
    with tempfile.TemporaryDirectory() as folder:
        write_dataset(Path(folder), outfits=OUTFITS, garments=0, seed=SEED)
        drawn = sheet(models, read_rendered(Path(folder)))
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(drawn).save(out, quality=70, method=6)
    typer.echo(str(out))


if __name__ == "__main__":
    run(main)
