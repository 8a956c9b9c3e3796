"""`index`: the vectors that searches answer from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.entries import Pictures
from recommender.cli.options import JsonFlag, open_wiring
from recommender.cli.output import emit, note, table

if TYPE_CHECKING:
    from index.generations import Generation

app = typer.Typer(help="Make, check and roll back the index.", no_args_is_help=True)
_FACTS = ("search", "why", "lists", "lists_read", "recall_at_10", "bytes_a_vector")
"""What a store says of itself that a reader can use; the rest is for the store."""


@app.command("build")
def build(
    again: Annotated[
        bool, typer.Option("--encode-again", help="Encode every stored picture again.")
    ] = False,
    pictures: Annotated[
        Pictures, typer.Option("--pictures", help="What the pictures show, as for an import.")
    ] = Pictures.AUTO,
    json: JsonFlag = False,
) -> None:
    """Make the index anew from the database; only what this encoder has not seen is encoded."""
    from recommender.cli.progress import bar

    wiring = open_wiring()
    _ = wiring.database  # refuses where there is no catalogue, instead of making an empty one
    with bar() as progress:
        report = wiring.indexer(progress).rebuild(encode_again=again, pictures=pictures)
    for reject in report.rejects:
        note(f"{reject.sku}: {reject.reason}")
    extra = {
        "encoded": report.encoded, "reread": report.reread, "rejected": len(report.rejects),
    }  # fmt: skip
    _tell({**_shape(report.generation), **extra, "seconds": round(report.seconds, 2)}, json)


@app.command("status")
def status(json: JsonFlag = False) -> None:
    """Say which generation is served, and whether the catalogue has moved on since."""
    from index.catalog import Catalog
    from index.stores import read_facts
    from index.stores.servers import check_served
    from segmentation.errors import Refusal

    wiring = open_wiring()
    with wiring.database.reading() as session:
        catalog = Catalog(session)
        items, revision = catalog.count(), catalog.revisions()[1]
    generation = wiring.generations.current()
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
    from index.inspection import inspect

    wiring = open_wiring()
    try:
        found = inspect(
            wiring.database, wiring.generations, wiring.images, wiring.engine, contents=pictures
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
    told = {"intact": trouble is None, "trouble": trouble.what if trouble else None}
    _tell({**_shape(found.generation), **counts, **told}, json)
    if trouble is not None:
        raise trouble
    if not found.current:
        note("The catalogue has changed since; run `recommender index build`.")


@app.command("rollback")
def rollback(json: JsonFlag = False) -> None:
    """Serve the newest earlier generation that is whole."""
    from index import lock
    from index.stores.servers import check_rollback

    wiring = open_wiring()
    check_rollback(wiring.engine)
    with lock.writer(wiring.settings.home, wiring.database):
        generation = wiring.generations.rollback()
    _tell(_shape(generation), json)


def _shape(generation: Generation) -> dict[str, Any]:
    manifest = generation.manifest
    return {
        "generation": generation.number,
        "vectors": manifest.count,
        "dim": manifest.dim,
        "encoder": manifest.fingerprint,
        "store": manifest.store,
        "created": manifest.created,
    }


def _tell(record: dict[str, Any], json: bool) -> None:
    if json:
        emit(record)
    else:
        table("", ("index", "value"), list(record.items()))
