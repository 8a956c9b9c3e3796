"""`samples`: public garments to try the product with, for those with a network."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recommender.cli.terminal.options import JsonFlag, open_wiring
from recommender.cli.terminal.output import emit, note

if TYPE_CHECKING:
    from index.importing.reports import ImportReport
    from recommender.runtime.wiring import Wiring

app = typer.Typer(help="Bring public garments to try the product with.", no_args_is_help=True)


@app.command("fetch")
def fetch(
    *,
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help="A .tar.gz or .zip; else RECOMMENDER_SAMPLES_URL."
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="N", help="Import only N pictures of each kind."),
    ] = None,
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Only fetch; import nothing.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Fetch the public garments, held to their checksum, and index them as a catalogue."""
    from recommender.cli.terminal.transfers import transfer
    from recommender.public_garments import collection, fetching

    public = collection.PUBLIC
    wiring = open_wiring(catalogue=public.name, **({"samples_url": url} if url else {}))
    settings = wiring.settings
    with closing(wiring):
        with transfer("fetching") as report:
            found = fetching.fetch(public, settings.home, settings.samples_url, report)
        note(
            f"{public.pictures} garments {'fetched' if found.anew else 'were there already'}, "
            f"checksum right: {found.folder}"
        )
        note(f"Licence: {public.licence}, from {public.origin}")
        record: dict[str, Any] = {
            "catalogue": public.name,
            "folder": str(found.folder),
            "pictures": public.pictures,
            "fetched": found.anew,
            "licence": public.licence,
        }
        if not no_index:
            imported = _imported(wiring, found.folder, limit)
            record |= {
                "added": imported.added,
                "unchanged": imported.unchanged,
                "rejected": imported.rejected,
                "generation": imported.generation,
                "seconds": round(imported.seconds, 2),
            }
    record["next"] = _next(public.name, found.folder, indexed=not no_index)
    if json:
        emit(record)
    else:
        typer.echo(", ".join(f"{name} {value}" for name, value in record.items() if name != "next"))
        typer.echo(f"Next: {record['next']}")


def _imported(wiring: Wiring, folder: Path, limit: int | None) -> ImportReport:
    from index.importing.reports import ImportOptions
    from index.model.items import Pictures
    from recommender.cli.terminal.progress import bar
    from recommender.public_garments.fetching import few_of

    options = ImportOptions(pictures=Pictures.GARMENTS)
    with few_of(folder, limit) if limit else nullcontext(folder) as source, bar() as progress:
        report = wiring.indexer(progress).import_feed(source, options)
    for reject in report.rejects[:5]:
        note(f"{reject.sku}: {reject.reason}")
    return report


def _next(name: str, folder: Path, *, indexed: bool) -> str:
    """Return the command that goes on from here."""
    command = "demo" if indexed else f"catalog import {folder} --pictures garments"
    return f"RECOMMENDER_CATALOGUE={name} recommender {command}"
