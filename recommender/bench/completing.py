"""What one completion takes in a shop of any size: `python -m recommender.bench.completing HOMES --sizes 10000`.

The garments of the sample outfits are found and encoded first, and are not measured. Then looks of all outfits are
made, round after round: the first meets a catalogue of which nothing is known, the others what is remembered.
Processor time is measured, which a busy machine distorts less than time.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from recommender.bench.large_shop import fill
from recommender.bench.look_counts import sample_photos
from recommender.completion.complete import complete
from recommender.photos.photo_analysis import PhotoAnalysis, analyse
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings


def rounds(
    analyses: Sequence[PhotoAnalysis], wiring: Wiring, count: int
) -> list[tuple[list[float], int]]:
    """Return for each round the milliseconds of processor time of each completion, and all statements."""
    asked: Counter[str] = Counter()

    def note(*_: Any) -> None:
        asked["statements"] += 1

    event.listen(wiring.database.engine, "before_cursor_execute", note)
    made = []
    for _ in range(count):
        asked.clear()
        took = []
        for analysis in analyses:
            began = time.process_time()
            complete(analysis, wiring)
            took.append(1000 * (time.process_time() - began))
        made.append((took, asked["statements"]))
    event.remove(wiring.database.engine, "before_cursor_execute", note)
    return made


def main(
    homes: Annotated[Path, typer.Argument(help="Where the shops lie, or are made and stay.")],
    sizes: Annotated[str, typer.Option(help="Items of the shops, in turn.")] = "10000,100000",
    count: Annotated[int, typer.Option("--rounds", help="Rounds over the sample outfits.")] = 3,
) -> None:
    """Print processor time and statements of a completion."""
    table = Table(title="A completion: processor time in ms, and what the database is asked")
    for column in ("items", "round", "mean", "median", "most", "statements"):
        table.add_column(column, justify="right")
    for items in map(int, sizes.split(",")):
        home = homes / f"home-{items}"
        wiring = Wiring(Settings(home=home))
        if not home.exists():
            fill(wiring, items)
        analyses = [analyse(photo, wiring) for _, photo in sample_photos()]
        for each in analyses:
            each.outfit  # noqa: B018  # encodes its garments
        for number, (took, statements) in enumerate(rounds(analyses, wiring, count), start=1):
            told = [f"{value:.0f}" for value in (np.mean(took), np.median(took), max(took))]
            table.add_row(
                f"{items:,}", str(number), *told, f"{statements / len(analyses):.1f} a photo"
            )
        wiring.close()
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
