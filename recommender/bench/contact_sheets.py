"""Looks to be judged by eye: `python -m recommender.bench.contact_sheets DATA --out DIR`.

For each of some held-out photos, one garment is kept, and three looks are put together around it from
the catalogue in `RECOMMENDER_HOME`. Sheets of photos of people stay on the machine that draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import cv2
import numpy as np
import typer
from PIL import Image

from recommender.completion.complete import CompleteRequest, complete
from recommender.outfits.look import Look
from recommender.outfits.slots import BY_ESSENCE, held
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from segmentation.common.commands import run
from segmentation.common.cutouts import square
from segmentation.common.garments import Photo, Rgb
from segmentation.datasets import read_folder

TILE: Final = 150
LOOKS, PICKS, EACH = 3, 6, 5
"""Looks a photo, picks a look that are shown, and photos a sheet."""


def drawn(photo: Photo, label: str, looks: Sequence[Look], wiring: Wiring) -> Rgb:
    """Return one photo at the left and a row of pictures for each look."""
    side = TILE * LOOKS
    left = square(photo.rgb, side, (255, 255, 255))
    cv2.putText(left, label, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (200, 0, 0), 1)
    right = np.full((side, TILE * PICKS, 3), 255, dtype=np.uint8)
    for row, look in enumerate(looks):
        for column, pick in enumerate(list(look.picks.values())[:PICKS]):
            rgb = wiring.decode(wiring.images.path_of(pick.item.image).read_bytes()).rgb
            tile = square(rgb, TILE, (255, 255, 255))
            told = f"{pick.item.category.value} {pick.score:.2f}"
            cv2.putText(tile, told, (4, TILE - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (200, 0, 0), 1)
            right[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE] = tile
    return np.concatenate([left, right], axis=1)


def sheets(
    data: Path,
    out: Annotated[Path, typer.Option(help="Where the sheets go.")],
    photos: Annotated[int, typer.Option(min=1, help="How many of the held-out photos.")] = 40,
) -> None:
    """Draw looks for held-out photos, the most essential garment of each kept."""
    wiring = Wiring(read_settings())
    _, held_out = read_folder(data, "val")
    out.mkdir(parents=True, exist_ok=True)
    rows: list[Rgb] = []
    for number, labelled in enumerate(held_out[:photos]):
        photo = Photo(labelled.read()[0])
        worn = held([garment.category for garment in wiring.detector.segment(photo)])
        first = next((slot for slot in BY_ESSENCE if slot in worn), None)
        request = CompleteRequest(looks=LOOKS, keep=(first,) if first else ())
        answer = complete(photo, wiring, request)
        label = f"{number} {labelled.id}: keeps {first.value if first else 'nothing'}"
        rows.append(drawn(photo, label, answer.looks, wiring))
        if len(rows) == EACH or number + 1 == min(photos, len(held_out)):
            file = out / f"looks-{number // EACH:02d}.png"
            Image.fromarray(np.concatenate(rows)).save(file)
            typer.echo(str(file))
            rows = []


if __name__ == "__main__":
    run(sheets)
