"""What is found where nothing is worn: `python -m recommender.bench.without_clothes [DATA...]` prints it as JSON.

Two hundred pictures without clothes (`segmentation.training.robustness.empty`; with a folder of product
photos a shop's jewellery is among them), and `val` photos of every other folder that is given: whole,
cropped to the torso, with smaller people, with few pixels. Each is analysed as a visitor's photo is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from recommender.photos.photo_analysis import analyse
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from segmentation.common.commands import run
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Photo, Rgb
from segmentation.datasets import read_folder
from segmentation.datasets.products.product_photos import read_product_photos
from segmentation.training.robustness.empty import empty_pictures
from segmentation.training.samples.harder import CHANGES

EMPTY: Final = 200


def measured(data: list[Path], photos: int) -> dict[str, Any]:
    """Return, for each kind of picture, how many there are and in how many a garment is found."""
    count, found = Counter[str](), Counter[str]()
    wiring = Wiring(read_settings())
    try:
        for kind, rgb in _pictures(data, photos):
            analysis = analyse(Photo(np.ascontiguousarray(rgb)), wiring)
            count[kind] += 1
            found[kind] += bool(analysis.found)
    finally:
        wiring.close()
    return {kind: {"pictures": count[kind], "with_garments": found[kind]} for kind in count}


def _pictures(data: list[Path], photos: int) -> Iterator[tuple[str, Rgb]]:
    shops = [folder for folder in data if _is_shop(folder)]
    for kind, rgb in empty_pictures(EMPTY, shops[0] if shops else None):
        yield f"nothing worn: {kind}", rgb
    for folder in data:
        if folder in shops:
            continue
        held_out = read_folder(folder, "val")[1]
        for photo in held_out[:: max(1, len(held_out) // photos)][:photos]:
            rgb, masks = photo.read()
            yield "as they are", rgb
            for name, change in CHANGES.items():
                yield name, change(rgb, masks, photo.labels)[0]


def _is_shop(folder: Path) -> bool:
    try:
        return bool(read_product_photos(folder))
    except DatasetError:
        return False


def main(
    data: Annotated[list[Path] | None, typer.Argument(help="Folders of data.")] = None,
    *,
    photos: Annotated[int, typer.Option(help="Photos of each folder.")] = 25,
) -> None:
    """Count in how many pictures a garment is found, with and without clothes."""
    typer.echo(json.dumps(measured(data or [], photos), indent=1))


if __name__ == "__main__":
    run(main)
