"""`segment` and `embed`: what the models see in pictures and words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.terminal.options import Everyone, JsonFlag, open_wiring, read_photo
from recommender.cli.terminal.output import emit, note, refuse, table
from segmentation.common.errors import Refusal


def segment(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Photos to look at.")],
    everyone: Everyone = False,
    json: JsonFlag = False,
) -> None:
    """Find the garments in photos. A photo that is refused does not stop the others."""
    from recommender.cli.terminal import serializers
    from recommender.photos.photo_analysis import analyse
    from recommender.timing import Stopwatch

    wiring, refused = open_wiring(), 0
    for path in photos:
        watch = Stopwatch()
        try:
            photo = read_photo(path, wiring, watch)
            found = analyse(photo, wiring, everyone=everyone, watch=watch).found
        except Refusal as refusal:
            note(f"{path}:")
            refuse(refusal)
            refused += 1
            continue
        if json:
            emit(serializers.segmentation(str(path), photo, found, watch.ms))
            continue
        rows = [
            (
                garment.category.value,
                f"{garment.score:.2f}",
                " ".join(f"{side:.0f}" for side in garment.box_xyxy),
                ", ".join(garment.attributes.values()),
            )
            for garment in found
        ]
        title = f"{path} ({photo.width} x {photo.height})"
        if rows:
            table(title, ("garment", "score", "box", "colours"), rows)
        else:
            typer.echo(f"{title}: no garment was found")
    if refused:
        raise typer.Exit(1)


def embed(
    out: Annotated[Path, typer.Option("--out", help="The .npy file to write.")],
    images: Annotated[list[Path] | None, typer.Argument(metavar="[IMAGE]...")] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="Words instead; may be repeated.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Encode whole pictures, not their largest garment.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Write vectors: one float32 unit row for each picture, or each text, in order."""
    import numpy as np

    from recommender.photos import reading
    from recommender.timing import Stopwatch

    if bool(images) == bool(text):
        raise typer.BadParameter("give pictures or --text, one of the two")
    wiring = open_wiring()
    if text:
        vectors = wiring.encoder.encode_texts(text)
    else:
        watch = Stopwatch()
        pieces = [
            reading.main_piece(read_photo(path, wiring, watch), wiring, whole=whole)
            for path in images or []
        ]
        vectors = wiring.encoder.encode_images(pieces)
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        np.save(file, vectors)
    rows, length = vectors.shape
    record = {"out": str(out), "count": rows, "dim": length, "encoder": wiring.encoder.fingerprint}
    if json:
        emit(record)
    else:
        typer.echo(f"{out}: {rows} vectors of {length} numbers")
