"""`backup`, `restore` and `catalog copy`: what keeps a catalogue from being lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recommender.cli.terminal.options import JsonFlag, Sure, open_wiring
from recommender.cli.terminal.output import emit, note

if TYPE_CHECKING:
    from index.safekeeping.archive import Contents

Backup = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, one file.")]


def backup(file: Backup, yes: Sure = False, json: JsonFlag = False) -> None:
    """Write database, pictures and index into one file, while servers go on answering."""
    wiring = open_wiring()
    _ = wiring.database  # refuses where there is no catalogue, instead of saving an empty one
    contents = wiring.safekeeper.backup(file, confirmed=yes)
    _tell(file, contents, json=json)
    if contents.missing:
        raise _missing(contents)


def restore(file: Backup, yes: Sure = False, json: JsonFlag = False) -> None:
    """Bring database, pictures and index back from a backup, into an empty home or database."""
    wiring = open_wiring()
    contents = wiring.safekeeper.restore(file, confirmed=yes)
    _tell(file, contents, json=json)
    if wiring.settings.store != "faiss":
        note("The vectors of this store lie on a server: run `recommender index build` to fill it.")
    if contents.missing:
        raise _missing(contents)


def copy(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The database to be filled.")],
    yes: Sure = False,
    json: JsonFlag = False,
) -> None:
    """Copy all rows and vectors to another database, and compare what it holds then."""
    wiring = open_wiring()
    _ = wiring.database  # refuses where there is no catalogue, instead of copying an empty one
    place, copied = wiring.safekeeper.copy_to(to, confirmed=yes)
    if json:
        tables = {name: {"rows": s.rows, "sha256": s.sha256} for name, s in copied.items()}
        emit({"to": place, "tables": tables})
    else:
        counts = (f"{each.rows} {name}" for name, each in copied.items() if each.rows)
        typer.echo(f"copied to {place}, read again and the same: {', '.join(counts) or 'no rows'}")
    note("Set RECOMMENDER_DATABASE_URL to the new database; the index serves it as it is.")


def _tell(file: Path, contents: Contents, *, json: bool) -> None:
    record = {
        "file": str(file),
        "created": contents.created,
        "bytes": file.stat().st_size,
        "items": contents.tables.get("items", 0),
        "vectors": contents.tables.get("vectors", 0),
        "pictures": contents.pictures,
        "pictures_missing": len(contents.missing),
    }
    if json:
        emit(record)
    else:
        typer.echo(", ".join(f"{name} {value}" for name, value in record.items()))


def _missing(contents: Contents) -> Exception:
    from index.errors import CatalogError

    return CatalogError(
        "the backup lacks pictures that items show",
        got=f"{len(contents.missing)} missing or damaged ({', '.join(contents.missing[:3])})",
        expected="every item's picture",
        next_step="All else is in it. Import the feed again to put them back, then back up again.",
    )
