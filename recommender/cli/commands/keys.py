"""`keys`: who may ask the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from recommender.access.scope import Scope
from recommender.cli.terminal.options import JsonFlag, open_wiring
from recommender.cli.terminal.output import emit, note, table

if TYPE_CHECKING:  # the database is loaded by the command that needs it
    from recommender.access.keys import ApiKey

app = typer.Typer(help="Keys to the API.", no_args_is_help=True)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who is to hold it.")],
    scope: Annotated[
        Scope, typer.Option("--scope", help="What it allows; write is read as well, admin is both.")
    ],
    catalog: Annotated[
        str,
        typer.Option(
            "--catalog", metavar="NAME", help="The only catalogue that it opens; else all."
        ),
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Make a key and print it, this once."""
    made = open_wiring().keys.create(name, scope, catalog)
    if json:
        emit({**_shape(made.key), "key": made.text})
        return
    typer.echo(made.text)
    where = f" in the catalogue {catalog!r}" if catalog else ""
    note(f"Key {made.key.id} for {name} may {scope.value}{where}. It is not shown again.")


@app.command("list")
def list_keys(json: JsonFlag = False) -> None:
    """List the keys, without their secrets."""
    keys = open_wiring().keys.all()
    if json:
        for key in keys:
            emit(_shape(key))
        return
    rows = [
        (k.id, k.name, k.scope.value, k.catalogue or "all", f"{k.created_at:%Y-%m-%d %H:%M}")
        for k in keys
    ]
    table(f"{len(keys)} keys", ("id", "name", "scope", "catalogue", "since (UTC)"), rows)


@app.command("revoke")
def revoke(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `keys list` tells it.")],
    json: JsonFlag = False,
) -> None:
    """End a key; a server that runs refuses it within five seconds."""
    open_wiring().keys.revoke(id)
    if json:
        emit({"revoked": id})
    else:
        typer.echo(f"revoked: {id}")


def _shape(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope.value,
        "created_at": key.created_at.isoformat(),
        "catalogue": key.catalogue or None,
    }
