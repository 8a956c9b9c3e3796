"""`index`: the vectors that searches answer from."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.model.items import Pictures
from recommender.cli.terminal.options import JsonFlag, Sure, open_wiring
from recommender.cli.terminal.output import emit, note, table

if TYPE_CHECKING:
    from index.generations.generations import Generation


class Encodes(StrEnum):
    """What encodes the pictures of a build."""

    HERE = "here"
    RAY = "ray"


app = typer.Typer(help="Make, check and roll back the index.", no_args_is_help=True)
_FACTS = ("search", "why", "lists", "lists_read", "recall_at_10", "bytes_a_vector")
"""What a store says of itself that a reader can use; the rest is for the store."""


@app.command("build")
def build(  # noqa: PLR0917
    again: Annotated[
        bool, typer.Option("--encode-again", help="Encode every stored picture again.")
    ] = False,
    pictures: Annotated[
        Pictures, typer.Option("--pictures", help="What the pictures show, as for an import.")
    ] = Pictures.AUTO,
    engine: Annotated[
        Encodes, typer.Option("--engine", help="What encodes: this process, or a Ray cluster.")
    ] = Encodes.HERE,
    ray_address: Annotated[
        str | None,
        typer.Option(
            "--ray-address",
            metavar="HOST:PORT",
            help="The Ray cluster; where not given RECOMMENDER_RAY_ADDRESS, else one started here.",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Ray workers; 0 for as many as have room.")
    ] = 0,
    worker_cpus: Annotated[
        float, typer.Option("--worker-cpus", min=0.1, help="Processors of a Ray worker.")
    ] = 1.0,
    worker_gpus: Annotated[
        float, typer.Option("--worker-gpus", min=0.0, help="GPUs kept for a Ray worker.")
    ] = 0.0,
    yes: Sure = False,
    json: JsonFlag = False,
) -> None:
    """Make the index anew from the database; only what this encoder has not seen is encoded."""
    from recommender.cli.terminal.progress import bar

    wiring = open_wiring()
    if not yes:
        _ = wiring.database  # refuses where there is no catalogue, instead of making an empty one
    with bar() as progress:
        indexer = wiring.indexer(progress)
        if engine is Encodes.RAY:
            from index.distributed.fleet import Resources
            from recommender.runtime.workers import fleet_of

            address = wiring.settings.ray_address if ray_address is None else ray_address
            asked = Resources(workers, worker_cpus, worker_gpus)
            indexer = replace(indexer, fleet=fleet_of(wiring, address, asked))
        report = indexer.rebuild(encode_again=again, pictures=pictures, confirmed=yes)
    for reject in report.rejects:
        note(f"{reject.sku}: {reject.reason}")
    extra = {
        "encoded": report.encoded, "reread": report.reread, "rejected": len(report.rejects),
    }  # fmt: skip
    _tell({**_shape(report.generation), **extra, "seconds": round(report.seconds, 2)}, json)


@app.command("status")
def status(json: JsonFlag = False) -> None:
    """Say which generation is served, and whether the catalogue has moved on since."""
    from index.generations.guards import require_own
    from index.stores import read_facts
    from index.stores.servers import check_served
    from segmentation.common.errors import Refusal

    wiring = open_wiring()
    database = wiring.database
    generation = wiring.generations.current()
    with database.reading() as session:
        catalog = wiring.catalog(session)
        items, revision = catalog.count(), catalog.revisions()[1]
        require_own(generation.manifest, catalog, database.place)
    current = generation.manifest.vector_revision == revision
    extra = {"items": items, "current": current, "generations": wiring.generations.numbers()}
    facts = read_facts(generation.folder, generation.manifest)
    trouble: Refusal | None = None
    try:
        check_served(wiring.engine, generation.folder, generation.manifest)
    except Refusal as refusal:
        trouble = refusal
    extra["answers"] = trouble is None
    _tell({**_shape(generation), **{k: facts[k] for k in _FACTS if k in facts}, **extra}, json)
    if trouble:
        note(str(trouble))
    if not current:
        note("The catalogue has changed since; run `recommender index build`.")


@app.command("verify")
def verify(
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Read every item's picture as well.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Check every byte of the generation that is served, and compare it with the database."""
    from index.errors import CatalogError
    from index.generations.inspection import inspect

    wiring = open_wiring()
    try:
        found = inspect(
            wiring.database,
            wiring.generations,
            wiring.images,
            wiring.engine,
            catalogue=wiring.settings.catalogue,
            contents=pictures,
        )
    except CatalogError as refusal:
        _tell({"intact": False, "trouble": refusal.what}, json)
        raise
    trouble = found.trouble
    counts = {
        "current": found.current, "missing": found.missing, "stale": found.stale,
        "compared": found.compared, "pictures": found.pictures,
        "pictures_missing": len(found.lost), "pictures_changed": len(found.changed),
    }  # fmt: skip
    record = {"intact": trouble is None, "trouble": trouble.what if trouble else None}
    _tell({**_shape(found.generation), **counts, **record}, json)
    if trouble is not None:
        raise trouble
    if not found.current:
        note("The catalogue has changed since; run `recommender index build`.")


@app.command("rollback")
def rollback(yes: Sure = False, json: JsonFlag = False) -> None:
    """Serve the newest earlier generation that is whole."""
    _tell(_shape(open_wiring().upkeep.rollback(confirmed=yes)), json)


def _shape(generation: Generation) -> dict[str, Any]:
    manifest = generation.manifest
    return {
        "generation": generation.number,
        "vectors": manifest.count,
        "dim": manifest.dim,
        "encoder": manifest.fingerprint,
        "store": manifest.store,
        "fields": ", ".join(f"{name} ({held.count})" for name, held in manifest.fields.items()),
        "created": manifest.created,
    }


def _tell(record: dict[str, Any], json: bool) -> None:
    if json:
        emit(record)
    else:
        table("", ("index", "value"), list(record.items()))
