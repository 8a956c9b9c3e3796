"""Looks and similar items to be judged by eye: `python -m recommender.bench.contact_sheets DATA --out DIR`.

For each of some held-out photos, one garment is kept, and three looks are put together around it from
the catalogue in `RECOMMENDER_HOME`. A look is drawn as a whole: what is worn and kept, cut out, beside
what is proposed. With `--similar` the five items most like its largest garment are drawn instead. Sheets
of photos of people stay on the machine that draws them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import cv2
import numpy as np
import typer
from PIL import Image

from recommender.bench.look_counts import Answered, answers, counted, photos_of, read_chosen
from recommender.outfits.look import Look
from recommender.photos.photo_analysis import analyse
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from recommender.similarity.similarity_search import SimilarRequest, similar_to_photo
from segmentation.common import cutouts
from segmentation.common.commands import run
from segmentation.common.cutouts import square
from segmentation.common.garments import Photo, Rgb

TILE: Final = 150
LOOKS, PIECES, EACH = 3, 7, 5
"""Looks a photo, pieces a look that are shown, and photos a sheet."""
ALIKE, ROWS = 5, 10
"""Similar items a garment, and garments a sheet."""
WHITE: Final = (255, 255, 255)


def drawn(answered: Answered, label: str, wiring: Wiring) -> Rgb:
    """Return one photo at the left and a row of pictures for each look: kept pieces, then proposed."""
    side = TILE * LOOKS
    left = square(answered.photo.rgb, side, WHITE)
    _write(left, label, 14)
    context = answered.answer.context
    _write(left, context.text if context else "nothing found", 30)
    if context and context.audience:
        _write(left, context.audience.value, 46)
    right = np.full((side, TILE * PIECES, 3), 255, dtype=np.uint8)
    for row, look in enumerate(answered.answer.looks[:LOOKS]):
        for column, tile in enumerate(_tiles(answered, look, wiring)[:PIECES]):
            right[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE] = tile
        about = look.change.text if look.change else look.idea or look.reason
        _write(right[row * TILE :], about[:110], 12)
    return np.concatenate([left, right], axis=1)


def drawn_similar(photos: Sequence[tuple[str, Photo]], wiring: Wiring) -> Iterator[Rgb]:
    """Yield a row for each photo in which something is found: photo, largest garment, what is like it."""
    for number, (name, photo) in enumerate(photos):
        answer = similar_to_photo(analyse(photo, wiring), wiring, SimilarRequest(k=ALIKE))
        if answer.garment is None:
            continue
        asked = square(cutouts.cut_one(photo.rgb, answer.garment), TILE, WHITE)
        tiles = [square(photo.rgb, TILE, WHITE), asked]
        for hit in answer.ranking:
            rgb = wiring.decode(wiring.images.path_of(hit.item.image).read_bytes()).rgb
            tiles.append(square(rgb, TILE, WHITE))
        tiles += [np.full_like(asked, 255)] * (2 + ALIKE - len(tiles))
        _write(tiles[0], f"{number} {name} {answer.garment.category}", TILE - 5)
        yield np.concatenate(tiles, axis=1)


def _tiles(answered: Answered, look: Look, wiring: Wiring) -> list[Rgb]:
    """Return a picture for each piece of a look."""
    garments = answered.answer.garments
    kept = [
        square(cutouts.cut_one(answered.photo.rgb, garments.items[number]), TILE, WHITE)
        for number in look.worn
        if number < len(garments)
    ]
    proposed = []
    for pick in look.picks.values():
        rgb = wiring.decode(wiring.images.path_of(pick.item.image).read_bytes()).rgb
        tile = square(rgb, TILE, WHITE)
        facts = pick.item.facts
        _write(tile, f"{facts.fine_kind or pick.item.category} {pick.score:.2f}", TILE - 5)
        proposed.append(tile)
    return [*kept[: max(0, PIECES - len(proposed))], *proposed]


def _write(tile: Rgb, text: str, at: int) -> None:
    cv2.putText(tile, text, (4, at), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (200, 0, 0), 1)


def sheets(
    data: Path,
    out: Annotated[Path, typer.Option(help="Where the sheets go.")],
    *,
    photos: Annotated[int, typer.Option(min=1, help="How many photos.")] = 40,
    split: Annotated[str, typer.Option(help="val, or train to look at while working.")] = "val",
    chosen: Annotated[
        Path | None,
        typer.Option(
            help="Whom looks are for, as a shopper would choose: lines of a photo's name and women or men."
        ),
    ] = None,
    similar: Annotated[bool, typer.Option(help="Similar items instead of looks.")] = False,
) -> None:
    """Draw looks for photos, the most essential garment of each kept, and count what can be counted."""
    wiring = Wiring(read_settings())
    out.mkdir(parents=True, exist_ok=True)
    if similar:
        rows = list(drawn_similar(list(photos_of(data, split, photos)), wiring))
        for start in range(0, len(rows), ROWS):
            file = out / f"similar-{start // ROWS:02d}.png"
            Image.fromarray(np.concatenate(rows[start : start + ROWS])).save(file)
            typer.echo(str(file))
        return
    given = list(answers(photos_of(data, split, photos), wiring, chosen=read_chosen(chosen)))
    for start in range(0, len(given), EACH):
        rows = [
            drawn(each, f"{start + at} {each.id}", wiring)
            for at, each in enumerate(given[start : start + EACH])
        ]
        file = out / f"looks-{start // EACH:02d}.png"
        Image.fromarray(np.concatenate(rows)).save(file)
        typer.echo(str(file))
    typer.echo(json.dumps(asdict(counted(given, wiring.stylist))))


if __name__ == "__main__":
    run(sheets)
