"""`python -m segmentation.training.robustness DATA --weights FILE`: figures of harder photos."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from segmentation.common.commands import run
from segmentation.common.garments import Photo
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.detector import maskrcnn
from segmentation.training.measuring.evaluate import measure, photos_of
from segmentation.training.measuring.segmenter import Segmenter
from segmentation.training.robustness.empty import empty_pictures
from segmentation.training.samples.harder import CHANGES, harder

KEYS = "photos", "ap", "ap50", "miou", "slot_iou", "ms_per_photo"


def robustness(
    segmenter: Segmenter,
    photos: Sequence[LabelledPhoto],
    empty: int,
    shop: Path | None,
    report: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of photos as they are and made harder, and of pictures without clothes.

    `as they are` and each name of `CHANGES` hold those of `measure` that `KEYS` names; `without
    clothes` holds how many `pictures` there were, and in how many a garment was `found`, by kind.
    """
    figures: dict[str, Any] = {}
    if photos:
        kinds = {"as they are": list(photos)}
        kinds |= {name: [harder(p, change) for p in photos] for name, change in CHANGES.items()}
        for name, changed in kinds.items():
            report(name)
            measured = measure(segmenter, changed, report).figures
            figures[name] = {key: measured[key] for key in KEYS}
    figures["without clothes"] = without_clothes(segmenter, empty, shop)
    return figures


def without_clothes(segmenter: Segmenter, count: int, shop: Path | None) -> dict[str, Any]:
    """Return in how many pictures without clothes something is reported, and what."""
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    pictures = empty_pictures(count, shop)
    for kind, rgb in pictures:
        garments = segmenter.segment(Photo(np.ascontiguousarray(rgb)))
        found[kind] += bool(garments)
        named.update(garment.category.value for garment in garments)
    kinds = Counter(kind for kind, _ in pictures)
    return {
        "pictures": len(pictures),
        "found": found.total(),
        "by_kind": {kind: f"{found[kind]} of {n}" for kind, n in kinds.items()},
        "named": dict(named.most_common()),
    }


def main(
    data: Annotated[Path | None, typer.Argument(help="A data set with masks.")] = None,
    *,
    weights: Path = maskrcnn.WEIGHTS,
    split: str = "val",
    photos: Annotated[int, typer.Option(help="At most so many, spread evenly.")] = 100,
    empty: Annotated[int, typer.Option(help="Pictures without clothes.")] = 200,
    shop: Annotated[Path | None, typer.Option(help="Product photos, for their jewellery.")] = None,
) -> None:
    """Print one JSON object of figures of photos made harder, and of pictures without clothes."""
    every = photos_of([data], split) if data else []
    chosen = (
        [every[n * len(every) // photos] for n in range(photos)] if photos < len(every) else every
    )
    detector = maskrcnn.Detector.load(weights)
    figures = robustness(detector, chosen, empty, shop, lambda line: typer.echo(line, err=True))
    typer.echo(json.dumps(figures))


if __name__ == "__main__":
    run(main)
