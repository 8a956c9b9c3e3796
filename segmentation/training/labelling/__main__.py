"""`python -m segmentation.training.labelling`: see the package."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

import cv2
import typer

from segmentation.common.commands import run
from segmentation.common.garments import Mask
from segmentation.common.photo import decode
from segmentation.datasets.clothing_dataset import SingleGarment, read_clothing_dataset
from segmentation.datasets.self_labelled import SelfLabelledWriter
from segmentation.detector import maskrcnn
from segmentation.training.labelling.nothing import write_nothing
from segmentation.training.labelling.products import product_mask
from segmentation.training.labelling.salient import SalientObject
from segmentation.training.labelling.shop import label_flat_garments, label_shop_photos
from segmentation.training.labelling.tags import label_tagged_photos

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Masks for photos without.")


@app.command()
def products(data: Path, out: Path, processes: int = 2) -> None:
    """Label the photos of a clothing-dataset folder."""
    garments = read_clothing_dataset(data)
    kept: Counter[str] = Counter()
    with SelfLabelledWriter(out, "products") as writer, ProcessPoolExecutor(processes) as pool:
        masks = pool.map(_mask, garments, chunksize=16)
        for garment, mask in zip(garments, masks, strict=True):
            if mask is not None:
                writer.add(garment.path, garment.split, [(garment.category, mask)])
                kept[garment.label] += 1
    typer.echo(f"{out}: {kept.total()} of {len(garments)} photos kept: {dict(kept)}", err=True)


def _mask(garment: SingleGarment) -> Mask | None:
    cv2.setNumThreads(1)
    return product_mask(decode(garment.path.read_bytes()).rgb)


@app.command()
def tags(data: Path, out: Path, weights: Path = maskrcnn.WEIGHTS) -> None:
    """Label the tag-only photos of a Clothing Co-Parsing folder."""
    label_tagged_photos(data, out, weights, _tell)


@app.command()
def shop(
    data: Path,
    out: Path,
    *,
    u2netp: Annotated[Path, typer.Option(help="The network of what stands out: docs/data.md.")],
    weights: Path = maskrcnn.WEIGHTS,
    each: Annotated[int, typer.Option(min=1, help="Photos of one article type.")] = 120,
) -> None:
    """Label a folder of product photos; OUT/shop and OUT/worn are written."""
    detector = maskrcnn.Detector.load(weights)
    label_shop_photos(data, out, SalientObject(u2netp), detector, each=each, report=_tell)


@app.command()
def flat(
    data: Path,
    out: Path,
    *,
    u2netp: Annotated[Path, typer.Option(help="The network of what stands out: docs/data.md.")],
) -> None:
    """Label the garments of a clothing-dataset folder that lie in an archive."""
    label_flat_garments(data, out, SalientObject(u2netp), _tell)


@app.command()
def nothing(
    out: Path,
    *,
    street: Annotated[Path | None, typer.Option(help="A Clothing Co-Parsing folder.")] = None,
    products: Annotated[Path | None, typer.Option(help="A folder of product photos.")] = None,
    weights: Path = maskrcnn.WEIGHTS,
    drawn: Annotated[int, typer.Option(min=1, help="Pictures to draw.")] = 800,
    seed: int = 3,
) -> None:
    """Write pictures without clothes: drawn ones, and those that the folders have."""
    write_nothing(
        out, drawn=drawn, street=street, shop=products, weights=weights, seed=seed, report=_tell
    )


def _tell(line: str) -> None:
    typer.echo(line, err=True)


if __name__ == "__main__":
    run(app)
