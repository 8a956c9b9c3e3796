"""`webhooks`: which of a shop's own servers are notified of imports and changed items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from recommender.cli.terminal.options import JsonFlag, open_wiring
from recommender.cli.terminal.output import emit, note, table
from recommender.wire.terms import Topic

if TYPE_CHECKING:  # the database is loaded by the command that needs it
    from recommender.webhooks.webhooks import Webhook

app = typer.Typer(help="The shop's own servers that are told what happened.", no_args_is_help=True)


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where deliveries go.")],
    topic: Annotated[
        list[Topic] | None,
        typer.Option("--topic", help="Of what it is told; of everything where not given."),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Add an address, and print the secret that its deliveries are signed with, this once."""
    from recommender.webhooks.sending import check_address, rules_of

    wiring = open_wiring()
    address = check_address(rules_of(wiring.settings.webhooks), url)
    made = wiring.webhooks.add(address, topic or ())
    if json:
        emit({**_shape(made), "secret": made.secret})
        return
    typer.echo(made.secret)
    topics = " and ".join(made.topics)
    note(f"Webhook {made.id} tells {url} of {topics}. The secret is not shown again.")


@app.command("list")
def list_webhooks(json: JsonFlag = False) -> None:
    """List the webhooks, without their secrets, and what has not arrived."""
    found = open_wiring().webhooks.all()
    if json:
        for each in found:
            emit(_shape(each))
        return
    columns = ("id", "address", "of", "waiting", "given up", "last failure")
    rows = [(w.id, w.url, ", ".join(w.topics), w.waiting, w.lost, w.trouble) for w in found]
    table(f"{len(found)} webhooks", columns, rows)


@app.command("remove")
def remove(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `webhooks list` tells it.")],
    json: JsonFlag = False,
) -> None:
    """Tell an address no more; what has not arrived is dropped."""
    open_wiring().webhooks.remove(id)
    if json:
        emit({"removed": id})
    else:
        typer.echo(f"removed: {id}")


def _shape(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "topics": [each.value for each in webhook.topics],
        "created_at": webhook.created_at.isoformat(),
        "waiting": webhook.waiting,
        "given_up": webhook.lost,
        "trouble": webhook.trouble,
    }
