"""`events`: what buyers did with items, and how popular those are because of it."""

from __future__ import annotations

from typing import Annotated

import typer

from recommender.cli.terminal.options import JsonFlag, open_wiring
from recommender.cli.terminal.output import emit, note, table

app = typer.Typer(help="Clicks, carts and purchases, where they are taken.", no_args_is_help=True)


@app.command("export")
def export() -> None:
    """Print all events that are kept, in the order they were sent in, as one JSON object a line."""
    from recommender import serializers

    for each in open_wiring().events.all():
        emit(serializers.event(each).model_dump(mode="json"))


@app.command("popular")
def popular(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    json: JsonFlag = False,
) -> None:
    """List the most popular items, each with its share of what popularity can move."""
    wiring = open_wiring()
    found = sorted(wiring.events.popular().items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
    if json:
        for sku, share in found:
            emit({"sku": sku, "popularity": round(share, 4)})
        return
    if not wiring.settings.events:
        note("Events are switched off: RECOMMENDER_EVENTS=true takes them.")
    rows = [(sku, f"{share:.3f}") for sku, share in found]
    table(f"{len(rows)} popular items", ("sku", "popularity"), rows)
