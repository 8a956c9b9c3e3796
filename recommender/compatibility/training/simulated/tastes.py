"""How soon a style finds out a taste: simulated people, and nDCG@10 after some likes.

python -m recommender.compatibility.training.simulated.tastes [--home FOLDER]

Each person sees a random half of the catalogue and likes some of it; the other half is ranked slot
by slot, by what a taste that no ranking knows would say of it. Prints one JSON object; what it
means stands in docs/style.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from index.catalogue.catalog import DEFAULT, Catalog
from index.database.database import open_database
from index.generations.generations import Generations
from index.model.items import Audience
from index.search import Searcher
from index.stores.faiss import FaissEngine
from recommender.compatibility.training.simulated.hidden import COMMON
from recommender.compatibility.training.simulated.personal import SimulatedShop, measure
from recommender.sample import BOUTIQUE
from segmentation.common.commands import run

_ALONE: Final = {"RECOMMENDER_DATABASE_URL": "", "RECOMMENDER_CATALOGUE": DEFAULT}
"""What a home needs that nothing else is to get into."""


def open_shop(home: Path) -> SimulatedShop:
    """Return what the catalogue in a product's home sells to adults, with its index's vectors.

    Raises:
        CatalogError: there is no catalogue, or no index.
    """
    generations = Generations.of(home)
    manifest = generations.verify().manifest
    database = open_database(f"sqlite:///{home}/catalog.sqlite3")
    with database.reading() as session:
        items = [each for each in Catalog(session).items() if each.audience is not Audience.KIDS]
    searcher = Searcher(
        database, generations, FaissEngine(), fingerprint=manifest.fingerprint, dim=manifest.dim
    )
    vectors = searcher.vectors_of([item.sku for item in items])
    database.close()
    return SimulatedShop(items, vectors)


def main(
    home: Annotated[
        Path | None, typer.Option("--home", help="The boutique is indexed for it if left out.")
    ] = None,
    people: Annotated[int, typer.Option("--people", min=2, help="How many.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Of all that is left to chance.")] = 2026,
    common: Annotated[
        float, typer.Option("--common", min=0, max=1, help="How much of their tastes all share.")
    ] = COMMON,
) -> None:
    """Simulate people with hidden tastes and print how well each way to rank meets them."""
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder)
            words = ["catalog", "import", str(BOUTIQUE / "catalog.jsonl")]
            subprocess.run(
                [sys.executable, "-m", "recommender.cli", *words],
                env={**os.environ, **_ALONE, "RECOMMENDER_HOME": folder},
                stdout=sys.stderr,
                check=True,
            )
        shop = open_shop(home)
    typer.echo(json.dumps(measure(shop, people=people, seed=seed, common=common)))


if __name__ == "__main__":
    run(main)
